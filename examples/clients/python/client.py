#!/usr/bin/env python3
"""A payment terminal made of two packages of PyPI, against `counterproof serve`.

It shares no code with counterproof: pyiso8583 packs and unpacks messages, pycryptodome does DES. It signs on
(unwraps the MAC key and holds it against its check value), sells with a payment code that the API issues, asks
how the sale stands, sends it a second time, and reverses it.

    pip install -r requirements.txt
    counterproof serve --example-terminals > terminals.toml
    counterproof serve --terminals terminals.toml --data data --listen 127.0.0.1:7800 --api 127.0.0.1:7801
    python3 client.py 127.0.0.1:7800 http://127.0.0.1:7801

Ends with 0 when everything was as it should be.
"""

import json
import os
import socket
import struct
import sys
import urllib.request
from functools import reduce

import iso8583
from Crypto.Cipher import DES, DES3

TERMINAL, MERCHANT = "10000001", "898310000000001"
MASTER = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
TPDU, HEADER = "6000030000", "603100000000"


def fixed(size, kind="b"):
    return {"data_enc": kind, "len_enc": "ascii", "len_type": 0, "max_len": size, "desc": ""}


def variable(bytes_of_length, most, kind="ascii"):
    return {"data_enc": kind, "len_enc": "bcd", "len_type": bytes_of_length, "max_len": most, "desc": ""}


def digits(bytes_of_length, most):
    return {**variable(bytes_of_length, most, "b"), "len_count": "nibbles", "right_pad": "0"}


# The dialect `cup`, as pyiso8583 wants it: docs/simulated-network.md.
SPEC = {
    "h": fixed(11), "t": fixed(2), "p": fixed(8), "1": fixed(8),
    "3": fixed(3), "4": fixed(6), "11": fixed(3), "12": fixed(3), "13": fixed(2), "15": fixed(2),
    "22": fixed(2), "25": fixed(1), "32": digits(1, 11), "37": fixed(12, "ascii"), "38": fixed(6, "ascii"),
    "39": fixed(2, "ascii"), "41": fixed(8, "ascii"), "42": fixed(15, "ascii"), "49": fixed(3, "ascii"),
    "59": variable(2, 600), "60": digits(2, 17), "61": variable(2, 29), "62": variable(2, 512, "b"),
    "63": variable(2, 163, "gbk"), "64": fixed(8),
}


def mac(key, data):
    """银联 ECB: all blocks folded into one, its hexadecimal digits enciphered in two chained halves."""
    data += bytes(-len(data) % 8)
    blocks = (data[at:at + 8] for at in range(0, len(data), 8))
    folded = reduce(lambda a, b: bytes(x ^ y for x, y in zip(a, b)), blocks).hex().upper().encode()
    cipher = DES.new(key, DES.MODE_ECB)
    first = cipher.encrypt(folded[:8])
    return cipher.encrypt(bytes(x ^ y for x, y in zip(first, folded[8:]))).hex().upper().encode()[:8]


class Terminal:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout=10)
        self.stan, self.batch, self.key = 0, "000001", None

    def exchange(self, message):
        """Sends a message and returns the answer, both MACs done."""
        message = {"h": TPDU + HEADER, "41": TERMINAL, "42": MERCHANT, **message}
        if self.key:
            covered = iso8583.encode({**message, "64": "0" * 16}, SPEC)[0][11:-8]
            message["64"] = mac(self.key, bytes(covered)).hex()
        raw, _ = iso8583.encode(message, SPEC)
        self.socket.sendall(struct.pack(">H", len(raw)) + raw)
        (length,) = struct.unpack(">H", self.read(2))
        raw = self.read(length)
        answer, _ = iso8583.decode(raw, SPEC)
        if "64" in answer and mac(self.key, raw[11:-8]) != bytes.fromhex(answer["64"]):
            sys.exit("the MAC of the answer is wrong")
        for field in ("11", "41", "42"):
            if answer[field] != message[field]:
                sys.exit(f"the answer is not to this request: DE{field}")
        return answer

    def read(self, length):
        data = b""
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                sys.exit("the acquirer closed the connection")
            data += piece
        return data

    def next_stan(self):
        # A later run goes on where the batch is; this one begins somewhere of its own.
        self.stan = self.stan + 1 if self.stan else int.from_bytes(os.urandom(2), "big") * 10 + 1
        return f"{self.stan:06}"

    def sign_on(self):
        self.key = None
        answer = self.exchange({"t": "0800", "11": self.next_stan(), "60": f"00{self.batch}003",
                                "62": b"Sequence No123060CP000001".hex(), "63": "01 "})
        self.batch = answer["60"][2:8]
        keys = bytes.fromhex(answer["62"])
        wrapped, check = keys[20:28], keys[36:40]
        key = DES3.new(MASTER, DES3.MODE_ECB).decrypt(wrapped)
        if DES.new(key, DES.MODE_ECB).encrypt(bytes(8))[:4] != check:
            sys.exit("the check value of the MAC key does not fit")
        self.key = key
        return answer["39"]

    def sale(self, code, fen):
        return {"t": "0200", "3": "000000", "4": f"{fen:012}", "11": self.next_stan(), "22": "0320", "25": "00",
                "49": "156", "59": f"A3{len(code):03}{code}", "60": f"22{self.batch}00060"}

    def query(self, stan):
        return {"t": "0200", "3": "310000", "11": self.next_stan(), "22": "0320", "25": "00",
                "60": f"61{self.batch}00060", "61": f"{self.batch}{stan}0000"}

    def reversal(self, sale):
        return {**sale, "t": "0400", "39": "98", "61": f"{self.batch}{sale['11']}0000"}


def api(base, path, body=None):
    headers = {"content-type": "application/json"}
    if token := os.environ.get("COUNTERPROOF_API_TOKEN"):
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data, headers), timeout=10) as answer:
        return json.load(answer)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    terminal, base = Terminal(sys.argv[1]), sys.argv[2].rstrip("/")

    def expect(what, answer, wanted):
        code = answer if isinstance(answer, str) else answer["39"]
        said = "" if isinstance(answer, str) else " " + answer.get("63", "")
        print(f"{what}: {code}{said}")
        if code != wanted:
            sys.exit(f"{wanted} was expected")

    expect("sign-on", terminal.sign_on(), "00")
    print(f"batch {terminal.batch}, MAC key unwrapped, its check value fits")
    code = api(base, "/v1/codes", {"wallet": "ALI"})["code"]
    sale = terminal.sale(code, 12850)
    expect("sale of 128.50", terminal.exchange(sale), "00")
    expect("query", terminal.exchange(terminal.query(sale["11"])), "00")
    expect("the same sale again", terminal.exchange(sale), "94")
    posted = f"/v1/transactions/{TERMINAL}/{int(terminal.batch)}/{int(sale['11'])}"
    print("ledger:", api(base, posted)["net"], "fen charged")
    expect("reversal", terminal.exchange(terminal.reversal(sale)), "00")
    net = api(base, posted)["net"]
    print("ledger:", net, "fen charged")
    if net != 0:
        sys.exit("the reversal gave nothing back")


if __name__ == "__main__":
    main()
