#!/usr/bin/env python3
"""A complete scan-to-pay terminal that speaks terminal protocol 1 in lockstep.

    terminal.py                      over standard input and output
    terminal.py --listen HOST:PORT   over TCP, one connection after the other

This file is the adapter: JSON-RPC in, JSON-RPC out. The payment application is payment.py.
"""

import argparse
import hashlib
import json
import os
import socket
import sys
import traceback

from counter import Invalid, Terminal, Unsupported

CAPABILITIES = {"reset": True, "modes": ["lockstep"], "flows": ["scan"], "scanner": ["text"], "manualCode": True,
                "printer": True, "links": 2, "selfTest": False, "deviceLog": False}


class Refused(Exception):
    """A request that gets an error: (code, message)."""


def build():
    """A digest of the sources, so that a report says what was tested."""
    digest, here = hashlib.sha256(), os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(here)):
        if name.endswith(".py"):
            with open(os.path.join(here, name), "rb") as file:
                digest.update(file.read())
    return "sha256:" + digest.hexdigest()


class Adapter:
    def __init__(self):
        self.terminal = None

    def initialize(self, params):
        if params.get("protocol") != 1 or params.get("mode") != "lockstep":
            raise Refused(-32602, "only protocol 1 in lockstep")
        self.terminal = None  # whatever was in memory is gone
        self.terminal = Terminal(params)
        return {"protocol": 1, "name": "scan-to-pay example", "vendor": "counterproof", "version": "1.0.0",
                "build": build(), "capabilities": CAPABILITIES, "wakeAt": self.terminal.wake_at()}

    def event(self, params):
        if not self.terminal:
            raise Refused(-32002, "not initialized")
        at, event = params.get("at"), params.get("event")
        if not isinstance(at, int) or not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Refused(-32602, "an event needs at and event.type")
        try:
            return self.terminal.handle(at, event)
        except (Unsupported, Invalid):
            raise
        except Exception:
            self.terminal = None  # as after a power cut: what is durable decides, nothing half done does
            raise

    def shutdown(self, params):
        return {}

    def answer(self, line):
        """The answer to one line, and whether to go on; the answer to a notification is None."""
        number = None
        try:
            request = json.loads(line.decode("utf-8", "replace"))
            if not isinstance(request, dict) or not isinstance(request.get("method"), str):
                raise Refused(-32600, "not a request")
            number, method = request.get("id"), request["method"]
            if method not in ("initialize", "event", "shutdown"):
                raise Refused(-32601, "unknown method")
            reply = {"result": getattr(self, method)(request.get("params") or {})}
        except Exception as problem:
            reply = {"error": self.error(problem)}
        if "error" not in reply and number is None:
            return None, method != "shutdown"
        return dict(jsonrpc="2.0", id=number, **reply), reply != {"result": {}}

    @staticmethod
    def error(problem):
        if isinstance(problem, Refused):
            code, message = problem.args
        elif isinstance(problem, Unsupported):
            code, message = -32001, "unsupported"
        elif isinstance(problem, json.JSONDecodeError):
            code, message = -32700, "not JSON"
        elif isinstance(problem, (KeyError, TypeError, ValueError)):
            code, message = -32602, "invalid parameters"
        else:
            code, message = -32603, type(problem).__name__
        if code in (-32602, -32603) and not isinstance(problem, Refused):
            traceback.print_tb(problem.__traceback__, file=sys.stderr)  # the places only: values might hold a code
        return {"code": code, "message": message}

    def serve(self, source, sink):
        """Answers line by line; returns whether a shutdown was asked for."""
        for line in source:
            reply, more = self.answer(line)
            if reply is not None:
                sink.write(json.dumps(reply).encode() + b"\n")
                sink.flush()
            if not more:
                return True
        return False


def main():
    parser = argparse.ArgumentParser(description="scan-to-pay terminal, terminal protocol 1, lockstep")
    parser.add_argument("--listen", metavar="HOST:PORT", help="serve over TCP instead of standard input and output")
    address = parser.parse_args().listen
    if not address:
        Adapter().serve(sys.stdin.buffer, sys.stdout.buffer)
        return
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


if __name__ == "__main__":
    main()
