"""Settlement: the terminal's totals, the details where they differ from the host's, the end of the batch.

Every step is durable before its message leaves, so that a power cut resumes the step that it
interrupted. Until the host has closed the batch nothing is added to it.
"""

from __future__ import annotations

from typing import Callable

import messages
from iso8583 import Message
from line import Failed, Wait
from payment import TRIES, Engine
from reasons import SIGN_IN, explain
from session import Job


class Settlement(Engine):

    def settle_batch(self, _job: Job) -> Wait:
        self.display("settling")
        try:
            for _ in range(TRIES):
                yield from self.ready()
                if (yield from self.agree_on_totals()):
                    break
            else:
                raise Failed("host.declined", ["retry", "call-support"])
            yield from self.upload()
        except Failed as failure:
            return self.display("still-open" if self.state["settlement"] else None, failure.reason, failure.advice)
        self.close()

    def agree_on_totals(self) -> Wait:
        """False where the host is in another batch, which is now the terminal's."""
        state = self.state
        record = state["settlement"] = state["settlement"] or self.totals()
        if record["step"] == "totals":
            answer = yield from self.insist(lambda stan: messages.settlement(record, stan))
            if answer[39] == "77":
                state["settlement"] = None
                yield from self.sign_in()
                return False
            record["matched"] = answer.fields.get(48, "")[30:31] == "1"
            record["step"] = "end" if record["matched"] else "details"
        return True

    def totals(self) -> dict:
        """The record of a settlement: sales are debits, refunds and voids credits."""
        booked = self.booked(self.state["batch"])
        sums = {}
        for side, payments in (("debits", True), ("credits", False)):
            amounts = [entry["outcome"]["amount"] for entry in booked
                       if (entry["outcome"]["operation"] == "pay") == payments]
            sums[side] = {"count": len(amounts), "amount": sum(amounts)}
        return {"batch": self.state["batch"], "step": "totals", "sent": 0, "matched": False, **sums}

    def upload(self) -> Wait:
        """The details that are not yet sent, then the end; 77 says that the host has closed the batch before."""
        record = self.state["settlement"]
        if record["step"] == "details":
            booked = self.booked(record["batch"])
            while record["sent"] < len(booked):
                part = booked[record["sent"]:][:messages.DETAILS]
                answer = yield from self.insist(lambda stan: messages.details(record, part, stan))
                if answer[39] == "77":
                    return
                record["sent"] += len(part)
            record["step"] = "end"
        yield from self.insist(lambda stan: messages.batch_end(record, stan))

    def insist(self, build: Callable[[str], Message]) -> Wait:
        """Up to three tries, each with a trace number of its own; the answer if it is 00 or 77, else raises Failed."""
        asked, trouble = [], None
        for _ in range(TRIES):
            yield from self.ready()
            asked.append(self.complete(build(self.next_stan())))
            self.send(asked[-1], signed=False)
            answer = yield from self.receive(asked, self.now + self.timing["responseTimeoutMs"])
            if answer is None:
                self.line.give_up()
                trouble = Failed("network.timeout")
            elif answer[39] in ("00", "77"):
                return answer
            else:
                trouble = Failed(*explain(answer))
                if answer[39] in SIGN_IN:
                    self.state["sign_in"] = "now"
        raise trouble

    def close(self) -> None:
        """The host has closed the batch; its next number comes with the next sign-in."""
        state, record = self.state, self.state["settlement"]
        state["settled"] = {key: record[key] for key in ("batch", "debits", "credits", "matched")}
        state.update(settlement=None, sign_in="now", batch="%06d" % (int(record["batch"]) % 999_999 + 1))
        self.save()
        self.act("settled", **state["settled"])
        self.display("settled" if record["matched"] else "unbalanced", batch=record["batch"])
