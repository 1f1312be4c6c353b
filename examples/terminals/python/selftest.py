"""The self-test: every part by itself, links by dialling, the host by an echo."""

from __future__ import annotations

import messages
from line import Failed, Wait
from payment import Engine
from session import Job


SCANNER_SAYS = 1000  # ms within which the driver of an armed scanner reports that it is dead


class SelfTest(Engine):

    def self_test(self, _job: Job) -> Wait:
        """Tells carrier and acquirer apart: a refusal comes from the far end, so the link has carried it –
        unless the host answers over another link."""
        begun = self.now
        self.display("testing")
        self.act("scanner.on")
        self.line.hang_up()
        fates, host = {}, False
        for link in self.line.links:
            fates[link] = yield from self.line.open(link)
            if fates[link] == "opened" and not host and not self.lost:  # no trace number without storage
                host = yield from self.echo()
            self.line.hang_up()
        while self.now < begun + SCANNER_SAYS:
            yield begun + SCANNER_SAYS
        self.act("scanner.off")
        reached = {link: fate == "opened" or fate in ("refused", "tls") and not host for link, fate in fates.items()}
        parts = {"scanner": not self.scanner_dead, "display": True, "keypad": True, "printer": self.state["paper"],
                 "storage": not self.journal.damage and self.journal.is_sound()}
        if any(reached.values()) and not self.lost:
            parts["host"] = host
        result = {part: self.mark(good) for part, good in parts.items()}
        result["links"] = {link: self.mark(good) for link, good in reached.items()}
        faults = [part for part, good in {**parts, **reached}.items() if not good]
        self.note("self-test", "faults: " + ", ".join(faults) if faults else "no faults")
        self.act("selfTest", parts=result)
        self.display("tested")

    def echo(self) -> Wait:
        try:
            answer = yield from self.ask(self.complete(messages.echo(self.next_stan(), self.state["batch"])))
        except Failed:
            return False
        return answer[39] == "00"

    @staticmethod
    def mark(good: bool) -> str:
        return "ok" if good else "fault"
