"""The messages of the terminal: which fields a request carries, and which answer is its own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Optional

from iso8583 import Message
from reasons import SUCCESS


class Kind(NamedTuple):
    """A kind of transaction; its query and its reversal follow from the row."""
    operation: str  # of its outcomes
    mti: str
    processing: str  # DE3
    entry_mode: Optional[str]  # DE22; None: that of the payment it undoes
    factor: str  # DE60.1
    window: str  # the timing for which it is queried while its outcome is open
    queried: bool = False  # after silence as well, where others are reversed


KINDS = {
    "scan": Kind("pay", "0200", "000000", "032", "22", "queryForMs"),
    "show": Kind("pay", "0200", "000000", "042", "62", "showForMs"),
    "refund": Kind("refund", "0220", "200000", None, "25", "queryForMs", queried=True),
    "void": Kind("void", "0200", "200000", None, "23", "queryForMs"),
}
CHINA = timezone(timedelta(hours=8))
DETAILS = 31  # records in one message of the batch upload


def financial(entry: dict, more: dict[int, str]) -> Message:
    """The request of a transaction; `entry` holds its kind, amount, entry mode, batch and trace number."""
    kind = KINDS[entry["kind"]]
    return Message(kind.mti, {3: kind.processing, 4: "%012d" % entry["amount"], 11: entry["stan"], 22: entry["mode"],
                              25: "00", 49: "156", 60: kind.factor + entry["batch"] + "00060", **more})


def undo(paid: dict, with_auth: bool) -> dict[int, str]:
    """What a refund or a void says of the payment that it undoes."""
    fields = {37: paid["outcome"].get("rrn", ""), 61: original(paid)}
    return {**fields, 38: paid["auth"]} if with_auth and paid["auth"] else fields


def original(entry: dict) -> str:
    """DE61: the transaction that a query or a reversal speaks of."""
    return entry["batch"] + entry["stan"] + entry.get("date", "0000")


def reversal(entry: dict) -> Message:
    """0400: everything of the original, the reason, and what it was."""
    request = financial(entry, {39: entry["reverse"], 61: original(entry)})
    request.mti = "0400"
    return request


def query(entry: dict, stan: str, batch: str) -> Message:
    """0200 with 310000: how does the original stand?"""
    return Message("0200", {3: "310000", 11: stan, 22: entry["mode"], 25: "00",
                            60: "61" + batch + "00060", 61: original(entry)})


def sign_in(stan: str, batch: str, terminal_id: str) -> Message:
    serial = "3060" + terminal_id
    return Message("0800", {11: stan, 60: "00" + batch + "003", 63: "01 ",
                            62: ("Sequence No%02d%s" % (len(serial), serial)).encode()})


def echo(stan: str, batch: str) -> Message:
    return Message("0800", {11: stan, 60: "00" + batch + "301"})


def settlement(record: dict, stan: str) -> Message:
    """0500: debits and credits, nothing of foreign cards; digit 31 is the host's to judge."""
    sides = "".join("%012d%03d" % (record[side]["amount"], record[side]["count"]) for side in ("debits", "credits"))
    return Message("0500", {11: stan, 48: sides.ljust(62, "0"), 49: "156", 63: "01 ",
                            60: "00" + record["batch"] + "201"})


def details(record: dict, entries: list[dict], stan: str) -> Message:
    """0320: one record an entry."""
    records = ["%s%s%-12s%012d" % (entry["stan"], KINDS[entry["kind"]].factor, entry["outcome"].get("rrn", ""),
                                   entry["outcome"]["amount"]) for entry in entries]
    return Message("0320", {11: stan, 48: "%02d" % len(records) + "".join(records), 60: "00" + record["batch"] + "201"})


def batch_end(record: dict, stan: str) -> Message:
    """0320: how many records were uploaded, and whether the totals agreed."""
    return Message("0320", {11: stan, 48: "%04d" % record["sent"],
                            60: "00" + record["batch"] + ("207" if record["matched"] else "202")})


def is_answer(answer: Message, request: Message, amount: Optional[int] = None) -> bool:
    """Whether `answer` belongs to `request` (of `amount` fen) and to no other.

    A success must name the amount; a partial approval (39 = 10) names a smaller one.
    """
    if 39 not in answer or int(answer.mti) != int(request.mti) + 10:
        return False
    if any(answer.text(field) != request.text(field) for field in (11, 41, 42)):
        return False
    if 3 in answer and 3 in request and answer[3] != request[3]:
        return False
    if amount is None:
        return True
    if 4 not in answer:
        return request.mti == "0400" or answer[39] not in SUCCESS
    if answer[39] == "10" and request.mti != "0400":
        return 0 < int(answer[4]) <= amount
    return int(answer[4]) == amount


def host_time(at: int, answer: Message) -> Optional[datetime]:
    """The host's date and time (DE13, DE12) in the year nearest to `at`, None where it sends none."""
    here, found = china_time(at), []
    for year in (here.year - 1, here.year, here.year + 1):
        try:
            text = "%04d%s%s+0800" % (year, answer[13], answer[12])
            found.append(datetime.strptime(text, "%Y%m%d%H%M%S%z"))
        except (KeyError, ValueError):
            continue
    return min(found, key=lambda moment: abs(moment - here), default=None)


def china_time(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, CHINA)
