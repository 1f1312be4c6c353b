"""The transaction engine: one worker, a generator that talks to the host and does one thing at a time.

Its order is: bring a pending reversal through, run the job that the cashier gave, sign in where
the host asked for it. So no request ever overtakes a reversal. Two rules keep the money right:
what could be charged is on the disk (`pending`) before the request leaves, and it stays there
until the host has said what became of it.
"""

import hashlib
import hmac

import messages
from crypto import BadKeys, unwrap_mac_key
from iso8583 import encode
from line import Failed
from reasons import NOT_REVERSED, SAYS_NOTHING, SIGN_IN, SUCCESS, explain, is_unsettled

REMEMBER_CODES = 48 * 3_600_000  # ms
TRIES = 3  # sendings of a reversal in one round


class Cancelled(Exception):
    """The cancel key, thrown into the worker while nothing has been sent."""


class Job:
    """What the cashier asked of the worker.

    `run` is the generator function that does it; a transaction has an entry in the orders under
    `name`, its `kind`, the fields that it carries beyond those of every kind, and a code if it spends one.
    """

    def __init__(self, run, name=None, kind=None, fields=None, code=None):
        self.run, self.name, self.kind, self.fields, self.code = run, name, kind, fields, code
        self.started = self.sent = self.cancelled = False


class Engine:
    """The half of the terminal that faces the host; counter.py has the other half and the state."""

    def work(self):
        state = self.state
        while True:
            if state["pending"] and (self.kicked or self.now >= self.round_at):
                yield from self.reversal_round()
                self.kicked = False
                if state["pending"]:
                    self.decline_what_waits(self.trouble)
            elif self.job:
                self.job.started = True
                try:
                    yield from self.job.run(self.job)
                except Cancelled:
                    self.line.hang_up()
                    self.outcome(self.job.name, "cancelled", "cashier.cancelled")
                self.job = None
            elif state["sign_in"] and not state["pending"] and not self.sign_in_failed:
                yield from self.sign_in_and_tell()
            elif state["pending"]:
                name, _, detail = yield self.round_at
                if name == "link.up":
                    self.round_at = min(self.round_at, max(self.now, self.line.quiet_from()))
                elif name == "answer" and messages.is_answer(detail, self.reversal(), state["pending"]["amount"]):
                    self.is_reversed(detail)
            else:
                self.line.hang_up()
                yield None

    # ---- sending and receiving ----

    def next_stan(self):
        """The next trace number; durable with the save that precedes every sending."""
        stan = self.state["stan"]
        self.state["stan"] = stan % 999_999 + 1
        return "%06d" % stan

    def ready(self):
        """Sees to keys and a connection; raises Failed."""
        if self.state["sign_in"] == "now" or not self.mac_key:
            yield from self.sign_in()
        yield from self.line.connect()

    def complete(self, request):
        request.fields.update({41: self.id, 42: self.merchant})
        return request

    def send(self, request, signed=True):
        """Sends a request, once everything that it means is durable."""
        self.save()
        self.line.send(encode(self.tpdu, request.mti, request.fields, self.mac_key if signed else None))

    def receive(self, requests, until, amount=None, fragile=False):
        """The first answer to one of `requests`. None at `until`, on the cancel key, and when the connection
        ends (with `fragile`, already when its link goes down)."""
        conn = self.line.current
        while self.now < until:
            name, subject, detail = yield until
            if name == "answer" and any(messages.is_answer(detail, request, amount) for request in requests):
                if detail.header[5] == "3" and detail.mti != "0810":
                    self.state["sign_in"] = self.state["sign_in"] or "later"
                return detail
            if fragile and name == "link.down" and self.line.link_of(conn) == subject:
                self.line.close(conn)
                return None
            if name == "cancel" or (name, subject) == ("closed", conn):
                return None
        return None

    def judge(self, answer):
        """approved · unsettled · forged (the MAC of one of us is wrong) · declined"""
        signed = answer.mac_is_right(self.mac_key)
        forged = not signed and (64 in answer or answer[39] in SUCCESS) or answer[39] == "A0"
        if forged or answer[39] in SIGN_IN:
            self.state["sign_in"] = "now"
        if forged:
            return "forged"
        if answer[39] in SUCCESS:
            return "approved"
        return "unsettled" if is_unsettled(answer) else "declined"

    # ---- a transaction ----

    def transact(self, job):
        """One financial transaction, from the first connection to the host's word or to a reversal owed."""
        state, entry = self.state, self.state["orders"][job.name]
        if state["sign_in"]:
            state["sign_in"] = "now"
        try:
            yield from self.ready()
        except Failed as failure:
            return self.outcome(job.name, "declined", failure.reason, failure.advice, **failure.facts)
        entry.update(batch=state["batch"], stan=self.next_stan())
        state["pending"] = {"name": job.name, **{key: entry[key] for key in ("kind", "amount", "batch", "stan")}}
        state["open"] = None
        if job.code:
            self.remember_code(job.code)
        request = self.complete(messages.financial(entry, job.fields))
        job.sent = True
        self.send(request)
        first = yield from self.receive([request], self.now + self.timing["responseTimeoutMs"], entry["amount"])
        if job.cancelled:
            return self.owe_reversal("06", "cashier.cancelled")
        if first is None:
            self.line.give_up()
            return self.owe_reversal("98", "network.timeout")
        answer, verdict = first, self.judge(first)
        if verdict == "forged":
            return self.owe_reversal("A0", "network.security")
        if verdict == "unsettled" or first[39] == "94":
            at = self.now
            if verdict == "unsettled":
                self.say_unknown(first)
                at += self.timing["queryIntervalMs"]
            answer = yield from self.inquire(job, at, self.now + self.timing[job.kind.window])
        if job.cancelled:
            return self.owe_reversal("06", "cashier.cancelled")
        if answer is None or answer[39] == "25" and verdict == "unsettled":
            return self.owe_reversal("98", entry["outcome"].get("reason") or explain(first)[0])
        self.settle(job.name, answer, first if answer[39] in (first[39], "25") else answer)

    def inquire(self, job, at, end):
        """Queries from `at` on until the host knows; the answer that settles it, None at `end` or on cancel."""
        entry, interval, asked = self.state["orders"][job.name], self.timing["queryIntervalMs"], []
        while True:
            while self.now < min(at, end) and not job.cancelled:
                yield min(at, end)
            if job.cancelled or self.now >= end:
                return None
            try:
                yield from self.ready()
            except Failed:
                at = self.now + max(interval, 10_000)
                continue
            if job.cancelled or self.now >= end:
                return None
            asked.append(self.complete(messages.query(entry, self.next_stan(), self.state["batch"])))
            self.send(asked[-1])
            at = self.now + interval
            while self.now < min(at, end):
                answer = yield from self.receive(asked, min(at, end), entry["amount"])
                if answer is None:
                    if not self.line.current:
                        at = max(at, self.now + 6_000)  # a host that hangs up is not to be flooded
                    break
                verdict = self.judge(answer)
                if verdict in ("approved", "declined") and answer[39] not in SAYS_NOTHING:
                    return answer
                if verdict == "unsettled" and answer[39] == "09":
                    self.say_unknown(answer)

    def settle(self, name, answer, explained):
        """The host's definite word: approved or declined."""
        entry, code = self.state["orders"][name], answer[39]
        self.state["pending"] = None
        if code not in SUCCESS:
            return self.outcome(name, "declined", *explain(explained), hostCode=code)
        clock = messages.host_time(self.now, answer) or messages.china_time(self.now + self.state["ahead"])
        entry.update(when=clock.strftime("%Y-%m-%d %H:%M:%S"), date=clock.strftime("%m%d"), auth=answer.text(38))
        rrn = {"rrn": answer.text(37)} if answer.text(37) else {}
        self.outcome(name, "approved", amount=int(answer[4]), hostCode=code, **rrn)
        self.print_or_keep(entry)
        if answer.header[5] == "6":
            self.display(reason="device.interface")

    def say_unknown(self, answer):
        """Not final; said once as long as the reason is the same."""
        reason = explain(answer)[0]
        if self.state["orders"][self.job.name]["outcome"].get("reason") != reason:
            advice = ["confirm-on-phone", "connect-phone", "wait"] if reason == "phone.unconfirmed" else ["wait"]
            self.outcome(self.job.name, "unknown", reason, advice)

    def code_digest(self, code):
        return hmac.new(self.master_key, code.encode(), hashlib.sha256).hexdigest()[:16]

    def remember_code(self, code):
        sent = self.state["codes"]
        self.state["codes"] = {digest: at for digest, at in sent.items() if at > self.now - REMEMBER_CODES}
        self.state["codes"][self.code_digest(code)] = self.now

    # ---- reversal ----

    def reversal(self):
        return self.complete(messages.reversal(self.state["pending"]))

    def owe_reversal(self, code, why):
        """From here on the order is given up: no answer revives it, only its reversal ends it."""
        pending = self.state["pending"]
        pending.update(reverse=code, why=why)
        self.kicked = True
        if self.state["orders"][pending["name"]]["outcome"].get("reason") != why:
            self.outcome(pending["name"], "unknown", why, ["wait"])

    def reversal_round(self):
        """Three tries; afterwards the record waits for the next round, a little longer each time."""
        pending, retry = self.state["pending"], self.timing["reversalRetryMs"]
        self.line.hang_up(keep=self.line.current)
        for _ in range(TRIES):
            until, answer = self.now + retry, None
            try:
                yield from self.ready()
                until = self.now + retry
                self.send(self.reversal())
            except Failed as failure:
                self.trouble = failure.reason
                if failure.reason == "network.no-signal":
                    break
            else:
                self.trouble = "network.timeout"
            while self.now < until:
                answer = (yield from self.receive([self.reversal()], until, pending["amount"])) or answer
                if answer and self.is_reversed(answer):
                    return
                if answer and self.state["sign_in"] == "now":
                    break
            if not answer:
                self.line.give_up()
        self.rounds += 1
        pause = self.timing["reversalRoundMs"] * min(self.rounds, 2)
        self.round_at = max(self.now + pause, self.line.quiet_from())

    def is_reversed(self, answer):
        """Judges the answer to a reversal; a definite one ends the order."""
        code, pending = answer[39], self.state["pending"]
        if code in SIGN_IN or code not in NOT_REVERSED and not answer.mac_is_right(self.mac_key):
            self.state["sign_in"], self.trouble = "now", "network.security"
            return False
        if code in NOT_REVERSED:
            self.trouble = "host.maintenance" if code == "91" else "network.timeout"
            return False
        self.state["pending"], self.rounds = None, 0
        self.outcome(pending["name"], "cancelled", pending["why"], hostCode=code)
        return True

    # ---- sign-in and look-up ----

    def sign_in(self):
        """Fetches working keys and the batch; raises Failed."""
        self.sign_in_failed = True  # unless it comes to its end below
        for _ in range(2):  # a connection that dies under a sign-in costs nothing: once more on the next
            yield from self.line.connect()
            until = self.now + self.timing["responseTimeoutMs"]
            self.state["sign_in"] = "now"  # the host may change the keys even if its answer never arrives
            request = self.complete(messages.sign_in(self.next_stan(), self.state["batch"], self.id))
            self.send(request, signed=False)
            answer = yield from self.receive([request], until, fragile=True)
            if answer or self.now >= until:
                break
        if answer is None:
            self.line.give_up()
            raise Failed("network.timeout")
        if answer[39] != "00":
            raise Failed(*explain(answer), hostCode=answer[39])
        try:
            self.mac_key = unwrap_mac_key(self.master_key, answer.fields.get(62, b""))
        except BadKeys:
            self.mac_key = self.state["keys"] = None
            raise Failed("network.security") from None
        self.sign_in_failed = False
        self.state.update(keys=answer[62].hex(), sign_in=None)
        batch, clock = answer.fields.get(60, "")[2:8], messages.host_time(self.now, answer)
        if len(batch) == 6 and int(batch):
            self.state["batch"] = batch
        if clock:
            self.state["ahead"] = round(clock.timestamp() * 1000) - self.now
        self.save()

    def sign_in_and_tell(self, _job=None):
        self.display("signing-in")
        try:
            yield from self.sign_in()
            self.display("signed-in")
        except Failed as failure:
            self.display(reason=failure.reason, advice=failure.advice)

    def look_up(self, job):
        """Asks the host about an order; a final word stays what it was, whatever the host says now."""
        entry, trouble = self.state["orders"][job.name], None
        try:
            if "stan" in entry:
                yield from self.ready()
                request = self.complete(messages.query(entry, self.next_stan(), self.state["batch"]))
                self.send(request)
                until = self.now + self.timing["responseTimeoutMs"]
                answer = yield from self.receive([request], until, entry["amount"])
                if answer is None:
                    self.line.give_up()
                    raise Failed("network.timeout")
                self.judge(answer)
        except Failed as failure:
            trouble = failure
        self.tell(entry)
        if trouble:
            self.display(reason=trouble.reason, advice=trouble.advice)
