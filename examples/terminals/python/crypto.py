"""DES, triple DES and the ECB MAC of UnionPay terminals (银联 ECB) in pure Python.

Blocks and keys are bytes. The permutations are folded into tables when the module is
loaded and key schedules are cached, so that a block costs some tens of microseconds.
A product would ask its security chip instead; nothing else here would change.
"""

from __future__ import annotations

from functools import lru_cache

_S = [[int(digit, 16) for digit in row] for row in (
    "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
    "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
    "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
    "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
    "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
    "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
    "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
    "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b")]
_P = (16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
      2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25)
_PC1 = (57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3,
        60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37,
        29, 21, 13, 5, 28, 20, 12, 4)
_PC2 = (14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32)
_SHIFTS = (1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1)
_IP = [first - step for first in (58, 60, 62, 64, 57, 59, 61, 63) for step in range(0, 64, 8)]
_FP = [_IP.index(bit) + 1 for bit in range(1, 65)]


def _permute(value: int, width: int, table) -> int:
    """The bits of `value` that `table` names; bit 1 is the highest of `width`."""
    out = 0
    for bit in table:
        out = out << 1 | value >> (width - bit) & 1
    return out


def _images(table, first: int, count: int) -> list[int]:
    """What the permutation `table` makes of each value of the `count` bits from bit `first` on."""
    image = {bit: 1 << (len(table) - place) for place, bit in enumerate(table, 1)}
    out = [0]
    for bit in reversed(range(first, first + count)):
        out += [value | image[bit] for value in out]
    return out


_IP_BY_BYTE, _FP_BY_BYTE = ([_images(table, 8 * byte + 1, 8) for byte in range(8)] for table in (_IP, _FP))
# S-box and permutation P in one look-up: row = outer bits, column = inner four.
_SP = [[image[_S[box][(v >> 4 & 2 | v & 1) * 16 + (v >> 1 & 15)]] for v in range(64)]
       for box, image in enumerate(_images(_P, 4 * box + 1, 4) for box in range(8))]


@lru_cache(maxsize=64)
def _schedule(key: bytes) -> tuple:
    """The sixteen round keys of an 8-byte key, each as eight numbers of six bits."""
    halves = _permute(int.from_bytes(key, "big"), 64, _PC1)
    left, right = halves >> 28, halves & 0xFFFFFFF
    rounds = []
    for shift in _SHIFTS:
        left = (left << shift | left >> (28 - shift)) & 0xFFFFFFF
        right = (right << shift | right >> (28 - shift)) & 0xFFFFFFF
        chosen = _permute(left << 28 | right, 56, _PC2)
        rounds.append(tuple(chosen >> (42 - 6 * box) & 63 for box in range(8)))
    return tuple(rounds)


def _des(block: bytes, rounds: tuple) -> bytes:
    mixed = 0
    for table, byte in zip(_IP_BY_BYTE, block):
        mixed |= table[byte]
    left, right = mixed >> 32, mixed & 0xFFFFFFFF
    s0, s1, s2, s3, s4, s5, s6, s7 = _SP
    for k0, k1, k2, k3, k4, k5, k6, k7 in rounds:
        wide = (right & 1) << 33 | right << 1 | right >> 31  # the expansion E: windows of six bits, four apart
        left, right = right, left ^ (
            s0[wide >> 28 & 63 ^ k0] | s1[wide >> 24 & 63 ^ k1] | s2[wide >> 20 & 63 ^ k2]
            | s3[wide >> 16 & 63 ^ k3] | s4[wide >> 12 & 63 ^ k4] | s5[wide >> 8 & 63 ^ k5]
            | s6[wide >> 4 & 63 ^ k6] | s7[wide & 63 ^ k7])
    out = 0
    for table, byte in zip(_FP_BY_BYTE, (right << 32 | left).to_bytes(8, "big")):
        out |= table[byte]
    return out.to_bytes(8, "big")


def _ecb(key: bytes, data: bytes, decrypt: bool) -> bytes:
    """DES for a key of 8 bytes, triple DES (EDE) for one of 16, block by block."""
    steps = [_schedule(key[:8])] if len(key) == 8 else [_schedule(k) for k in (key[:8], key[8:], key[:8])]
    directions = [decrypt, not decrypt, decrypt]
    steps = [rounds[::-1] if backwards else rounds for rounds, backwards in zip(steps, directions)]
    out = []
    for at in range(0, len(data), 8):
        block = data[at:at + 8]
        for rounds in steps:
            block = _des(block, rounds)
        out.append(block)
    return b"".join(out)


def encrypt(key: bytes, data: bytes) -> bytes:
    return _ecb(key, data, False)


def decrypt(key: bytes, data: bytes) -> bytes:
    return _ecb(key, data, True)


def check_value(key: bytes) -> bytes:
    """Key check value: the first four bytes of eight zero bytes under the key."""
    return encrypt(key, bytes(8))[:4]


def mac(key: bytes, data: bytes) -> bytes:
    """银联 ECB MAC: XOR of all blocks, written as hex; its halves chained through the cipher."""
    folded = 0
    for at in range(0, len(data), 8):
        folded ^= int.from_bytes(data[at:at + 8].ljust(8, b"\0"), "big")
    text = b"%016X" % folded
    first = encrypt(key, text[:8])
    second = encrypt(key, bytes(a ^ b for a, b in zip(first, text[8:])))
    return second.hex().upper()[:8].encode()


class BadKeys(Exception):
    """The host sent keys that are too short, or that their check values contradict."""


def unwrap_mac_key(master: bytes, field62: bytes) -> bytes:
    """The MAC key out of DE62 of a sign-in (60.3 = 003), once both check values agree.

    Layout: wrapped PIN key 16, check value 4, wrapped MAC key 16, check value 4; the second
    half of the MAC key is zero where the key is single length.
    """
    if len(field62) != 40:
        raise BadKeys("DE62 has %d bytes instead of 40" % len(field62))
    pin_key = decrypt(master, field62[:16])
    wrapped = field62[20:36]
    mac_key = decrypt(master, wrapped[:8] if wrapped[8:] == bytes(8) else wrapped)
    if check_value(pin_key) != field62[16:20] or check_value(mac_key) != field62[36:40]:
        raise BadKeys("check value differs")
    return mac_key
