"""The same terminal on its own clock and its own sockets: terminal protocol 1, mode live.

The terminal of counter.py does no I/O: it is handed events and answers with actions and the instant at
which it wants to be woken. In lockstep the suite does the rest; here this file does.
"""

from __future__ import annotations

import errno
import json
import os
import selectors
import socket
import ssl
import time
from typing import Optional

WANTS = {ssl.SSLWantReadError: selectors.EVENT_READ, ssl.SSLWantWriteError: selectors.EVENT_WRITE}


class Driver:
    """Lines of the suite, sockets to the host, and the clock, until a shutdown."""

    def __init__(self, adapter, source, sink):
        self.adapter, self.source, self.sink = adapter, source.fileno(), sink
        self.begun, self.ended = b"", None  # of a line; whether all is over, and by shutdown
        self.selector, self.lines = selectors.DefaultSelector(), self.read_lines
        self.selector.register(self.source, selectors.EVENT_READ, self.lines)
        self.start()

    def start(self) -> None:
        """The terminal has started: from now on its clock runs."""
        params = self.adapter.params
        self.links = {link["name"]: link for link in params["host"]["links"]}
        self.timeout = params["timing"]["connectTimeoutMs"] / 1000
        self.zero = time.monotonic() - params["now"] / 1000
        self.sockets, self.deadlines = {}, {}  # by connection
        self.wake = self.adapter.terminal.wake_at()

    def now(self) -> int:
        return int((time.monotonic() - self.zero) * 1000)

    def run(self) -> bool:
        while self.ended is None:
            for key, _ in self.selector.select(self.patience()):
                if self.selector.get_map().get(key.fd) == key:  # one before it may have closed this one
                    key.data()
            for conn in [conn for conn, due in self.deadlines.items() if due <= time.monotonic()]:
                self.fail(conn, "timeout")
            if self.wake is not None and self.now() >= self.wake and self.adapter.terminal:
                self.tell({"type": "wake"})
        return self.ended

    def patience(self) -> Optional[float]:
        """Seconds until something is due."""
        due = list(self.deadlines.values())
        if self.wake is not None:
            due.append(self.zero + self.wake / 1000)
        return max(0.0, min(due) - time.monotonic()) if due else None

    # ---- the suite ----

    def read_lines(self) -> None:
        read = os.read(self.source, 65536)
        if not read:
            self.ended = False
        *lines, self.begun = (self.begun + read).split(b"\n")
        for line in lines:
            before, self.result = self.adapter.terminal, None
            answer, last = self.adapter.answer(line, self)
            self.write(answer)
            if self.adapter.terminal is not before:
                self.hang_up()
                if self.adapter.terminal:
                    self.start()
            elif self.result:
                self.perform(self.result)
            if last:
                self.ended = True

    def write(self, message: dict) -> None:
        self.sink.write(json.dumps(message).encode() + b"\n")
        self.sink.flush()

    def handle(self, event: dict) -> dict:
        """An event of the suite: answered at once, the actions follow."""
        self.result = self.adapter.terminal.handle(self.now(), event)
        return {"actions": []}

    # ---- the terminal ----

    def tell(self, event: dict) -> None:
        self.perform(self.adapter.terminal.handle(self.now(), event))

    def perform(self, result: dict) -> None:
        self.wake = result["wakeAt"]
        for action in result["actions"]:
            kind = action["type"]
            if kind == "host.open":
                self.connect(action["conn"], self.links[action["link"]])
            elif kind == "host.send":
                self.send(action["conn"], bytes.fromhex(action["data"]))
            elif kind == "host.close":
                self.drop(action["conn"])
            else:
                self.write({"jsonrpc": "2.0", "method": "action", "params": {"at": self.now(), "action": action}})

    # ---- the host ----

    def connect(self, conn: int, link: dict) -> None:
        host, _, port = link["address"].rpartition(":")
        address = (host.strip("[]"), int(port))
        plain = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        plain.setblocking(False)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sockets[conn] = plain
        self.deadlines[conn] = time.monotonic() + self.timeout
        plain.connect_ex(address)
        self.selector.register(plain, selectors.EVENT_WRITE, lambda: self.connected(conn, link["tls"]))

    def connected(self, conn: int, tls) -> None:
        """The system has an answer to the wish to connect."""
        plain = self.sockets[conn]
        problem = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            refused = {errno.ECONNREFUSED: "refused", errno.ECONNRESET: "refused", errno.ETIMEDOUT: "timeout"}
            return self.fail(conn, refused.get(problem, "unreachable"))
        if not tls:
            return self.opened(conn)
        context = ssl.create_default_context(cadata=tls["ca"])  # checks chain, dates and name
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.selector.unregister(plain)
        secured = context.wrap_socket(plain, server_hostname=tls["serverName"], do_handshake_on_connect=False)
        self.sockets[conn] = secured
        self.selector.register(secured, selectors.EVENT_WRITE, lambda: self.shake_hands(conn))

    def shake_hands(self, conn: int) -> None:
        secured = self.sockets[conn]
        try:
            secured.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as wants:
            self.selector.modify(secured, WANTS[type(wants)], lambda: self.shake_hands(conn))
        except OSError:  # ssl.SSLError is one
            self.fail(conn, "tls")
        else:
            self.opened(conn)

    def opened(self, conn: int) -> None:
        del self.deadlines[conn]
        self.selector.modify(self.sockets[conn], selectors.EVENT_READ, lambda: self.receive(conn))
        self.tell({"type": "host.opened", "conn": conn})

    def receive(self, conn: int) -> None:
        try:
            data = self.sockets[conn].recv(65536)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError:
            return self.end(conn, "reset")
        if not data:
            return self.end(conn, "eof")
        self.tell({"type": "host.data", "conn": conn, "data": data.hex()})
        if conn in self.sockets and isinstance(self.sockets[conn], ssl.SSLSocket) and self.sockets[conn].pending():
            self.receive(conn)

    def send(self, conn: int, data: bytes) -> None:
        """A frame fits into the system's buffer; a connection that is broken is noticed when it is read."""
        if conn in self.sockets:
            try:
                self.sockets[conn].send(data)
            except OSError:
                pass

    def fail(self, conn: int, reason: str) -> None:
        self.drop(conn)
        self.tell({"type": "host.refused", "conn": conn, "reason": reason})

    def end(self, conn: int, reason: str) -> None:
        self.drop(conn)
        self.tell({"type": "host.closed", "conn": conn, "reason": reason})

    def drop(self, conn: int) -> None:
        self.deadlines.pop(conn, None)
        gone = self.sockets.pop(conn, None)
        if gone:
            self.selector.unregister(gone)
            gone.close()

    def hang_up(self) -> None:
        """The terminal has started anew, or fallen: whatever it was connected to is no more."""
        for conn in list(self.sockets):
            self.drop(conn)
        self.wake = None
