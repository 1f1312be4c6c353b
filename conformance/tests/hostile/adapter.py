"""The example terminal behind an adapter that misbehaves: `adapter.py STEP MANNER [--listen]`.

It passes everything through until STEP comes (`initialize`, `probe`, the name of an event, `shutdown`), and then does
what MANNER says. With `--listen` it is an adapter on TCP, prints its port, and takes any number of connections.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

STEP, MANNER = sys.argv[1:3]
TERMINAL = os.path.join(os.path.dirname(__file__), "../../../examples/terminals/python/terminal.py")
FOREVER = 3600
MEBIBYTE = 1 << 20


class Child:
    """A conversation over standard streams."""

    def __init__(self):
        self.source = sys.stdin.buffer

    def say(self, data):
        while data:
            data = data[os.write(1, data):]

    def hang_up(self):
        os.close(1)

    def stop_reading(self):
        os.close(0)

    def end(self, code=0):
        os._exit(code)


class Peer:
    """A conversation over TCP. Its end is not the adapter's."""

    def __init__(self, connection):
        self.connection = connection
        self.source = connection.makefile("rb")

    def say(self, data):
        self.connection.sendall(data)

    def hang_up(self):
        self.connection.shutdown(socket.SHUT_WR)

    def stop_reading(self):
        self.connection.shutdown(socket.SHUT_RD)

    def end(self, code=0):
        # With what was not read this is a reset where the code is not 0.
        if code:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.source.close()
        raise SystemExit


def message(**members):
    return json.dumps({"jsonrpc": "2.0", **members}).encode() + b"\n"


def result(request, actions=(), **members):
    return message(id=request["id"], result={"actions": list(actions), "wakeAt": None, **members})


def outcome(**members):
    return {"type": "outcome", "order": "A1", "operation": "pay", "status": "approved", "amount": 100, **members}


def raw(request, text):
    """An answer whose result is written by hand."""
    return b'{"jsonrpc":"2.0","id":%d,"result":%s}\n' % (request["id"], text.encode())


def nested(depth):
    return "[" * depth + "]" * depth


def answers(request, good):
    """What a manner says in place of the good answer, where it is no more than that."""
    at = request["params"].get("at", 0)
    number = request["id"]
    on = {"type": "scanner.on"}
    return {
        # Lines.
        "empty-line": b"\n",
        "blank-line": b"   \n",
        "no-json": b"debug: printing a receipt\n",
        "control-characters": b"\x00\x1b[2J\x1b]0;owned\x07\n",
        "not-utf8": b'{"jsonrpc":"2.0","id":%d,"result":{"actions":[{"type":"log","level":"info","text":"\xff\xfe"}]}}\n'
        % number,
        "byte-order-mark": b"\xef\xbb\xbf" + good,
        "utf-16": good.decode().encode("utf-16-le"),
        "carriage-return-only": good.replace(b"\n", b"\r"),
        "two-objects": good.rstrip() + b" {}\n",
        "trailing-comma": good.rstrip()[:-1] + b",}\n",
        "single-quotes": good.replace(b'"', b"'"),
        "http": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "content-length": b"Content-Length: %d\r\n\r\n" % len(good) + good,
        "long-line": b"x" * (2 * MEBIBYTE) + b"\n",
        "long-answer": result(request, [{"type": "log", "level": "info", "text": "x" * MEBIBYTE}]),
        # JSON.
        "deep-nesting": (nested(400_000) + "\n").encode(),
        "deep-result": raw(request, '{"actions":%s}' % nested(400_000)),
        "deep-unknown-member": raw(request, '{"actions":[],"x":%s}' % nested(5_000)),
        "huge-number": raw(request, '{"actions":[],"wakeAt":1%s}' % ("0" * 100_000)),
        "nan": raw(request, '{"actions":[],"wakeAt":NaN}'),
        "infinity": raw(request, '{"actions":[],"wakeAt":1e999}'),
        "float-time": raw(request, '{"actions":[],"wakeAt":%d.5}' % at),
        "negative-time": raw(request, '{"actions":[],"wakeAt":-1}'),
        "text-time": raw(request, '{"actions":[],"wakeAt":"soon"}'),
        "duplicate-member": raw(request, '{"actions":[],"actions":[]}'),
        "duplicate-id": b'{"id":%d,"id":%d,"result":{"actions":[]}}\n' % (number, number),
        "lone-surrogate": raw(request, '{"actions":[{"type":"log","level":"info","text":"\\ud800"}]}'),
        "many-members": raw(request, "{%s}" % ",".join(f'"k{n}":{n}' for n in range(60_000))),
        # JSON-RPC.
        "batch": b"[" + good.rstrip() + b"]\n",
        "empty-batch": b"[]\n",
        "request-back": message(id=number, method="event", params={}),
        "notification": message(method="action", params={"action": on}),
        "wrong-id": message(id=number + 1, result={"actions": []}),
        "old-id": message(id=1, result={"actions": []}),
        "text-id": message(id=str(number), result={"actions": []}),
        "no-id": message(result={"actions": []}),
        "result-and-error": message(id=number, result={"actions": []}, error={"code": 1, "message": "x"}),
        "neither-result-nor-error": message(id=number),
        "internal-error": message(id=number, error={"code": -32603, "message": "no paper"}),
        "error-without-code": message(id=number, error="no"),
        "error-as-a-novel": message(id=number, error={"code": -32603, "message": "a" * 500_000}),
        # Results.
        "null-result": message(id=number, result=None),
        "list-result": message(id=number, result=[]),
        "no-actions": message(id=number, result={"wakeAt": None}),
        "actions-as-object": message(id=number, result={"actions": {}}),
        "unknown-action": result(request, [{"type": "led.blink"}]),
        "action-without-type": result(request, [{}]),
        "null-action": result(request, [None]),
        "too-many-actions": result(request, [on] * 1_001),
        "amount-negative": result(request, [outcome(amount=-1)]),
        "amount-float": result(request, [outcome(amount=12.5)]),
        "amount-text": result(request, [outcome(amount="12.50")]),
        "amount-huge": result(request, [outcome(amount=1 << 70)]),
        "send-on-no-connection": result(request, [{"type": "host.send", "conn": 4_000_000_000, "data": "00"}]),
        "send-half-a-byte": result(request, [{"type": "host.send", "conn": 1, "data": "0"}]),
        "send-no-hex": result(request, [{"type": "host.send", "conn": 1, "data": "zz"}]),
        "open-on-no-link": result(request, [{"type": "host.open", "conn": 9, "link": "carrier-pigeon"}]),
        # At the start.
        "protocol-2": good.replace(b'"protocol": 1', b'"protocol": 2'),
        "protocol-text": good.replace(b'"protocol": 1', b'"protocol": "1"'),
        "live-only": good.replace(b'"lockstep"', b'"live"'),
        "boots-into-the-past": good.replace(b'"wakeAt": null', b'"wakeAt": 1'),
        "name-as-a-novel": good.replace(b'"name": "', b'"name": "' + b"n" * 900_000),
        "nods": message(id=number, result={"actions": [], "wakeAt": None}),
        "method-not-found": message(id=number, error={"code": -32601, "message": "method not found"}),
        # Time.
        "wake-in-the-past": result(request, wakeAt=at - 1),
        "wake-never": result(request, wakeAt=1 << 63),
    }.get(MANNER)


def misbehave(talk, request, good):
    """Does what the manner says. Returns whether the conversation goes on as usual afterwards."""
    said = answers(request, good)
    at = request["params"].get("at", 0)
    if said is not None:
        talk.say(said)
    elif MANNER == "die":
        print("Traceback: out of paper", file=sys.stderr, flush=True)
        talk.end(7)
    elif MANNER == "end-in-order":
        talk.end(0)
    elif MANNER == "die-in-the-middle-of-a-line":
        talk.say(good[: len(good) // 2])
        talk.end(7)
    elif MANNER == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif MANNER == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif MANNER == "hang-up":
        talk.hang_up()
        time.sleep(FOREVER)
    elif MANNER == "stop-reading":
        talk.stop_reading()
        talk.say(good)
    elif MANNER == "silent":
        time.sleep(FOREVER)
    elif MANNER == "half-a-line":
        talk.say(good[: len(good) // 2])
        time.sleep(FOREVER)
    elif MANNER == "no-line-end":
        talk.say(good.rstrip())
        time.sleep(FOREVER)
    elif MANNER == "drip":
        for byte in b" " * FOREVER:
            talk.say(bytes([byte]))
            time.sleep(0.02)
    elif MANNER == "flood-of-lines":
        while True:
            talk.say(good * 100)
    elif MANNER == "flood-without-lines":
        while True:
            talk.say(b" " * MEBIBYTE)
    elif MANNER == "flood-on-standard-error":
        for _ in range(64):
            os.write(2, b"e" * MEBIBYTE)
        talk.end(7)
    elif MANNER == "answer-twice":
        talk.say(good + good)
    elif MANNER == "speak-unasked":
        talk.say(good + message(method="action", params={}))
    elif MANNER == "children-keep-the-pipes":
        for _ in range(3):
            if os.fork() == 0:
                time.sleep(FOREVER)
        talk.end(7)
    elif MANNER == "children-without-end":
        for _ in range(40):
            subprocess.Popen(["sleep", str(FOREVER)])
        talk.end(7)
    elif MANNER == "wake-at-once":
        talk.say(result(request, wakeAt=at))
    else:
        raise ValueError(MANNER)


def is_step(request):
    method = request["method"]
    kind = request["params"].get("event", {}).get("type", "")
    if STEP == "probe":
        return kind.startswith("probe.")
    if MANNER == "wake-at-once" and kind == "wake" and is_step.begun:
        return True
    return STEP in (method, kind)


is_step.begun = False


def serve(talk):
    inner = subprocess.Popen([sys.executable, "-S", TERMINAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        for line in talk.source:
            request = json.loads(line)
            inner.stdin.write(line)
            inner.stdin.flush()
            good = inner.stdout.readline()
            if is_step(request):
                is_step.begun = True
                misbehave(talk, request, good)
            else:
                talk.say(good)
    except (BrokenPipeError, ConnectionError, ValueError) as gone:
        if isinstance(gone, ValueError) and "closed file" not in str(gone):
            raise
    finally:
        inner.kill()
        inner.wait()


def listen():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(Peer(connection),), daemon=True).start()


if "--listen" in sys.argv:
    listen()
else:
    serve(Child())
