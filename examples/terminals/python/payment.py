"""The transaction engine: one worker, a generator that talks to the host and does one thing at a time.

Its order is: bring a pending reversal through, run the job that the cashier gave, sign in where
the host asked for it. So no request ever overtakes a reversal. Two rules keep the money right:
what could move money is on the disk (`pending`) before the request leaves, and it stays there
until the host has said what became of it. Payments of both flows, refunds and voids all go this way.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Optional

import emvco
import messages
from iso8583 import Message
from line import Failed, Wait
from messages import KINDS
from reasons import NOT_REVERSED, SAYS_NOTHING, SIGN_IN, SUCCESS, explain
from session import Job, Session

REMEMBER_CODES = 48 * 3_600_000  # ms
TRIES = 3  # sendings of a reversal, or of a settlement message, in one round


class Cancelled(Exception):
    """The cancel key, thrown into the worker while nothing has been sent."""


class Engine(Session):
    """The half of the terminal that brings transactions to their end; counter.py has the other half."""

    def __init__(self, params: dict):
        super().__init__(params)
        self.job: Optional[Job] = None  # of the worker, not yet finished
        self.worker, self.until = None, None  # it wants to be woken at `until`
        self.kicked = False  # a round of the pending reversal is wanted at once
        self.round_at, self.rounds, self.trouble = self.now, 0, "network.timeout"  # of the pending reversal

    def feed(self, name: str, subject=None, detail=None) -> None:
        self.until = self.worker.send((name, subject, detail))

    def work(self) -> Wait:
        state = self.state
        while True:
            owed = state["pending"] and "reverse" in state["pending"]
            if owed and (self.kicked or self.now >= self.round_at):
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
            elif state["sign_in"] and not owed and not self.sign_in_failed:
                yield from self.sign_in_and_tell()
            elif owed:
                name, _, detail = yield self.round_at
                if name == "link.up":
                    self.round_at = min(self.round_at, max(self.now, self.line.quiet_from()))
                elif name == "answer" and messages.is_answer(detail, self.reversal(), state["pending"]["amount"]):
                    self.is_reversed(detail)
            else:
                self.line.hang_up()
                yield None

    def decline_what_waits(self, reason: str) -> None:
        """Nothing is held for longer than one round of the reversal before it."""
        job = self.job
        if job and job.waits:
            self.job = None
            if job.name:
                self.outcome(job.name, "declined", reason)
            else:
                self.display(reason=reason)

    # ---- a transaction ----

    def transact(self, job: Job) -> Wait:
        """One financial transaction, from the first connection to the host's word or to a reversal owed."""
        state, entry = self.state, self.state["entries"][job.name]
        if state["sign_in"]:
            state["sign_in"] = "now"
        try:
            yield from self.ready()
        except Failed as failure:
            return self.outcome(job.name, "declined", failure.reason, failure.advice, **failure.facts)
        entry.update(batch=state["batch"], stan=self.next_stan())
        state["pending"] = {key: entry[key] for key in ("kind", "amount", "mode", "batch", "stan")}
        state["pending"]["name"] = job.name
        state["open"] = None
        if job.code:
            self.remember_code(job.code)
        request = self.complete(messages.financial(entry, job.fields))
        job.sent = True
        self.send(request)
        first = yield from self.receive([request], self.now + self.timing["responseTimeoutMs"], entry["amount"])
        if first is None and not job.cancelled:
            self.line.give_up()
        yield from self.find_out(job, first)

    def find_out(self, job: Job, first: Optional[Message] = None) -> Wait:
        """From the first answer (None: silence) to a definite word of the host, or to a reversal owed."""
        entry, at = self.state["entries"][job.name], self.now
        kind, verdict = KINDS[entry["kind"]], self.judge(first) if first else "silent"
        why = explain(first)[0] if first else "network.timeout"
        if job.cancelled:
            return self.owe_reversal("06", "cashier.cancelled")
        if verdict == "forged":
            return self.owe_reversal("A0", "network.security")
        answer, unclear = first, verdict in ("silent", "unsettled")
        if unclear or first[39] == "94":
            if entry["kind"] == "show" and first and first[39] == "09":
                payload = emvco.payload(first.fields.get(59, ""))
                if not emvco.is_order(payload, entry["amount"]):
                    return self.owe_reversal("98", "device.merchant-code")
                self.showing = payload
            elif entry["kind"] == "show" or not first and not kind.queried:
                return self.owe_reversal("98", why)  # an order without its code cannot be paid
            if unclear:
                self.say_unknown(why)
                at += self.timing["queryIntervalMs"] if first else 0
            answer = yield from self.inquire(job, at, self.now + self.timing[kind.window])
            self.showing = None
        if job.cancelled:
            return self.owe_reversal("06", "cashier.cancelled")
        if answer is None or answer[39] == "25" and unclear:
            return self.owe_reversal("98", entry["outcome"].get("reason") or why)
        self.settle(job.name, answer, first if first and answer[39] in (first[39], "25") else answer)

    def inquire(self, job: Job, at: int, end: int) -> Wait:
        """Queries from `at` on until the host knows; the answer that settles it, None at `end` or on cancel."""
        entry, interval, asked = self.state["entries"][job.name], self.timing["queryIntervalMs"], []
        while True:
            while self.now < min(at, end) and not job.cancelled:
                yield min(at, end)
            if job.cancelled or self.now >= end:
                return None
            try:
                yield from self.ready()
            except Failed:
                at = self.now + 2 * interval
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
                        at = max(at, self.now + interval + 1000)  # a host that hangs up is not to be flooded
                    break
                verdict = self.judge(answer)
                if verdict in ("approved", "declined") and answer[39] not in SAYS_NOTHING:
                    return answer
                if verdict == "unsettled" and answer[39] == "09":
                    self.say_unknown(explain(answer)[0])

    def settle(self, name: str, answer: Message, explained: Message) -> None:
        """The host's definite word: approved or declined."""
        entry, code = self.state["entries"][name], answer[39]
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

    def say_unknown(self, reason: str) -> None:
        """Not final; said once as long as the reason is the same."""
        if self.state["entries"][self.job.name]["outcome"].get("reason") != reason:
            advice = ["confirm-on-phone", "connect-phone", "wait"] if reason == "phone.unconfirmed" else ["wait"]
            self.outcome(self.job.name, "unknown", reason, advice)

    def code_digest(self, code: str) -> str:
        return hmac.new(self.master_key, code.encode(), hashlib.sha256).hexdigest()[:16]

    def remember_code(self, code: str) -> None:
        sent = self.state["codes"]
        self.state["codes"] = {digest: at for digest, at in sent.items() if at > self.now - REMEMBER_CODES}
        self.state["codes"][self.code_digest(code)] = self.now

    # ---- reversal ----

    def reversal(self) -> Message:
        return self.complete(messages.reversal(self.state["pending"]))

    def owe_reversal(self, code: str, why: str) -> None:
        """From here on the entry is given up: no answer revives it, only its reversal ends it."""
        pending = self.state["pending"]
        pending.update(reverse=code, why=why)
        self.kicked = True
        if self.state["entries"][pending["name"]]["outcome"].get("reason") != why:
            self.outcome(pending["name"], "unknown", why, ["wait"])
        else:
            self.display("reversing")

    def reversal_round(self) -> Wait:
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

    def is_reversed(self, answer: Message) -> bool:
        """Judges the answer to a reversal; a definite one ends the entry."""
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
