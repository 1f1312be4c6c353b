"""Links and connections: how a frame gets to the host and back.

What has to wait is a generator: it yields the instant at which it wants to be woken (or None)
and is sent signals, triples (name, subject, detail):
    opened conn · refused conn reason · closed conn · answer conn message · link.down link · link.up link ·
    cancel · kick · time (the instant has come)
"""

from __future__ import annotations

from typing import Any, Generator, Optional

from iso8583 import Malformed, Message, Splitter, decode

Wait = Generator[Optional[int], tuple, Any]

_TROUBLE = {"refused": "network.host-unreachable", "unreachable": "network.host-unreachable",
            "timeout": "network.timeout", "tls": "network.security", "link.down": "network.no-signal"}
_WORSE = ["network.no-signal", "network.timeout", "network.host-unreachable", "network.security"]


class Failed(Exception):
    """What was tried came to nothing before a financial message was sent, and why."""

    def __init__(self, reason: str, advice: Optional[list[str]] = None, **facts: Any):
        super().__init__(reason)
        self.reason, self.advice, self.facts = reason, advice, facts


class Line:
    """The terminal's links in order of preference, and the connections that stand."""

    def __init__(self, terminal, links: list[str], timing: dict):
        self.terminal, self.links = terminal, links
        self.timeout, self.round = timing["connectTimeoutMs"], timing["reversalRoundMs"]
        self.down = set()
        self.conns = {}  # number -> (link, splitter)
        self.current = None  # the connection that the next frame takes
        self.first = 0  # the link to begin with
        self.count = 0
        self.attempts = []  # instants of the last ten

    def connect(self) -> Wait:
        """Sees to a connection, trying each link once; raises Failed where none is to be had."""
        if self.current and self.link_of(self.current) not in self.down:
            return
        trouble = "network.no-signal"
        for turn in range(len(self.links)):
            link = self.links[(self.first + turn) % len(self.links)]
            if link not in self.down:
                fate = yield from self.open(link)
                if fate == "opened":
                    return
                trouble = max(trouble, _TROUBLE.get(fate, "network.host-unreachable"), key=_WORSE.index)
        raise Failed(trouble)

    def open(self, link: str) -> Wait:
        """Dials over one link: "opened", or why it could not be."""
        now = self.terminal.now
        self.count += 1
        conn, until = self.count, now + self.timeout
        self.conns[conn] = (link, Splitter())
        self.attempts = self.attempts[-9:] + [now]
        self.terminal.act("host.open", conn=conn, link=link)
        fate = "timeout"
        while self.terminal.now < until:
            name, subject, detail = yield until
            if (name, subject) == ("opened", conn):
                self.current = conn
                return name
            if subject == conn and name in ("refused", "closed"):
                return "link.down" if link in self.down else detail
            if (name, subject) == ("link.down", link):
                fate = name
                break
        self.close(conn)
        return fate

    def send(self, frame: bytes) -> None:
        self.terminal.act("host.send", conn=self.current, data=frame.hex())

    def give_up(self) -> None:
        """After silence: the next frame takes a new connection, over another link if there is one.

        The silent one stays open, for an answer may still come.
        """
        self.current = None
        self.first = (self.first + 1) % len(self.links)

    def close(self, conn: int) -> None:
        if self.forget(conn):
            self.terminal.act("host.close", conn=conn)

    def hang_up(self, keep: Optional[int] = None) -> None:
        """Closes every connection but `keep`."""
        for conn in list(self.conns):
            if conn != keep:
                self.close(conn)

    def forget(self, conn: int):
        if conn == self.current:
            self.current = None
        return self.conns.pop(conn, None)

    def link_of(self, conn: Optional[int]) -> Optional[str]:
        return self.conns[conn][0] if conn in self.conns else None

    def messages(self, conn: int, data: bytes) -> list[Optional[Message]]:
        """What these bytes complete; a stream that cannot be cut into frames is closed (None at the end)."""
        found = []
        if conn not in self.conns:
            return found
        try:
            frames = self.conns[conn][1].feed(data)
        except Malformed:
            self.close(conn)
            return [None]
        for frame in frames:
            try:
                found.append(decode(frame))
            except Malformed:
                self.terminal.act("log", level="warning", text="a frame of %d bytes does not decode" % len(frame))
        return found

    def quiet_from(self) -> int:
        """From when on another round of attempts does not flood a host that is down."""
        return self.attempts[-6] + self.round if len(self.attempts) > 5 else 0
