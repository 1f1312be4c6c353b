"""Shown codes, refunds, voids, settlement and the device, against the host of test_terminal.py."""

import json
import os
import unittest

import emvco
from test_terminal import Flows


def merchant_code(amount="128.50", currency="156", tail=""):
    objects = (("00", "01"), ("01", "12"), ("15", "3" * 31), ("52", "5311"), ("53", currency), ("54", amount),
               ("58", "CN"), ("59", "SHOP"), ("60", "BEIJING"))
    text = "".join("%s%02d%s" % (tag, len(value), value) for tag, value in objects) + tail + "6304"
    return text + "%04X" % emvco.crc(text)


class MerchantCodes(unittest.TestCase):
    def test_published_payloads_have_the_crc_that_is_computed(self):
        good = ("00020101021115312031041800520446JDBMSZZXE44BFS038680016A005266284662577010832170418020300"
                "20325mchVKyozC3MbjS51h67qal4Os5204581253034185802LA5915JDBMSZZXE44BFS06009Vientiane63043F88")
        self.assertEqual((emvco.crc("123456789"), "%04X" % emvco.crc(good[:-4])), (0x29B1, good[-4:]))

    def test_only_the_orders_own_code_is_shown(self):
        good = merchant_code()
        self.assertTrue(emvco.is_order(good, 12850))
        self.assertTrue(emvco.is_order(merchant_code("128.5"), 12850))
        for bad in (None, "", good[:-1], good.replace("BEIJING", "BEIJINH"), merchant_code("128.51"),
                    merchant_code("12850"),
                    merchant_code("128.500"), merchant_code(currency="840"), merchant_code(tail="540540.00"),
                    merchant_code(tail="5502025603100"), good + "6304" + "%04X" % emvco.crc(good + "6304")):
            self.assertFalse(emvco.is_order(bad, 12850), bad)


class ShownCodes(Flows):
    def show(self, payload, **answers):
        bench = self.bench(code_order={39: "09", 59: "A4%03d%s" % (len(payload), payload)}, query={39: "09"}, **answers)
        bench.event("cashier.pay", order="A1", amount=12850, flow="show")
        bench.run(1000)
        return bench

    def test_a_shown_code_is_paid(self):
        bench = self.show(merchant_code())
        self.assertEqual([action["payload"] for action in bench.of("showCode")], [merchant_code()])
        bench.run(20_000)
        bench.answers["query"] = {39: "00"}
        bench.run(5000)
        self.assertEqual(bench.words(), [("unknown", "phone.unconfirmed"), ("approved", None)])
        self.assertEqual(bench.names(), ["sign-in", "code order"] + 5 * ["query"])
        self.assertTrue(bench.of("print"))

    def test_a_code_that_nobody_scans_is_reversed(self):
        bench = self.show(merchant_code())
        bench.run(121_000)
        self.assertEqual(bench.words(), [("unknown", "phone.unconfirmed"), ("cancelled", "phone.unconfirmed")])
        self.assertEqual((bench.sent[-1][0], bench.sent[-1][1][39], bench.sent[-1][1][22]), ("reversal", "98", "042"))

    def test_the_cancel_key_takes_the_code_away(self):
        bench = self.show(merchant_code())
        bench.event("cashier.cancel")
        bench.run(1000)
        self.assertEqual(bench.words()[-1], ("cancelled", "cashier.cancelled"))
        self.assertEqual((bench.sent[-1][1][39], len(bench.of("showCode"))), ("06", 1))

    def test_a_wrong_code_is_not_shown_and_the_order_closed(self):
        bench = self.show(merchant_code("1.00"))
        self.assertEqual(bench.of("showCode"), [])
        self.assertEqual(bench.words()[-1], ("cancelled", "device.merchant-code"))
        self.assertEqual((bench.names()[-1], bench.sent[-1][1][39]), ("reversal", "98"))


class GivingBack(Flows):
    def test_refunds_give_back_what_is_left_and_no_more(self):
        bench = self.bench().paid()
        for amount in (10000, 2851, 2850, 1):
            bench.event("cashier.refund", order="A1", amount=amount)
            bench.run(1000)
        self.assertEqual(bench.words(), [("approved", None), ("declined", "input.invalid")] * 2)
        self.assertEqual(bench.names(), ["refund", "refund"])
        refund = bench.sent[0][1]
        self.assertEqual([refund[n] for n in (3, 4, 22, 37, 60, 61)],
                         ["200000", "000000010000", "032", "123456789012", "2500000700060", "0000070000020101"])
        bench.clear()
        bench.pay()
        self.assertEqual((bench.words(), bench.of("display")[0]["reason"]), ([], "host.duplicate"))

    def test_a_refund_without_answer_is_queried_even_after_a_power_cut(self):
        bench = self.bench(silent=["refund"]).paid()
        bench.event("cashier.refund", order="A1", amount=12850)
        bench.run(1000)
        bench.start("cold")
        bench.run(1000)
        self.assertEqual(bench.names(), ["refund", "query"])
        self.assertEqual(bench.words()[-1], ("approved", None))

    def test_a_refund_that_the_host_has_not_seen_is_reversed(self):
        bench = self.bench(silent=["refund"], query={39: "25", 4: None}).paid()
        bench.event("cashier.refund", order="A1", amount=12850)
        bench.run(70_000)
        self.assertEqual(bench.words(), [("unknown", "network.timeout"), ("cancelled", "network.timeout")])
        self.assertEqual((bench.names()[-1], bench.sent[-1][1][60][:2]), ("reversal", "25"))

    def test_a_void_gives_back_all_once(self):
        bench = self.bench().paid()
        for order in ("A1", "A1", "B1"):
            bench.event("cashier.void", order=order)
            bench.run(1000)
        self.assertEqual(bench.words(), [("approved", None), ("declined", "input.invalid"),
                                         ("declined", "input.unknown-order")])
        self.assertEqual(bench.names(), ["void"])


class Settlements(Flows):
    def test_balanced_totals_close_the_batch(self):
        bench = self.bench().paid(2)
        bench.event("cashier.void", order="A1")
        bench.run(1000)
        bench.event("cashier.settle")
        bench.run(1000)
        self.assertEqual(bench.names(), ["void", "settlement", "end 207", "sign-in"])
        self.assertEqual(bench.sent[1][1][48], ("000000025700002" "000000012850001").ljust(62, "0"))
        self.assertEqual(bench.sent[2][1][48], "0000")
        self.assertEqual(bench.of("settled"), [{"type": "settled", "batch": "000007", "matched": True,
                                                "debits": {"count": 2, "amount": 25700},
                                                "credits": {"count": 1, "amount": 12850}}])

    def test_other_totals_upload_the_details_and_resume_after_a_power_cut(self):
        bench = self.bench(settlement={48: "2".rjust(31, "0").ljust(62, "0")}, silent=["end 202"]).paid(32)
        bench.event("cashier.settle")
        bench.run(1000)
        bench.start("cold")
        bench.silent.clear()
        bench.run(1000)
        self.assertEqual(bench.names(), ["settlement", "details", "details", "end 202", "end 202", "sign-in"])
        first, second, end = [request[48] for _, request in bench.sent[1:4]]
        self.assertEqual((len(first), second, end), (2 + 31 * 32, "01000033" "22123456789012000000012850", "0032"))
        self.assertEqual([batch["matched"] for batch in bench.of("settled")], [False])

    def test_an_open_settlement_takes_no_payment_until_it_is_done(self):
        bench = self.bench(silent=["settlement"]).paid()
        bench.event("cashier.settle")
        bench.run(200_000)
        bench.event("cashier.pay", order="B1", amount=1, flow="scan")
        self.assertEqual((bench.names(), bench.words()), (3 * ["settlement"], [("declined", "device.batch-full")]))
        bench.silent.clear()
        bench.event("cashier.settle")
        bench.run(1000)
        self.assertEqual(len(bench.of("settled")), 1)

    def test_another_batch_at_the_host_is_taken_and_settled(self):
        bench = self.bench(settlement={39: "77", 48: None}).paid()
        bench.event("cashier.settle")
        bench.run(120)
        bench.answers.clear()
        bench.run(1000)
        self.assertEqual(bench.names(), ["settlement", "sign-in", "settlement", "end 207", "sign-in"])

    def test_a_full_batch_takes_no_payment(self):
        bench = self.bench(limit=2).paid(2)
        bench.pay("A3", "150000000000000000")
        self.assertEqual((bench.words(), bench.names()), ([("declined", "device.batch-full")], []))


class Device(Flows):
    def test_without_paper_receipts_wait_and_a_reprint_is_marked(self):
        bench = self.bench()
        bench.event("printer.fault", kind="paper-out")
        bench.pay()
        bench.run(1000)
        self.assertEqual((bench.words(), bench.of("print")), ([("approved", None)], []))
        bench.event("printer.fault", kind="ok")
        self.assertEqual(len(bench.of("print")), 2)
        bench.event("cashier.reprint")
        self.assertEqual(["*** 重打印 ***" in receipt["lines"] for receipt in bench.of("print")],
                         [False, False, True, True])

    def test_the_self_test_tells_a_dead_link_from_a_dead_host(self):
        bench = self.bench()
        bench.event("scanner.fault", kind="dead")
        bench.dead = {"cellular"}
        for bench.silent in (set(), {"echo"}):
            bench.event("cashier.selfTest")
            bench.run(120_000)
        bench.dead = {"cellular", "wifi"}
        bench.event("cashier.selfTest")
        bench.run(1000)
        parts = [test["parts"] for test in bench.of("selfTest")]
        self.assertEqual([part.get("host") for part in parts], ["ok", "fault", None])
        self.assertEqual([part["links"]["wifi"] for part in parts], ["ok", "ok", "fault"])
        self.assertEqual((parts[0]["scanner"], parts[0]["printer"], parts[0]["storage"]), ("fault", "ok", "ok"))

    def test_the_device_log_keeps_faults_and_repairs(self):
        bench = self.bench()
        bench.event("scanner.fault", kind="dead")
        bench.run(1000)
        bench.event("scanner.fault", kind="ok")
        bench.start("cold")
        bench.event("cashier.deviceLog")
        self.assertEqual([(entry["kind"], entry["text"]) for entry in bench.of("deviceLog")[0]["entries"]],
                         [("scanner", "dead"), ("scanner", "ok"), ("power", "restarted")])

    def test_a_refused_interface_is_named_and_logged(self):
        bench = self.bench(sale="58")
        bench.pay()
        bench.run(1000)
        self.assertEqual(bench.words(), [("declined", "device.interface")])
        self.assertEqual(bench.of("outcome")[0]["advice"][0], "update-software")

    def test_the_clock_is_the_hosts_where_an_answer_names_no_time(self):
        bench = self.bench()
        bench.answers.update({"sign-in": {12: "231500", 13: "1230"}, "sale": {12: None, 13: None}})
        bench.pay()
        bench.run(1000)
        self.assertIn("2025-12-30 23:15:00", json.dumps(bench.of("print")))

    def test_one_damaged_copy_is_restored_and_two_stop_the_trade(self):
        for names in (["journal"], ["journal.copy"], ["journal", "journal.copy"]):
            bench = self.bench(silent=["sale"])
            bench.pay()
            bench.run(1000)
            for name in names:
                path = os.path.join(bench.storage.name, name)
                with open(path, "r+b") as found:
                    found.truncate(os.path.getsize(path) // 2)
            bench.start("cold")
            bench.run(1000)
            self.assertIn("device.storage", [shown.get("reason") for shown in bench.of("display")])
            self.assertEqual("reversal" in bench.names(), len(names) == 1)
            bench.clear()
            bench.pay("B1", "150000000000000000")
            self.assertEqual(("declined", "device.storage") in bench.words(), len(names) == 2)


if __name__ == "__main__":
    unittest.main()
