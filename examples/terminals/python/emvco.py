"""Merchant-presented codes (EMVCo MPM): tag, two digits of length, value; a CRC at the end.

A code is shown to a customer only where it is whole and asks for the order's amount in its currency.
"""

from __future__ import annotations

import binascii
import re
from typing import Optional

NEEDED = {"52", "53", "54", "58", "59", "60"}  # category, currency, amount, country, name, city
ADDS = {"55", "56", "57"}  # tips and fees: the customer would pay another amount
YUAN = "156"


def payload(field59: str) -> Optional[str]:
    """Tag A4 of DE59: tags of two characters, lengths of three digits."""
    found = dict(_objects(field59, 3) or ())
    return found.get("A4")


def is_order(text: Optional[str], amount: int) -> bool:
    """Whether a payload is sound and asks for `amount` fen."""
    objects = _objects(text or "", 2)
    if not objects or objects[0] != ("00", "01") or objects[-1][0] != "63":
        return False
    found = dict(objects)
    return (len(found) == len(objects) and found["63"].upper() == "%04X" % crc(text[:-4])
            and NEEDED <= found.keys() and not ADDS & found.keys()
            and found["53"] == YUAN and _fen(found["54"]) == amount)


def crc(text: str) -> int:
    """CRC-16 of polynomial 1021 with all bits set at the start, over everything before its four digits."""
    return binascii.crc_hqx(text.encode(), 0xFFFF)


def _fen(yuan: str) -> Optional[int]:
    found = re.fullmatch(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?", yuan)
    return found and int(found[1] + (found[2] or "").ljust(2, "0"))


def _objects(text: str, digits: int) -> Optional[list[tuple[str, str]]]:
    """The objects in a text, None where they do not fill it to the last character."""
    objects, at = [], 0
    while at < len(text):
        start = at + 2 + digits
        length = text[at + 2:start]
        if not re.fullmatch("[0-9]{%d}" % digits, length) or start + int(length) > len(text):
            return None
        objects.append((text[at:at + 2], text[start:start + int(length)]))
        at = start + int(length)
    return objects
