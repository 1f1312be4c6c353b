"""Talking to the host: trace numbers, requests and answers, keys, sign-in, look-up."""

from __future__ import annotations

from typing import Optional

import messages
from crypto import BadKeys, unwrap_mac_key
from desk import Desk
from iso8583 import Message, encode
from line import Failed, Line, Wait
from reasons import SAYS_NOTHING, SIGN_IN, SUCCESS, explain, is_unsettled


class Job:
    """What the cashier asked of the worker.

    `run` is the generator function that does it. A transaction has an entry under `name`, its `kind`, the
    fields that it carries beyond those of every kind, and a code if it spends one. What `waits` is not
    begun while a reversal is owed.
    """

    def __init__(self, run, name=None, fields=None, code=None, waits=False):
        self.run, self.name, self.fields, self.code, self.waits = run, name, fields, code, waits
        self.started = self.sent = self.cancelled = False


class Session(Desk):
    """The host as a partner for single messages. What waits is a generator, see line.py."""

    def __init__(self, params: dict):
        super().__init__(params)
        self.line = Line(self, [link["name"] for link in params["host"]["links"]], self.timing)
        self.sign_in_failed = False  # not again before the next operation
        if self.journal.damage == "restored":
            self.next_stan()  # the damaged copy may have been one ahead
            self.save()
        try:
            self.mac_key: Optional[bytes] = unwrap_mac_key(self.master_key, bytes.fromhex(self.state["keys"] or ""))
        except BadKeys:
            self.mac_key = None

    def next_stan(self) -> str:
        """The next trace number; durable with the save that precedes every sending."""
        stan = self.state["stan"]
        self.state["stan"] = stan % 999_999 + 1
        return "%06d" % stan

    def complete(self, request: Message) -> Message:
        request.fields.update({41: self.id, 42: self.merchant})
        return request

    def ready(self) -> Wait:
        """Sees to keys and a connection; raises Failed."""
        if self.state["sign_in"] == "now" or not self.mac_key:
            yield from self.sign_in()
        yield from self.line.connect()

    def send(self, request: Message, signed: bool = True) -> None:
        """Sends a request, once everything that it means is durable."""
        self.save()
        self.line.send(encode(self.tpdu, request.mti, request.fields, self.mac_key if signed else None))

    def receive(self, requests: list[Message], until: int, amount: Optional[int] = None, fragile: bool = False) -> Wait:
        """The first answer to one of `requests`. None at `until`, on the cancel key, and when the connection
        ends (with `fragile`, already when its link goes down)."""
        conn = self.line.current
        while self.now < until:
            name, subject, detail = yield until
            if name == "answer" and any(messages.is_answer(detail, request, amount) for request in requests):
                if detail.header[5] == "3" and detail.mti != "0810":
                    self.state["sign_in"] = self.state["sign_in"] or "later"
                if detail.header[5] == "6" or explain(detail)[0] == "device.interface":
                    self.note("interface", "the host asks for a software update")
                return detail
            if fragile and name == "link.down" and self.line.link_of(conn) == subject:
                self.line.close(conn)
                return None
            if name == "cancel" or (name, subject) == ("closed", conn):
                return None
        return None

    def ask(self, request: Message, signed: bool = False) -> Wait:
        """The answer to a request that moves no money; raises Failed."""
        yield from self.line.connect()
        self.send(request, signed)
        answer = yield from self.receive([request], self.now + self.timing["responseTimeoutMs"])
        if answer is None:
            self.line.give_up()
            raise Failed("network.timeout")
        return answer

    def judge(self, answer: Message) -> str:
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

    def sign_in(self) -> Wait:
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
            self.note("keys", "the host's keys contradict their check values")
            raise Failed("network.security") from None
        self.sign_in_failed = False
        self.state.update(keys=answer[62].hex(), sign_in=None)
        batch, clock = answer.fields.get(60, "")[2:8], messages.host_time(self.now, answer)
        if len(batch) == 6 and int(batch):
            self.state["batch"] = batch
        if clock:
            self.state["ahead"] = round(clock.timestamp() * 1000) - self.now
        self.save()

    def sign_in_and_tell(self, job: Optional[Job] = None) -> Wait:
        """The cashier's key; without a job what the terminal does by itself, which shows problems only."""
        if job:
            self.display("signing-in")
        try:
            yield from self.sign_in()
            if job:
                self.display("signed-in")
        except Failed as failure:
            self.display(reason=failure.reason, advice=failure.advice)

    def look_up(self, job: Job) -> Wait:
        """Asks the host about an order; a final word stays what it was, whatever the host says now."""
        entry, trouble = self.state["entries"][job.name], None
        try:
            if "stan" in entry:
                yield from self.ready()
                answer = yield from self.ask(
                    self.complete(messages.query(entry, self.next_stan(), self.state["batch"])), signed=True)
                if self.judge(answer) == "forged":
                    trouble = Failed("network.security")
                elif answer[39] in SAYS_NOTHING:
                    trouble = Failed(*explain(answer))
        except Failed as failure:
            trouble = failure
        self.tell(entry)
        if trouble:
            self.display(reason=trouble.reason, advice=trouble.advice)
