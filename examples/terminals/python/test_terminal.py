"""Published vectors for codec and MAC, and payments against a host of a few lines."""

import hashlib
import json
import tempfile
import unittest

import codes
import crypto
import iso8583
from terminal import Adapter

MASTER = "0123456789abcdeffedcba9876543210"
TIMING = {"connectTimeoutMs": 15000, "responseTimeoutMs": 60000, "reversalRetryMs": 20000, "reversalRoundMs": 60000,
          "queryIntervalMs": 5000, "queryForMs": 45000, "scanTimeoutMs": 60000, "showForMs": 120000}
CODE = "134567890123456789"


class Vectors(unittest.TestCase):
    KEY = bytes.fromhex("DAB36167E6DFB5EF")
    # A sale captured on the wire, from its MTI on, with its MAC.
    SALE = bytes.fromhex(
        "02003020048000C0803100000000000000000100000103200032323030333630303130343531323534313131303030313135360024"
        "4133303139363231313131313131313131313131313131310013220066030006004535383035454342")
    FRAME = bytes.fromhex("0069" "6006010000" + iso8583.HEADER) + SALE

    def test_des_gives_the_check_value_of_a_captured_key(self):
        self.assertEqual(crypto.check_value(self.KEY).hex().upper(), "B8F616DC")

    def test_triple_des_unwraps_a_captured_pin_key(self):
        master = bytes.fromhex("159D86C7C1F779EA29F77A6858E0DA2A")
        key = crypto.decrypt(master, bytes.fromhex("75CAD854C2E59A5EEDD7CA7410C2C215"))
        self.assertEqual((key.hex().upper(), crypto.check_value(key).hex().upper()),
                         ("64F2451FB3A29158DC924F2A32541C02", "46DD7383"))

    def test_a_captured_sale_decodes_verifies_and_encodes_again(self):
        frame, = iso8583.Splitter().feed(self.FRAME)
        sale = iso8583.decode(frame)
        self.assertEqual((sale[4], sale[22], sale[59]), ("000000000001", "032", "A30196211111111111111111"))
        self.assertTrue(sale.mac_is_right(self.KEY))
        fields = {field: value for field, value in sale.fields.items() if field != 64}
        self.assertEqual(iso8583.encode("6006010000", "0200", fields, self.KEY), self.FRAME)

    def test_every_cut_off_frame_is_refused(self):
        for length in range(2, len(self.FRAME)):
            with self.assertRaises(iso8583.Malformed):
                iso8583.decode(self.FRAME[2:length])

    def test_codes_follow_the_rules_of_their_wallets(self):
        for code, wallet in ((CODE, "WeChat Pay"), ("28" + "0" * 20, None), ("28" + "0" * 22, "Alipay"),
                             ("62" + "0" * 17, "UnionPay"), ("625010" + "0" * 13, "JD Pay"), ("01" + "0" * 17, "e-CNY"),
                             ("１３" + CODE[2:], None), (CODE + "0", None), ("https://qr.alipay.com/x", None)):
            self.assertEqual(codes.wallet_of(code), wallet, code)


class Bench:
    """A terminal, a clock and a host that answers after 50 ms, or not at all where `silent` names the message.

    `answers` holds, by message, fields that differ from an approval; None leaves a field out.
    """

    NAMES = {"22": "sale", "62": "code order", "61": "query", "23": "void", "25": "refund"}  # by 60.1
    MANAGES = {"003": "sign-in", "301": "echo", "207": "end 207", "202": "end 202"}  # by 60.3

    def __init__(self, sale="00", silent=(), limit=500, **answers):
        self.now, self.wake, self.queue, self.actions, self.sent = 1767225600000, None, [], [], []
        self.answers = {"sale": {39: sale}, **{name.replace("_", " "): fields for name, fields in answers.items()}}
        self.silent, self.mac_key, self.limit, self.dead = set(silent), b"\x13" * 8, limit, set()
        self.storage = tempfile.TemporaryDirectory()
        self.start("factory")

    def call(self, method, params):
        reply, _ = self.adapter.answer(json.dumps({"id": 1, "method": method, "params": params}).encode())
        return reply

    def start(self, boot):
        self.adapter, self.queue = Adapter(), []
        self.wake = self.call("initialize", {
            "protocol": 1, "mode": "lockstep", "now": self.now, "boot": boot, "storage": self.storage.name,
            "locale": "zh-CN", "timing": TIMING,
            "host": {"dialect": "cup", "links": [{"name": "cellular"}, {"name": "wifi"}]},
            "terminal": {"id": "10000001", "merchant": "898310000000001", "tpdu": "6000030000", "masterKey": MASTER,
                         "firstStan": 1, "firstBatch": 1, "batchLimit": self.limit}})["result"]["wakeAt"]

    def event(self, kind, /, **members):
        answer = self.call("event", {"at": self.now, "event": {"type": kind, **members}})["result"]
        self.wake = answer["wakeAt"]
        for action in answer["actions"]:
            self.actions.append(action)
            if action["type"] == "host.open":
                lost = action["link"] in self.dead
                self.queue.append((self.now + 50, "host.refused" if lost else "host.opened",
                                   {"conn": action["conn"], **({"reason": "timeout"} if lost else {})}))
            elif action["type"] == "host.send":
                self.host(action["conn"], iso8583.decode(bytes.fromhex(action["data"])[2:]))

    def host(self, conn, request):
        kind, manages = request[60][:2], request[60][8:11]
        name = {"0400": "reversal", "0500": "settlement"}.get(request.mti) or self.NAMES.get(kind) \
            or self.MANAGES.get(manages, "details")
        self.sent.append((name, request))
        if name in self.silent:
            return
        fields = {n: request[n] for n in (3, 4, 11, 41, 42) if n in request}
        fields.update({12: "080000", 13: "0101", 37: "123456789012", 39: "00"})
        if name == "sign-in":
            pin_key, master = b"\x11" * 16, bytes.fromhex(MASTER)
            fields.update({60: "00000007003", 62: crypto.encrypt(master, pin_key) + crypto.check_value(pin_key)
                           + crypto.encrypt(master, self.mac_key) + bytes(8) + crypto.check_value(self.mac_key)})
        if name == "query":
            fields[4] = "000000012850"
        if name == "settlement":
            fields[48] = request[48][:30] + "1" + request[48][31:]
        fields.update(self.answers.get(name, {}))
        frame = iso8583.encode("6000000003", "%04d" % (int(request.mti) + 10),
                               {field: value for field, value in fields.items() if value is not None},
                               self.mac_key if 64 in request else None)
        self.queue.append((self.now + 50, "host.data", {"conn": conn, "data": frame.hex()}))

    def run(self, ms):
        end = self.now + ms
        while True:
            self.queue.sort(key=lambda item: item[0])
            if self.queue and (self.wake is None or self.queue[0][0] <= self.wake) and self.queue[0][0] <= end:
                self.now, kind, members = self.queue.pop(0)
                self.event(kind, **members)
            elif self.wake is not None and self.wake <= end:
                self.now = self.wake
                self.event("wake")
            else:
                self.now = end
                return

    def pay(self, order="A1", code=CODE):
        self.event("cashier.pay", order=order, amount=12850, flow="scan")
        self.event("scanner.read", text=code + "\r\n", symbology="qr")

    def paid(self, orders=1):
        for number in range(orders):
            self.pay("A%d" % (number + 1), str(int(CODE) + number))
            self.run(1000)
        self.clear()
        return self

    def clear(self):
        self.actions, self.sent = [], []

    def of(self, kind):
        return [action for action in self.actions if action["type"] == kind]

    def words(self):
        return [(word["status"], word.get("reason")) for word in self.of("outcome")]

    def names(self):
        return [name for name, _ in self.sent]


class Flows(unittest.TestCase):
    def bench(self, **host):
        bench = Bench(**host)
        self.addCleanup(bench.storage.cleanup)
        return bench


class Payments(Flows):
    def test_a_payment_is_approved_once_and_printed_without_the_code(self):
        bench = self.bench()
        bench.pay()
        bench.run(200_000)
        self.assertEqual((bench.words(), bench.names()), ([("approved", None)], ["sign-in", "sale"]))
        self.assertEqual(bench.sent[1][1][59], "A3018" + CODE)
        shown = json.dumps([action for action in bench.actions if action["type"] != "host.send"])
        self.assertNotIn(CODE, shown)
        self.assertIn("134567********6789", shown)

    def test_silence_is_reversed_until_the_host_answers(self):
        bench = self.bench(silent=["sale", "reversal"])
        bench.pay()
        bench.run(300_000)
        self.assertEqual(bench.words(), [("unknown", "network.timeout")])
        bench.silent.clear()
        bench.run(300_000)
        self.assertEqual(bench.words()[1:], [("cancelled", "network.timeout")])
        reversal, sale = bench.sent[-1][1], bench.sent[1][1]
        self.assertEqual(reversal[39], "98")
        self.assertEqual([reversal[n] for n in (3, 4, 11, 22, 60)], [sale[n] for n in (3, 4, 11, 22, 60)])

    def test_waiting_for_the_customer_is_queried(self):
        bench = self.bench(sale="09")
        bench.pay()
        bench.run(20_000)
        self.assertEqual(bench.words(), [("unknown", "phone.unconfirmed"), ("approved", None)])
        self.assertEqual(bench.names(), ["sign-in", "sale", "query"])

    def test_a_power_cut_after_sending_is_reversed_without_being_asked(self):
        bench = self.bench(silent=["sale"])
        bench.pay()
        bench.run(1000)
        bench.start("cold")
        self.assertEqual(bench.wake, bench.now)
        bench.run(1000)
        self.assertEqual(bench.words(), [("unknown", "device.power"), ("cancelled", "device.power")])
        self.assertEqual(bench.names(), ["sign-in", "sale", "reversal"])

    def test_an_approval_under_a_wrong_mac_is_reversed_under_new_keys(self):
        bench = self.bench()
        bench.event("cashier.signIn")
        bench.run(1000)
        bench.mac_key = hashlib.sha256(b"another").digest()[:8]
        bench.pay()
        bench.run(1000)
        self.assertEqual(bench.words()[-1], ("cancelled", "network.security"))
        self.assertEqual(bench.names(), ["sign-in", "sale", "sign-in", "reversal"])
        self.assertEqual(bench.sent[-1][1][39], "A0")

    def test_what_is_not_claimed_is_unsupported(self):
        bench = self.bench()
        for event in ({"type": "scanner.image"}, {"type": "cashier.pay", "order": "A", "amount": 1, "flow": "dance"}):
            self.assertEqual(bench.call("event", {"at": bench.now, "event": event})["error"]["code"], -32001)
        self.assertEqual(bench.call("dance", {})["error"]["code"], -32601)

    def test_a_dialect_that_is_not_spoken_is_refused(self):
        bench = self.bench()
        for host in ({"dialect": "cup-cbc", "links": []}, {}, None):
            refused = bench.call("initialize", {"protocol": 1, "mode": "lockstep", "host": host})
            self.assertEqual(refused["error"]["code"], -32602)


if __name__ == "__main__":
    unittest.main()
