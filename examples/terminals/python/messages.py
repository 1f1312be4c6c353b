"""The messages of the terminal: which fields a request carries, and which answer is its own."""

from collections import namedtuple
from datetime import datetime, timedelta, timezone

from iso8583 import Message
from reasons import SUCCESS

# One row a kind of transaction; its query and its reversal follow from the row.
Kind = namedtuple("Kind", "operation mti processing entry_mode factor window")
KINDS = {
    "scan": Kind("pay", "0200", "000000", "032", "22", "queryForMs"),
}
CHINA = timezone(timedelta(hours=8))


def financial(entry, more):
    """The request of a transaction; `entry` holds its kind, amount, batch and trace number."""
    kind = KINDS[entry["kind"]]
    return Message(kind.mti, {3: kind.processing, 4: "%012d" % entry["amount"], 11: entry["stan"], 22: kind.entry_mode,
                              25: "00", 49: "156", 60: kind.factor + entry["batch"] + "00060", **more})


def original(entry):
    """DE61: the transaction that a query or a reversal speaks of."""
    return entry["batch"] + entry["stan"] + entry.get("date", "0000")


def reversal(entry):
    """0400: everything of the original, the reason, and what it was."""
    request = financial(entry, {39: entry["reverse"], 61: original(entry)})
    request.mti = "0400"
    return request


def query(entry, stan, batch):
    """0200 with 310000: how does the original stand?"""
    return Message("0200", {3: "310000", 11: stan, 22: KINDS[entry["kind"]].entry_mode, 25: "00",
                            60: "61" + batch + "00060", 61: original(entry)})


def sign_in(stan, batch, terminal_id):
    serial = "3060" + terminal_id
    return Message("0800", {11: stan, 60: "00" + batch + "003", 63: "01 ",
                            62: ("Sequence No%02d%s" % (len(serial), serial)).encode()})


def is_answer(answer, request, amount=None):
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


def host_time(at, answer):
    """The host's date and time (DE13, DE12) in the year nearest to `at`, None where it sends none."""
    here, found = china_time(at), []
    for year in (here.year - 1, here.year, here.year + 1):
        try:
            text = "%04d%s%s+0800" % (year, answer[13], answer[12])
            found.append(datetime.strptime(text, "%Y%m%d%H%M%S%z"))
        except (KeyError, ValueError):
            continue
    return min(found, key=lambda moment: abs(moment - here), default=None)


def china_time(at):
    return datetime.fromtimestamp(at / 1000, CHINA)
