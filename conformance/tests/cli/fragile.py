"""The example terminal, which breaks when the event of its first argument comes, in the way of the second."""

import os
import subprocess
import sys
import time

EVENT, MANNER = sys.argv[1:3]
TERMINAL = os.path.join(os.path.dirname(__file__), "../../../examples/terminals/python/terminal.py")

inner = subprocess.Popen([sys.executable, TERMINAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for line in sys.stdin.buffer:
    if b'"' + EVENT.encode() + b'"' in line:
        if MANNER == "sleep":
            time.sleep(3600)
        print("ValueError: no such key", file=sys.stderr)
        sys.exit(7)
    inner.stdin.write(line)
    inner.stdin.flush()
    sys.stdout.buffer.write(inner.stdout.readline())
    sys.stdout.buffer.flush()
inner.stdin.close()
inner.wait()
