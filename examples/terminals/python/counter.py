"""The terminal as the shop sees it: cashier, scanner, printer, orders and what is said about them.

Everything here answers at once; what must wait for the host is a job for the worker (payment.py).
"""

import codes
from crypto import BadKeys, unwrap_mac_key
from journal import Journal
from line import Line
from messages import KINDS
from payment import Cancelled, Engine, Job
from reasons import ADVICE
from receipt import receipt
from texts import Texts, yuan

MOST = 999_999_999_999  # fen, twelve digits
REMEMBER_ORDERS = 1000
SAME_SCAN = 1000  # ms within which a second read of the same text is the same read

# Events and their members; an event of a capability that is not claimed is not here.
EVENTS = {
    "wake": (), "cashier.pay": ("order", "amount", "flow"), "cashier.cancel": (), "cashier.manualCode": ("text",),
    "cashier.signIn": (), "cashier.status": ("order",), "scanner.read": ("text",), "scanner.fault": ("kind",),
    "link.down": ("link",), "link.up": ("link",), "host.opened": ("conn",), "host.refused": ("conn", "reason"),
    "host.data": ("conn", "data"), "host.closed": ("conn", "reason"), "printer.fault": ("kind",),
}
FLOWS = {"scan"}  # rows of messages.KINDS


class Unsupported(Exception):
    """An event that this terminal does not know; nothing has changed."""


class Invalid(Exception):
    """An event without its members; nothing has changed."""


class Terminal(Engine):
    """The whole terminal: hand it events, get actions. One object lives from one start to the next."""

    def __init__(self, params):
        device, self.timing, self.now = params["terminal"], params["timing"], params["now"]
        self.id, self.merchant, self.tpdu = device["id"], device["merchant"], device["tpdu"]
        self.master_key, self.batch_limit = bytes.fromhex(device["masterKey"]), device["batchLimit"]
        self.texts = Texts(params["locale"])
        self.line = Line(self, [link["name"] for link in params["host"]["links"]], self.timing["connectTimeoutMs"])
        self.scan = None  # {order, deadline} while a code is waited for
        self.job = None  # of the worker, not yet finished
        self.worker, self.until = None, None  # it wants to be woken at `until`
        self.actions, self.last_read, self.scanner_dead = [], ("", 0), False
        self.kicked = False  # a round of the pending reversal is wanted at once
        self.sign_in_failed = False  # not again before the next operation
        self.round_at, self.rounds, self.trouble = self.now, 0, "network.timeout"  # of the pending reversal
        self.journal = Journal(params["storage"], params["boot"] == "factory")
        self.lost = self.journal.damage == "lost"
        self.state = self.journal.state or {
            "stan": device["firstStan"], "batch": "%06d" % device["firstBatch"],
            "keys": None,  # DE62 of the last sign-in, still wrapped under the master key
            "sign_in": None,  # "now": before the next message; "later": after the transaction
            "ahead": 0,  # ms by which the host's clock is ahead
            "codes": {},  # digest of every code that was sent -> when
            "open": None,  # the order that is being taken, nothing sent
            "pending": None,  # what was sent and is not settled
            "told": [],  # names of entries whose final word may not have been heard
            "orders": {},  # name -> entry; the name of a payment is its order
            "paper": True}
        if self.journal.damage == "restored":
            self.next_stan()  # the damaged copy may have been one ahead
        try:
            self.mac_key = unwrap_mac_key(self.master_key, bytes.fromhex(self.state["keys"] or ""))
        except BadKeys:
            self.mac_key = None
        if self.journal.damage or not self.journal.state:
            self.save()

    # ---- the port: an event in, actions out ----

    def handle(self, at, event):
        name = event.get("type")
        if name not in EVENTS or name == "cashier.pay" and event.get("flow") not in FLOWS:
            raise Unsupported(name)
        if any(member not in event for member in EVENTS[name]):
            raise Invalid(name)
        members = [event[member] for member in EVENTS[name]]
        self.now, self.actions = max(self.now, at), []
        if self.worker:
            self.state["told"] = []  # the last answer was read, or there would be no next event
        else:
            self.boot()
        getattr(self, "on_" + name.replace(".", "_"))(*members)
        if self.scan and self.now >= self.scan["deadline"]:
            self.end_scan("declined", "device.scanner" if self.scanner_dead else "code.unreadable")
        while self.until is not None and self.now >= self.until:
            self.feed("time")
        return {"actions": self.actions, "wakeAt": self.wake_at()}

    def wake_at(self):
        if not self.worker:
            owed = self.journal.damage or self.state["open"] or self.state["pending"] or self.state["told"]
            return self.now if owed else None
        instants = (self.until, self.scan and self.scan["deadline"])
        return min((max(instant, self.now) for instant in instants if instant is not None), default=None)

    def boot(self):
        """What a restart owes: repeat the last word, end what was not sent, reverse what was."""
        state, pending = self.state, self.state["pending"]
        if self.journal.damage:
            self.display(self.journal.damage, reason="device.storage")
        for name, entry in state["orders"].items():
            if name in state["told"]:
                self.tell(entry)
            if name in state["told"] or entry.get("due"):
                self.print_or_keep(entry, again=True)
        if state["open"]:
            self.outcome(state["open"], "declined", "device.power")
        if pending:
            pending.setdefault("reverse", "98")
            pending.setdefault("why", "device.power")
            self.kicked = True
            self.outcome(pending["name"], "unknown", pending["why"], ["wait"])
        self.worker = self.work()
        self.until = next(self.worker)

    def act(self, kind, **members):
        self.actions.append({"type": kind, **members})

    def display(self, prompt=None, reason=None, advice=None, **values):
        """A prompt, a problem with its advice, or both."""
        lines = [self.texts.prompt(prompt, **values)] if prompt else []
        if not reason:
            return self.act("display", lines=lines)
        advice = advice or ADVICE[reason]
        self.act("display", lines=lines + self.texts.problem(reason, advice), reason=reason, advice=advice)

    def save(self):
        if not self.lost:
            self.journal.save(self.state)

    def feed(self, name, subject=None, detail=None):
        self.until = self.worker.send((name, subject, detail))

    # ---- the cashier ----

    def on_wake(self):
        pass

    def on_cashier_pay(self, order, amount, flow):
        orders = self.state["orders"]
        status = self.status(orders.get(order))
        if status == "approved":
            self.act("outcome", **orders[order]["outcome"])
            return self.display(reason="host.duplicate", advice=["call-support"])
        if status == "unknown":
            return self.tell(orders[order])
        if status == "open":
            return self.display("running", reason="device.busy")
        in_batch = [entry for entry in orders.values()
                    if self.status(entry) == "approved" and entry["batch"] == self.state["batch"]]
        self.new_order(order, amount, flow)
        if self.lost:
            self.outcome(order, "declined", "device.storage")
        elif self.scan or self.job:
            self.outcome(order, "declined", "device.busy")
        elif type(amount) is not int or not 0 < amount <= MOST:
            self.outcome(order, "declined", "input.invalid")
        elif len(in_batch) >= self.batch_limit:
            self.outcome(order, "declined", "device.batch-full")
        else:
            self.state["open"] = order
            self.save()
            self.scan = {"order": order, "deadline": self.now + self.timing["scanTimeoutMs"]}
            self.act("scanner.on")
            self.display("scan", amount=yuan(amount))
            if self.scanner_dead:
                self.offer_keypad()
            self.begin()

    def on_cashier_cancel(self):
        job = self.job
        if self.scan:
            self.end_scan("cancelled", "cashier.cancelled")
        elif not job or not job.kind or job.kind.operation != "pay":
            return
        elif not job.started:
            self.job = None
            self.outcome(job.name, "cancelled", "cashier.cancelled")
        elif not job.sent:
            self.until = self.worker.throw(Cancelled())
        elif not job.cancelled:
            job.cancelled = True
            self.outcome(job.name, "unknown", "cashier.cancelled", ["wait"])
            self.feed("cancel")

    def on_cashier_manualCode(self, text):
        if self.scan:
            self.take(codes.clean(text).replace(" ", ""))

    def on_cashier_signIn(self):
        self.start(Job(self.sign_in_and_tell))

    def on_cashier_status(self, order):
        entry = self.state["orders"].get(order)
        if not entry:
            self.tell({"outcome": self.word(order, "pay", "declined", "input.unknown-order")})
        elif self.status(entry) == "unknown":
            self.tell(entry)
            self.begin()
        elif self.scan or self.job:
            if entry["outcome"]:
                self.tell(entry)
            self.display(reason="device.busy")
        else:
            self.start(Job(self.look_up, order))

    def start(self, job):
        if self.lost or self.scan or self.job:
            self.display(reason="device.storage" if self.lost else "device.busy")
        else:
            self.job = job
            self.begin()

    def begin(self):
        """A new operation is the occasion to try a pending reversal or a sign-in again."""
        self.sign_in_failed, self.kicked = False, True
        self.feed("kick")

    # ---- scanner and printer ----

    def on_scanner_read(self, text):
        self.scanner_dead = False
        code = codes.clean(text)
        same = code == self.last_read[0] and self.now - self.last_read[1] <= SAME_SCAN
        if self.scan and not same:
            self.last_read = (code, self.now)
            self.take(code)

    def on_scanner_fault(self, kind):
        self.scanner_dead = kind == "dead" or self.scanner_dead and kind != "ok"
        if self.scan and kind == "dead":
            self.offer_keypad()
        elif self.scan and kind == "no-decode":
            self.display("keypad", reason="code.unreadable")
        elif self.scan and kind == "timeout":
            self.end_scan("declined", "code.unreadable")

    def offer_keypad(self):
        self.display("keypad", reason="device.scanner")

    def take(self, code):
        """The text read or typed: refused at once, or a payment for the worker."""
        if not codes.wallet_of(code):
            self.end_scan("declined", "code.unknown")
        elif self.code_digest(code) in self.state["codes"]:
            self.end_scan("declined", "code.used")
        else:
            order, self.scan = self.scan["order"], None
            entry = self.state["orders"][order]
            entry.update(code=codes.masked(code), wallet=codes.wallet_of(code))
            self.job = Job(self.transact, order, KINDS[entry["kind"]], {59: "A3%03d%s" % (len(code), code)}, code)
            self.act("scanner.off")
            self.display("reversing" if self.state["pending"] else "working")
            self.feed("kick")

    def end_scan(self, status, reason):
        order, self.scan = self.scan["order"], None
        self.act("scanner.off")
        self.outcome(order, status, reason)

    def decline_what_waits(self, reason):
        """A payment is held for one round of the reversal before it, not longer."""
        if self.scan:
            self.end_scan("declined", reason)
        elif self.job and self.job.kind:
            name, self.job = self.job.name, None
            self.outcome(name, "declined", reason)

    def on_printer_fault(self, kind):
        self.state["paper"] = kind == "ok"
        self.save()
        if kind != "ok":
            return self.display(reason="device.printer")
        for entry in self.state["orders"].values():
            if entry.get("due"):
                self.print_or_keep(entry)

    def print_or_keep(self, entry, again=False):
        """Both copies of a receipt; without paper they stay due."""
        if self.status(entry) != "approved":
            return
        if not self.state["paper"]:
            return self.display("printer", reason="device.printer")
        entry["due"] = False
        for copy in ("merchant", "customer"):
            self.act("print", copy=copy, lines=receipt(self.texts, copy, entry, self.merchant, self.id, again))

    # ---- orders and what is said about them ----

    @staticmethod
    def status(entry):
        """open (no word yet) · approved · declined · cancelled · unknown; None for an order never heard of."""
        return entry and entry["outcome"].get("status", "open")

    def new_order(self, order, amount, kind):
        orders = self.state["orders"]
        orders.pop(order, None)
        final = [name for name, entry in orders.items() if self.status(entry) not in ("open", "unknown")]
        for name in final[:max(0, len(orders) + 1 - REMEMBER_ORDERS)]:
            del orders[name]
        orders[order] = {"order": order, "kind": kind, "amount": amount, "outcome": {}}

    @staticmethod
    def word(order, operation, status, reason=None, advice=None, **facts):
        if reason:
            facts.update(reason=reason, advice=advice or ADVICE[reason])
        return dict(order=order, operation=operation, status=status, **facts)

    def outcome(self, name, status, reason=None, advice=None, **facts):
        """The terminal's word on an entry: durable first, then said."""
        entry = self.state["orders"][name]
        entry["outcome"] = self.word(entry["order"], KINDS[entry["kind"]].operation, status, reason, advice, **facts)
        entry["due"] = status == "approved" and not self.state["paper"]
        if name == self.state["open"]:
            self.state["open"] = None
        if status != "unknown":
            self.state["told"].append(name)
        self.save()
        self.tell(entry)

    def tell(self, entry):
        word = entry["outcome"]
        status, reason = word["status"], word.get("reason")
        self.act("outcome", **word)
        if status == "approved":
            rest = entry["amount"] - word["amount"]
            self.display("partial" if rest else "approved", amount=yuan(word["amount"]), rest=yuan(rest))
        else:
            head = {"unknown": "waiting" if reason == "phone.unconfirmed" else "checking"}.get(status, status)
            self.display(head, reason=reason, advice=word["advice"])

    # ---- links and host ----

    def on_link_down(self, link):
        self.line.down.add(link)
        self.feed("link.down", link)

    def on_link_up(self, link):
        self.line.down.discard(link)
        self.feed("link.up", link)

    def on_host_opened(self, conn):
        if conn in self.line.conns:
            self.feed("opened", conn)

    def on_host_refused(self, conn, reason):
        if self.line.forget(conn):
            self.feed("refused", conn, reason)

    def on_host_closed(self, conn, reason):
        if self.line.forget(conn):
            self.feed("closed", conn, reason)

    def on_host_data(self, conn, data):
        for message in self.line.messages(conn, bytes.fromhex(data)):
            self.feed(*("answer", conn, message) if message else ("closed", conn, "garbage"))
