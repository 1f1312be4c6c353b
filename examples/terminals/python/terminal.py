#!/usr/bin/env python3
"""A complete scan-to-pay terminal that speaks terminal protocol 1, in lockstep and live.

    terminal.py                      over standard input and output
    terminal.py --listen HOST:PORT   over TCP, one connection after the other

This file is the adapter: JSON-RPC in, JSON-RPC out. The terminal behind it is counter.py; in mode live, live.py
gives it a clock and sockets. What only some starts need is imported where it is needed: after a power cut a shop waits.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Optional

from counter import Invalid, Terminal, Unsupported

if TYPE_CHECKING:
    from live import Driver

CAPABILITIES = {"reset": True, "modes": ["lockstep", "live"], "flows": ["scan", "show", "refund", "void", "settle"],
                "scanner": ["text"], "manualCode": True, "printer": True, "links": 2,
                "selfTest": True, "deviceLog": True}


class Refused(Exception):
    """A request that gets an error: (code, message)."""


@functools.lru_cache(maxsize=None)
def build() -> str:
    """A digest of the sources, so that a report says what was tested."""
    digest, here = hashlib.sha256(), os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(here)):
        if name.endswith(".py"):
            with open(os.path.join(here, name), "rb") as file:
                digest.update(file.read())
    return "sha256:" + digest.hexdigest()


class Adapter:
    """The three methods of the protocol, and the one terminal behind them."""

    def __init__(self):
        self.terminal, self.params = None, {}

    def initialize(self, params: dict) -> dict:
        if params.get("protocol") != 1 or params.get("mode") not in CAPABILITIES["modes"]:
            raise Refused(-32602, "only protocol 1, in lockstep or live")
        host = params.get("host")
        if not isinstance(host, dict) or host.get("dialect") != "cup":
            raise Refused(-32602, "host.dialect: only cup")  # better than messages that nobody can read
        self.terminal = None  # whatever was in memory is gone
        try:
            self.terminal, self.params = Terminal(params), params
        except (KeyError, TypeError, ValueError) as problem:
            raise Refused(-32602, "initialize: %s %s" % (type(problem).__name__, problem)) from problem
        return {"protocol": 1, "name": "scan-to-pay example", "vendor": "counterproof", "version": "1.0.0",
                "build": build(), "capabilities": CAPABILITIES, "wakeAt": self.terminal.wake_at()}

    def event(self, params: dict, live: Optional[Driver] = None) -> dict:
        if not self.terminal:
            raise Refused(-32002, "not initialized")
        at, event = params.get("at"), params.get("event")
        if not isinstance(at, int) or not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Refused(-32602, "an event needs at and event.type")
        try:
            return live.handle(event) if live else self.terminal.handle(at, event)
        except Unsupported:
            raise Refused(-32001, "unsupported") from None
        except Invalid as problem:
            raise Refused(-32602, "%s lacks a member" % problem) from None
        except Exception:
            self.terminal = None  # as after a power cut: what is durable counts, nothing half done does
            raise

    def shutdown(self) -> dict:
        return {}

    def answer(self, line: bytes, live: Optional[Driver] = None) -> tuple[dict, bool]:
        """The answer to one line, and whether that was the end."""
        number, method = None, None
        try:
            request = json.loads(line.decode("utf-8", "replace"))
            if not isinstance(request, dict):
                raise Refused(-32600, "not a request")
            number, method = request.get("id"), request.get("method")
            params = request.get("params") or {}
            if not isinstance(params, dict):
                raise Refused(-32602, "params are an object")
            if method == "initialize":
                reply = {"result": self.initialize(params)}
            elif method == "event":
                reply = {"result": self.event(params, live)}
            elif method == "shutdown":
                reply = {"result": self.shutdown()}
            else:
                raise Refused(-32601, "unknown method")
        except Refused as problem:
            reply = {"error": {"code": problem.args[0], "message": problem.args[1]}}
        except json.JSONDecodeError:
            reply = {"error": {"code": -32700, "message": "not JSON"}}
        except Exception as problem:
            import traceback
            traceback.print_tb(problem.__traceback__)  # the places only: the values might hold a code
            reply = {"error": {"code": -32603, "message": type(problem).__name__}}
        return {"jsonrpc": "2.0", "id": number, **reply}, method == "shutdown"

    def serve(self, source, sink) -> bool:
        """Answers line by line; returns whether a shutdown was asked for."""
        for line in source:
            reply, last = self.answer(line)
            sink.write(json.dumps(reply).encode() + b"\n")
            sink.flush()
            if last:
                return True
            if self.terminal and self.params["mode"] == "live":
                from live import Driver  # sockets and TLS: not loaded in lockstep
                return Driver(self, source, sink).run()
        return False


def listen(address: str) -> None:
    """Serves one connection after the other, until a shutdown."""
    import socket
    host, _, port = address.rpartition(":")
    adapter, done = Adapter(), False
    with socket.create_server((host.strip("[]"), int(port))) as server:
        print("listening on %s:%d" % server.getsockname()[:2], file=sys.stderr, flush=True)
        while not done:
            connection, _ = server.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection, connection.makefile("rb") as source, connection.makefile("wb") as sink:
                try:
                    done = adapter.serve(source, sink)
                except OSError as problem:
                    print("connection lost: %s" % problem, file=sys.stderr)


def main() -> None:
    if len(sys.argv) == 1:
        Adapter().serve(sys.stdin.buffer, sys.stdout.buffer)
        return
    import argparse
    parser = argparse.ArgumentParser(description="scan-to-pay terminal, terminal protocol 1")
    parser.add_argument("--listen", metavar="HOST:PORT", required=True,
                        help="serve over TCP instead of standard input and output")
    listen(parser.parse_args().listen)


if __name__ == "__main__":
    main()
