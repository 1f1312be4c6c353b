"""The terminal as the shop sees it: the events of cashier, scanner, printer and modem.

Everything here answers at once; what must wait for the host is a job for the worker (payment.py).
"""

from __future__ import annotations

from typing import Any, Optional

import codes
import messages
from desk import Entry
from messages import KINDS
from payment import Cancelled
from selftest import SelfTest
from session import Job
from settlement import Settlement
from texts import yuan

MOST = 999_999_999_999  # fen, twelve digits
COUNT = 999  # the most that three digits count, in the totals of a batch
SAME_SCAN = 60  # a second read of the same text within such a part of scanTimeoutMs is the same read
FLOWS = ("scan", "show")  # rows of messages.KINDS

# Events and their members; an event of a capability that is not claimed is not here.
EVENTS = {
    "wake": (), "cashier.pay": ("order", "amount", "flow"), "cashier.cancel": (), "cashier.manualCode": ("text",),
    "cashier.refund": ("order", "amount"), "cashier.void": ("order",), "cashier.settle": (), "cashier.signIn": (),
    "cashier.status": ("order",), "cashier.reprint": (), "cashier.selfTest": (), "cashier.deviceLog": (),
    "scanner.read": ("text",), "scanner.fault": ("kind",), "printer.fault": ("kind",),
    "link.down": ("link",), "link.up": ("link",), "host.opened": ("conn",), "host.refused": ("conn", "reason"),
    "host.data": ("conn", "data"), "host.closed": ("conn", "reason"),
}


class Unsupported(Exception):
    """An event that this terminal does not know; nothing has changed."""


class Invalid(Exception):
    """An event without its members; nothing has changed."""


class Terminal(Settlement, SelfTest):
    """The whole terminal: hand it events, get actions. One object lives from one start to the next."""

    def __init__(self, params: dict):
        super().__init__(params)
        self.scan: Optional[dict] = None  # {name, deadline} while a code is waited for
        self.last_read, self.scanner_dead = ("", 0), False

    # ---- the port: an event in, actions out ----

    def handle(self, at: int, event: dict) -> dict:
        name = event.get("type")
        if name not in EVENTS or name == "cashier.pay" and event.get("flow") not in FLOWS:
            raise Unsupported(name)
        if any(member not in event for member in EVENTS[name]):
            raise Invalid(name)
        members = [event[member] for member in EVENTS[name]]
        self.now, self.actions = max(self.now, at), []
        if self.worker:  # the last answer was read, or there would be no next event
            self.state.update(told=[], settled=None)
        else:
            self.boot()
        getattr(self, "on_" + name.replace(".", "_"))(*members)
        if self.scan and self.now >= self.scan["deadline"]:
            self.end_scan("declined", "device.scanner" if self.scanner_dead else "code.unreadable")
        while self.until is not None and self.now >= self.until:
            self.feed("time")
        if self.showing and any(action["type"] == "display" for action in self.actions):
            self.act("showCode", payload=self.showing)  # a display has taken its place on the screen
        return {"actions": self.actions, "wakeAt": self.wake_at()}

    def wake_at(self) -> Optional[int]:
        if not self.worker:
            owed = ("open", "pending", "settlement", "told", "settled")
            return self.now if self.journal.damage or any(self.state[what] for what in owed) else None
        instants = (self.until, self.scan and self.scan["deadline"])
        return min((max(instant, self.now) for instant in instants if instant is not None), default=None)

    def boot(self) -> None:
        """What a restart owes: repeat the last word, end what was not sent, find out or reverse what was."""
        state, pending = self.state, self.state["pending"]
        if self.journal.damage:
            self.note("storage", self.journal.damage)
            self.display(self.journal.damage, reason="device.storage")
        if self.journal.state:
            self.note("power", "restarted")
        for name, entry in state["entries"].items():
            if name in state["told"]:
                self.tell(entry)
            if name in state["told"] or entry.get("due"):
                self.print_or_keep(entry, again=True)
        if state["settled"]:
            self.act("settled", **state["settled"])
        if state["open"]:
            self.outcome(state["open"], "declined", "device.power")
        if state["settlement"]:
            self.job = Job(self.settle_batch, waits=True)
        if pending:
            if KINDS[pending["kind"]].queried and "reverse" not in pending:
                self.job = Job(self.find_out, pending["name"])
            else:
                pending.setdefault("reverse", "98")
            pending.setdefault("why", "device.power")
            self.kicked = True
            self.outcome(pending["name"], "unknown", pending["why"], ["wait"])
        self.worker = self.work()
        self.until = next(self.worker)

    # ---- the cashier ----

    def on_wake(self) -> None:
        pass

    def on_cashier_pay(self, order: str, amount: Any, flow: str) -> None:
        paid = self.payment(order)
        status = self.status(paid)
        if status == "approved":
            if self.left(order):
                self.act("outcome", **paid["outcome"])
            return self.display(reason="host.duplicate", advice=["call-support"])
        if status == "unknown":
            return self.tell(paid)
        if status == "open":
            return self.display("running", reason="device.busy")
        name = self.new_entry(flow, order, amount)
        reason = self.obstacle(amount, self.batch_limit)
        if reason:
            return self.outcome(name, "declined", reason)
        self.state["open"] = name
        self.save()
        if flow == "show":
            return self.transact_now(name)
        self.scan = {"name": name, "deadline": self.now + self.timing["scanTimeoutMs"]}
        self.act("scanner.on")
        self.display("scan", amount=yuan(amount))
        if self.scanner_dead:
            self.offer_keypad()
        self.begin()

    def on_cashier_refund(self, order: str, amount: Any) -> None:
        self.undo("refund", self.payment(order), order, amount)

    def on_cashier_void(self, order: str) -> None:
        paid = self.payment(order)
        whole = paid and paid["outcome"].get("amount") or 0
        last = paid and paid.get("batch") == self.state["batch"] and self.left(order) == whole
        self.undo("void", paid, order, whole if last else 0)

    def undo(self, kind: str, paid: Optional[Entry], order: str, amount: Any) -> None:
        """A refund or a void: of what was paid and is left, nothing else."""
        facts = {key: paid[key] for key in ("mode", "code", "wallet") if key in paid} if paid else {}
        name = self.new_entry(kind, order, amount, **facts)
        reason = self.obstacle(amount) if paid else "input.unknown-order"
        if not reason and amount > self.left(order):
            reason = "input.invalid"
        if reason:
            return self.outcome(name, "declined", reason)
        self.state["open"] = name
        self.save()
        self.transact_now(name, messages.undo(paid, with_auth=kind == "void"))

    def obstacle(self, amount: Any, limit: int = COUNT) -> Optional[str]:
        """Why nothing of this amount can be begun now, in a batch that takes `limit` entries."""
        if self.lost:
            return "device.storage"
        if self.scan or self.job:
            return "device.busy"
        if type(amount) is not int or not 0 < amount <= MOST:
            return "input.invalid"
        full = self.state["settlement"] or len(self.booked(self.state["batch"])) >= min(limit, COUNT)
        return "device.batch-full" if full else None

    def transact_now(self, name: str, fields: Optional[dict] = None, code: Optional[str] = None) -> None:
        self.job = Job(self.transact, name, fields or {}, code, waits=True)
        self.display("reversing" if self.state["pending"] else "working")
        self.begin()

    def on_cashier_cancel(self) -> None:
        job = self.job
        if self.scan:
            self.end_scan("cancelled", "cashier.cancelled")
        elif not job or not job.waits or not job.name or self.state["entries"][job.name]["kind"] not in FLOWS:
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

    def on_cashier_manualCode(self, text: str) -> None:
        if self.scan:
            self.take(codes.clean(text).replace(" ", ""))

    def on_cashier_signIn(self) -> None:
        self.start(Job(self.sign_in_and_tell))

    def on_cashier_settle(self) -> None:
        self.start(Job(self.settle_batch, waits=True))

    def on_cashier_status(self, order: str) -> None:
        entry = self.payment(order)
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
            self.start(Job(self.look_up, self.payment_name(order)))

    def on_cashier_reprint(self) -> None:
        printed = [entry for entry in self.state["entries"].values() if self.status(entry) == "approved"]
        if printed:
            self.print_or_keep(printed[-1], again=True)
        else:
            self.display("no-receipt", reason="input.unknown-order")

    def on_cashier_selfTest(self) -> None:
        self.start(Job(self.self_test), trades=False)

    def on_cashier_deviceLog(self) -> None:
        self.act("deviceLog", entries=self.state["log"])

    def start(self, job: Job, trades: bool = True) -> None:
        if self.scan or self.job:
            self.display(reason="device.busy")
        elif self.lost and trades:
            self.display(reason="device.storage")
        else:
            self.job = job
            self.begin()

    def begin(self) -> None:
        """A new operation is the occasion to try a pending reversal or a sign-in again."""
        self.sign_in_failed, self.kicked = False, True
        self.feed("kick")

    # ---- scanner and printer ----

    def on_scanner_read(self, text: str) -> None:
        if self.scanner_dead:
            self.on_scanner_fault("ok")
        code = codes.clean(text)
        same = code == self.last_read[0] and self.now - self.last_read[1] <= self.timing["scanTimeoutMs"] // SAME_SCAN
        if self.scan and not same:
            self.last_read = (code, self.now)
            self.take(code)

    def on_scanner_fault(self, kind: str) -> None:
        self.note("scanner", kind)
        self.scanner_dead = kind == "dead" or self.scanner_dead and kind != "ok"
        if self.scan and kind == "dead":
            self.offer_keypad()
        elif self.scan and kind == "no-decode":
            self.display("keypad", reason="code.unreadable")
        elif self.scan and kind == "timeout":
            self.end_scan("declined", "code.unreadable")

    def offer_keypad(self) -> None:
        self.display("keypad", reason="device.scanner")

    def take(self, code: str) -> None:
        """The text read or typed: refused at once, or a payment for the worker."""
        if not codes.wallet_of(code):
            self.end_scan("declined", "code.unknown")
        elif self.code_digest(code) in self.state["codes"]:
            self.end_scan("declined", "code.used")
        else:
            name, self.scan = self.scan["name"], None
            self.state["entries"][name].update(code=codes.masked(code), wallet=codes.wallet_of(code))
            self.act("scanner.off")
            self.transact_now(name, {59: "A3%03d%s" % (len(code), code)}, code)

    def end_scan(self, status: str, reason: str) -> None:
        name, self.scan = self.scan["name"], None
        self.act("scanner.off")
        self.outcome(name, status, reason)

    def decline_what_waits(self, reason: str) -> None:
        if self.scan:
            self.end_scan("declined", reason)
        super().decline_what_waits(reason)

    def on_printer_fault(self, kind: str) -> None:
        self.state["paper"] = kind == "ok"
        self.note("printer", kind)
        if kind != "ok":
            return self.display(reason="device.printer")
        for entry in self.state["entries"].values():
            if entry.get("due"):
                self.print_or_keep(entry)

    # ---- links and host ----

    def on_link_down(self, link: str) -> None:
        self.line.down.add(link)
        self.note("link", link + " down")
        self.feed("link.down", link)

    def on_link_up(self, link: str) -> None:
        self.line.down.discard(link)
        self.note("link", link + " up")
        self.feed("link.up", link)

    def on_host_opened(self, conn: int) -> None:
        if conn in self.line.conns:
            self.feed("opened", conn)

    def on_host_refused(self, conn: int, reason: str) -> None:
        if self.line.forget(conn):
            self.feed("refused", conn, reason)

    def on_host_closed(self, conn: int, reason: str) -> None:
        if self.line.forget(conn):
            self.feed("closed", conn, reason)

    def on_host_data(self, conn: int, data: str) -> None:
        for message in self.line.messages(conn, bytes.fromhex(data)):
            self.feed(*("answer", conn, message) if message else ("closed", conn, "garbage"))
