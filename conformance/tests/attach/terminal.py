"""A terminal for tests: well-behaved, or hostile in the way that its first argument names.

A hostile one behaves well until the event that it waits for (`at=EVENT`, else `cashier.settle`,
which no test uses otherwise), or from its start where the name says so. It remembers a number in its storage, so
that tests can tell a cold start from a factory boot: every `cashier.signIn` adds one.
"""

import json
import os
import signal
import socket
import sys
import time

MANNER = sys.argv[1] if len(sys.argv) > 1 else "good"
RESET = "no-reset" not in sys.argv
TRIGGER = next((word[3:] for word in sys.argv if word.startswith("at=")), "cashier.settle")
OUT = sys.stdout


def say(text):
    OUT.write(text)
    OUT.flush()


def answer(request, result):
    say(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}) + "\n")


def error(request, code, message):
    say(json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message}}) + "\n")


def misbehave(request):
    at = request["params"].get("at", 0)
    good = {"actions": [], "wakeAt": None}
    if MANNER == "silent":
        time.sleep(3600)
    elif MANNER == "garbage":
        say("\x00\x1b[31mpanic at 0x7f\n")
    elif MANNER == "print":
        say("debug: settling\n")
        answer(request, good)
    elif MANNER == "twice":
        answer(request, good)
        answer(request, good)
    elif MANNER == "flood":
        answer(request, {"actions": [{"type": "scanner.on"}] * 1001, "wakeAt": None})
    elif MANNER == "long-line":
        say("x" * (2 << 20))
        time.sleep(3600)
    elif MANNER == "endless":
        while True:
            say("y\n" * 10000)
    elif MANNER == "die":
        print("Traceback: out of paper", file=sys.stderr)
        sys.exit(7)
    elif MANNER == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif MANNER == "hang-up":
        OUT.close()
        os.close(1)
        time.sleep(3600)
    elif MANNER == "batch":
        say(json.dumps([{"jsonrpc": "2.0", "id": request["id"], "result": good}]) + "\n")
    elif MANNER == "notify":
        say('{"jsonrpc":"2.0","method":"action","params":{}}\n')
    elif MANNER == "wrong-id":
        request["id"] += 1
        answer(request, good)
    elif MANNER == "error":
        error(request, -32603, "internal error")
    elif MANNER == "no-result":
        say(json.dumps({"jsonrpc": "2.0", "id": request["id"]}) + "\n")
    elif MANNER == "past":
        answer(request, {"actions": [], "wakeAt": at - 1})
    elif MANNER == "never":
        answer(request, {"actions": [], "wakeAt": 2**63})
    elif MANNER == "at-once":
        answer(request, {"actions": [], "wakeAt": at})
    elif MANNER in ("negative", "float", "word"):
        amount = {"negative": -1, "float": 12.5, "word": "12.50"}[MANNER]
        action = {"type": "outcome", "order": "A", "operation": "pay", "status": "approved", "amount": amount}
        answer(request, {"actions": [action], "wakeAt": None})
    else:
        return False
    return True


class Terminal:
    def __init__(self):
        self.counter = None

    def initialize(self, request):
        params = request["params"]
        self.counter = os.path.join(params["storage"], "sign-ins")
        if params["boot"] == "factory" and os.listdir(params["storage"]):
            error(request, -32603, "the storage is not empty")
            return
        version = 2 if MANNER == "version-2" else 1
        modes = ["live"] if MANNER == "live-only" else ["lockstep"]
        answer(request, {
            "protocol": version, "name": "Fixture", "vendor": "tests", "version": "1", "build": "",
            "capabilities": {"reset": RESET, "modes": modes, "flows": ["scan"], "powerControl": "power" in sys.argv},
            "wakeAt": params["now"] - 1 if MANNER == "past-boot" else None,
        })

    def event(self, request):
        event = request["params"]["event"]
        kind = event["type"]
        if MANNER == "nods":
            answer(request, {"actions": [], "wakeAt": None})
        elif kind == TRIGGER and misbehave(request):
            pass
        elif kind == "cashier.signIn":
            count = self.count() + 1
            with open(self.counter, "w") as file:
                file.write(str(count))
            answer(request, {"actions": [], "wakeAt": request["params"]["at"] + count})
        elif kind == "cashier.reprint":
            text = f"{os.getpid()} {self.count()}"
            answer(request, {"actions": [{"type": "log", "level": "info", "text": text}], "wakeAt": None})
        elif kind == "wake":
            if not misbehave(request):
                answer(request, {"actions": [], "wakeAt": None})
        elif kind == "scanner.read":
            print("read " + event["text"][:20], file=sys.stderr, flush=True)
            answer(request, {"actions": [{"type": "scanner.off"}], "wakeAt": None})
        elif kind == "power.cut":
            self.counter = None
            answer(request, {"actions": [], "wakeAt": None})
        else:
            error(request, -32601 if MANNER == "other-error" else -32001, "unsupported")

    def count(self):
        try:
            with open(self.counter) as file:
                return int(file.read())
        except FileNotFoundError:
            return 0

    def run(self, lines):
        for line in lines:
            request = json.loads(line)
            if request["method"] == "initialize":
                self.initialize(request)
            elif request["method"] == "event":
                self.event(request)
            else:
                if MANNER == "clings":
                    time.sleep(3600)
                answer(request, {})
                sys.exit(3 if MANNER == "bad-end" else 0)


def serve():
    """On TCP: prints the port, then takes one connection after the other."""
    global OUT
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        OUT = connection.makefile("w")
        try:
            Terminal().run(connection.makefile("r"))
        except SystemExit:
            connection.shutdown(socket.SHUT_RDWR)


if MANNER == "exits":
    sys.exit(0)
elif MANNER == "deaf":
    time.sleep(3600)
elif MANNER == "chatty":
    sys.stderr.write("e" * (4 << 20))
    sys.stderr.flush()
    Terminal().run(sys.stdin)
elif "tcp" in sys.argv:
    serve()
else:
    Terminal().run(sys.stdin)
