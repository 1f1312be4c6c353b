"""ISO 8583:1987 as UnionPay terminals speak it: frames, bitmap, fields, and the cut of a stream.

    LEN 2 (without itself) | TPDU 5 | header 6 | MTI 2 | bitmap 8 | fields

Numbers travel as BCD, text as GBK. Field values are strings; those of kind `b` are bytes.
Nothing here knows what a payment is.
"""

from __future__ import annotations

import re
from typing import Optional, Union

from crypto import mac

HEADER = "603100000000"
SHORTEST, LONGEST = 21, 4096  # of a frame, without its length

_FORMATS = """
2 n..19   3 n6      4 n12     11 n6      12 n6      13 n4      14 n4      15 n4      22 n3     23 n3
25 n2     26 n2     32 n..11  35 z..37   36 z...104 37 ans12   38 ans6    39 ans2    41 ans8   42 ans15
44 ans..25  48 ans...999  49 ans3  52 b8  53 n16  54 ans...40  55 b...255  56 ans...512  57 ans...512
58 ans...100  59 ans...600  60 n...17  61 ans...29  62 b...512  63 ans...163  64 b8
""".split()
# field -> (kind, digits of the length indicator, length)
FORMATS = {}
for _field, _format in zip(_FORMATS[::2], _FORMATS[1::2]):
    _kind, _dots, _length = re.fullmatch(r"([a-z]+)(\.*)(\d+)", _format).groups()
    FORMATS[int(_field)] = (_kind, len(_dots), int(_length))
TOTALS = ("n", 3, 62)  # what DE48 is in a settlement
LEFT = {22}  # a fixed number with its filler on the right


def _format(field: int, mti: str) -> tuple[str, int, int]:
    return TOTALS if field == 48 and mti[:2] == "05" else FORMATS[field]


class Malformed(ValueError):
    """Bytes that are not a message of this dialect."""


class Message:
    """A message, with the bytes that its MAC covers (`body` up to DE64)."""

    def __init__(self, mti: str, fields: dict, header: str = HEADER, body: bytes = b""):
        self.mti, self.fields, self.header, self.body = mti, fields, header, body

    def __getitem__(self, field: int):
        return self.fields[field]

    def __contains__(self, field: int) -> bool:
        return field in self.fields

    def text(self, field: int) -> str:
        """A field without the blanks that fill it, empty where it is absent."""
        return self.fields.get(field, "").rstrip(" ")

    def mac_is_right(self, key: Optional[bytes]) -> bool:
        return key is not None and 64 in self and mac(key, self.body[:-8]) == self[64]


def encode(tpdu: str, mti: str, fields: dict, mac_key: Optional[bytes] = None) -> bytes:
    """A whole frame; with `mac_key` DE64 is added."""
    present = sorted(fields) + ([64] if mac_key else [])
    bitmap = sum(1 << (64 - field) for field in present).to_bytes(8, "big")
    body = bytes.fromhex(mti) + bitmap + b"".join(_pack(field, fields[field], mti) for field in sorted(fields))
    if mac_key:
        body += mac(mac_key, body)
    frame = bytes.fromhex(tpdu + HEADER) + body
    return len(frame).to_bytes(2, "big") + frame


def _pack(field: int, value: Union[str, bytes], mti: str) -> bytes:
    kind, dots, most = _format(field, mti)
    if kind == "ans":
        value = (value if dots else value.ljust(most)).encode("gbk")
    elif kind != "b" and not dots:
        value = value.zfill(most)
    size = len(value)
    if size > most or not dots and size < most:
        raise ValueError("DE%d: length %d of %d" % (field, size, most))
    if kind in "nz":
        even = size + size % 2
        value = bytes.fromhex(value.ljust(even, "0") if dots or field in LEFT else value.zfill(even))
    return bytes.fromhex(str(size).zfill(dots + dots % 2)) + value if dots else value


def decode(frame: bytes) -> Message:
    """The message in a frame (without its length); raises Malformed unless every byte is understood."""
    body = frame[11:]
    if len(body) < 10:
        raise Malformed("no room for a bitmap")
    mti, bitmap, at, fields = body[:2].hex(), int.from_bytes(body[2:10], "big"), 10, {}
    for field in range(1, 65):
        if bitmap >> (64 - field) & 1:
            if field not in FORMATS:
                raise Malformed("DE%d is not of this dialect" % field)
            fields[field], at = _unpack(field, body, at, mti)
    if at != len(body) or not mti.isdigit():
        raise Malformed("bytes left over or no MTI")
    return Message(mti, fields, frame[5:11].hex(), body)


def _unpack(field: int, body: bytes, at: int, mti: str) -> tuple[Union[str, bytes], int]:
    kind, dots, size = _format(field, mti)
    if dots:
        indicator = body[at:at + (dots + 1) // 2].hex()
        if not indicator.isdigit() or int(indicator) > size:
            raise Malformed("DE%d: length indicator" % field)
        size, at = int(indicator), at + len(indicator) // 2
    end = at + ((size + 1) // 2 if kind in "nz" else size)
    data = body[at:end]
    if end > len(body):
        raise Malformed("DE%d: cut off" % field)
    if kind in "nz":
        digits = data.hex()
        digits = digits[:size] if dots or field in LEFT else digits[len(digits) - size:]
        if kind == "n" and size and not digits.isdigit():
            raise Malformed("DE%d: not a number" % field)
        return digits, end
    return data if kind == "b" else data.decode("gbk", "replace"), end


class Splitter:
    """Cuts the stream of one connection into frames, however it arrives."""

    def __init__(self):
        self.rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are complete now; raises Malformed at a length that cannot be."""
        self.rest += data
        frames = []
        while len(self.rest) >= 2:
            length = int.from_bytes(self.rest[:2], "big")
            if not SHORTEST <= length <= LONGEST:
                raise Malformed("a frame of %d bytes" % length)
            if len(self.rest) < 2 + length:
                break
            frames.append(self.rest[2:2 + length])
            self.rest = self.rest[2 + length:]
        return frames
