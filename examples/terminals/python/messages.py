"""The messages of the terminal: which fields a request carries, and which answer is its own."""

from collections import namedtuple
from datetime import datetime, timedelta, timezone

from iso8583 import Message
from reasons import SUCCESS

# One row a kind of transaction; its query and its reversal follow from the row.
Kind = namedtuple("Kind", "operation mti processing entry factor window")
KINDS = {
    "scan": Kind("pay", "0200", "000000", "032", "22", "queryForMs"),
}
CHINA = timezone(timedelta(hours=8))


def original(entry):
    """DE61: the transaction that a query or a reversal speaks of."""
    return entry["batch"] + entry["stan"] + entry.get("date", "0000")


def financial(entry, **extra):
    """The request of a transaction; `entry` has kind, amount, batch and stan. `extra`: de59="…" and so on."""
    kind = KINDS[entry["kind"]]
    fields = {3: kind.processing, 4: "%012d" % entry["amount"], 11: entry["stan"], 22: kind.entry, 25: "00",
              49: "156", 60: kind.factor + entry["batch"] + "00060"}
    fields.update({int(name[2:]): value for name, value in extra.items()})
    return Message(kind.mti, fields)


def reversal(entry):
    """0400: everything of the original, the reason and what it was."""
    request = financial(entry, de39=entry["reverse"], de61=original(entry))
    request.mti = "0400"
    return request


def query(entry, stan, batch):
    """0200 with 310000: how does the original stand?"""
    kind = KINDS[entry["kind"]]
    return Message("0200", {3: "310000", 11: stan, 22: kind.entry, 25: "00", 60: "61" + batch + "00060",
                            61: original(entry)})


def sign_in(stan, batch, terminal_id):
    serial = "3060" + terminal_id
    return Message("0800", {11: stan, 60: "00" + batch + "003", 63: "01 ",
                            62: ("Sequence No%02d%s" % (len(serial), serial)).encode()})


def is_answer(answer, request, amount=None):
    """Whether `answer` is the answer to `request` (of `amount` fen) and to no other.

    A partial approval (39 = 10) names a smaller amount; a success must name its amount.
    """
    asked = request.fields
    if 39 not in answer or int(answer.mti) != int(request.mti) + 10:
        return False
    if any(answer.text(field) != request.text(field) for field in (11, 41, 42)):
        return False
    if answer.fields.get(3) != asked.get(3) and 3 in answer:
        return False
    if amount is None:
        return True
    if 4 not in answer:
        return request.mti == "0400" or answer[39] not in SUCCESS
    if answer[39] == "10" and request.mti != "0400":
        return 0 < int(answer[4]) <= amount
    return int(answer[4]) == amount


def host_time(at, answer):
    """The host's date and time (DE13, DE12) in the year nearest to `at`; None where it sends none."""
    here, found = datetime.fromtimestamp(at / 1000, CHINA), []
    for year in (here.year - 1, here.year, here.year + 1):
        try:
            text = "%04d%s%s" % (year, answer[13], answer[12])
            found.append(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA))
        except (KeyError, ValueError):
            continue
    return min(found, key=lambda moment: abs(moment - here), default=None)
