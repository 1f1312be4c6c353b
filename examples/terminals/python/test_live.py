"""The driver of live mode, with a terminal that does what a test wants."""

import io
import os
import socket
import unittest

from live import Driver


class Pair:
    """A terminal that closes the other one of two connections as soon as one is heard of."""

    def __init__(self, address):
        self.params = {"now": 0, "timing": {"connectTimeoutMs": 5000},
                       "host": {"links": [{"name": "cellular", "address": address, "tls": False}]}}
        self.terminal, self.driver, self.heard, self.stands = self, None, [], 0

    def wake_at(self):
        return None

    def handle(self, at, event):
        actions = []
        if event["type"] == "host.opened":
            self.stands += 1
            self.driver.ended = self.stands == 2 or None
        elif event["type"] == "host.data":
            self.heard.append(event["conn"])
            actions = [{"type": "host.close", "conn": 3 - event["conn"]}]
            self.driver.ended = True
        return {"actions": actions, "wakeAt": None}


class Live(unittest.TestCase):
    def test_a_connection_that_is_closed_while_its_bytes_wait_is_not_read(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            pair = Pair("127.0.0.1:%d" % server.getsockname()[1])
            reader, writer = os.pipe()
            with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb"):
                pair.driver = driver = Driver(pair, source, io.BytesIO())
                opens = [{"type": "host.open", "conn": conn, "link": "cellular"} for conn in (1, 2)]
                driver.perform({"actions": opens, "wakeAt": None})
                hosts = [server.accept()[0] for _ in opens]
                driver.run()
                for host in hosts:
                    host.sendall(b"\0")
                driver.ended = None
                driver.run()
                for host in hosts:
                    host.close()
                driver.hang_up()
        self.assertEqual(len(pair.heard), 1)


if __name__ == "__main__":
    unittest.main()
