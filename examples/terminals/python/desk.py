"""What the terminal knows and what it says: durable state, entries, displays, outcomes, receipts, device log.

An entry is one payment, refund or void of an order. Its final word is durable before it is said.
"""

from __future__ import annotations

from typing import Any, Optional

from journal import Journal
from messages import KINDS
from reasons import ADVICE
from receipt import receipt
from texts import Texts, yuan

REMEMBER_ENTRIES = 1000
REMEMBER_NOTES = 200
Entry = dict[str, Any]


class Desk:
    """The lowest layer of the terminal: state and words. It decides nothing about money."""

    def __init__(self, params: dict):
        device, self.timing, self.now = params["terminal"], params["timing"], params["now"]
        self.id, self.merchant, self.tpdu = device["id"], device["merchant"], device["tpdu"]
        self.master_key, self.batch_limit = bytes.fromhex(device["masterKey"]), device["batchLimit"]
        self.texts = Texts(params["locale"])
        self.actions: list[dict] = []
        self.showing: Optional[str] = None  # the code on the screen for the customer
        self.journal = Journal(params["storage"], params["boot"] == "factory")
        self.lost = self.journal.damage == "lost"
        self.state = self.journal.state or {
            "stan": device["firstStan"], "batch": "%06d" % device["firstBatch"],
            "keys": None,  # DE62 of the last sign-in, still wrapped under the master key
            "sign_in": None,  # "now": before the next message; "later": after the transaction
            "ahead": 0,  # ms by which the host's clock is ahead
            "codes": {},  # digest of every code that was sent -> when
            "entries": {}, "serial": 0,
            "open": None,  # name of the entry that is begun, nothing sent
            "pending": None,  # what was sent and is not settled
            "settlement": None,  # the batch that is being closed
            "told": [],  # names of entries whose final word may not have been heard
            "settled": None,  # as told, of a batch
            "log": [], "paper": True}
        if self.journal.damage or not self.journal.state:
            self.save()

    def save(self) -> None:
        if not self.lost:
            self.journal.save(self.state)

    def act(self, kind: str, **members: Any) -> None:
        self.actions.append({"type": kind, **members})

    def note(self, kind: str, text: str) -> None:
        """A line of the device log; never with a payment code or a key."""
        self.state["log"] = self.state["log"][1 - REMEMBER_NOTES:] + [{"at": self.now, "kind": kind, "text": text}]
        self.save()

    def display(self, prompt: Optional[str] = None, reason: Optional[str] = None,
                advice: Optional[list[str]] = None, **values: Any) -> None:
        """A prompt, a problem with its advice, or both."""
        lines = [self.texts.prompt(prompt, **values)] if prompt else []
        if not reason:
            return self.act("display", lines=lines)
        advice = advice or ADVICE[reason]
        self.act("display", lines=lines + self.texts.problem(reason, advice), reason=reason, advice=advice)

    # ---- entries ----

    def new_entry(self, kind: str, order: str, amount: Any, **facts: Any) -> str:
        """Its name. A payment takes the place of an earlier try at the order; refunds and voids add up."""
        entries, self.state["serial"] = self.state["entries"], self.state["serial"] + 1
        name = self.payment_name(order) if KINDS[kind].operation == "pay" else "%d %s" % (self.state["serial"], order)
        entries.pop(name, None)
        batches = (self.state["batch"], (self.state["settlement"] or {}).get("batch"))
        over = [old for old, entry in entries.items()
                if self.status(entry) not in ("open", "unknown") and entry.get("batch") not in batches]
        for old in over[:max(0, len(entries) + 1 - REMEMBER_ENTRIES)]:
            del entries[old]
        entries[name] = {"order": order, "kind": kind, "amount": amount, "mode": KINDS[kind].entry_mode,
                         "outcome": {}, **facts}
        return name

    @staticmethod
    def payment_name(order: str) -> str:
        return "pay " + order

    def payment(self, order: str) -> Optional[Entry]:
        return self.state["entries"].get(self.payment_name(order))

    @staticmethod
    def status(entry: Optional[Entry]) -> Optional[str]:
        """open (no word yet) · approved · declined · cancelled · unknown; None for an order never heard of."""
        return entry and entry["outcome"].get("status", "open")

    def booked(self, batch: str) -> list[Entry]:
        """What counts in a batch."""
        return [entry for entry in self.state["entries"].values()
                if self.status(entry) == "approved" and entry["batch"] == batch]

    def left(self, order: str) -> int:
        """Fen of an order that were paid and not given back."""
        return sum(entry["outcome"]["amount"] * (1 if entry["outcome"]["operation"] == "pay" else -1)
                   for entry in self.state["entries"].values()
                   if entry["order"] == order and self.status(entry) == "approved")

    # ---- words ----

    @staticmethod
    def word(order: str, operation: str, status: str, reason: Optional[str] = None,
             advice: Optional[list[str]] = None, **facts: Any) -> dict:
        if reason:
            facts.update(reason=reason, advice=advice or ADVICE[reason])
        return dict(order=order, operation=operation, status=status, **facts)

    def outcome(self, name: str, status: str, reason: Optional[str] = None,
                advice: Optional[list[str]] = None, **facts: Any) -> None:
        """The terminal's word on an entry: durable first, then said."""
        entry = self.state["entries"][name]
        entry["outcome"] = self.word(entry["order"], KINDS[entry["kind"]].operation, status, reason, advice, **facts)
        entry["due"] = status == "approved" and not self.state["paper"]
        if name == self.state["open"]:
            self.state["open"] = None
        if status != "unknown":
            self.state["told"].append(name)
        self.save()
        self.tell(entry)

    def tell(self, entry: Entry) -> None:
        word = entry["outcome"]
        status, reason, operation = word["status"], word.get("reason"), word["operation"]
        self.act("outcome", **word)
        if status == "approved":
            rest = entry["amount"] - word["amount"]
            head = "partial" if rest else "approved" if operation == "pay" else operation
            self.display(head, amount=yuan(word["amount"]), rest=yuan(rest))
        elif status == "unknown":
            head = "waiting" if reason == "phone.unconfirmed" else "checking"
            self.display(head, reason=reason, advice=word["advice"])
        else:
            head = "stands" if status == "cancelled" and operation != "pay" else status
            self.display(head, reason=reason, advice=word["advice"])

    def print_or_keep(self, entry: Entry, again: bool = False) -> None:
        """Both copies of a receipt; without paper they stay due."""
        if self.status(entry) != "approved":
            return
        if not self.state["paper"]:
            return self.display("printer", reason="device.printer")
        entry["due"] = False
        for copy in ("merchant", "customer"):
            self.act("print", copy=copy, lines=receipt(self.texts, copy, entry, self.merchant, self.id, again))
