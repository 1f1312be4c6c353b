"""Durable storage: the terminal's whole state as one JSON value, kept in two copies.

A copy is overwritten in place and forced to the disk before the other one is touched: a power cut
tears at most the copy that is being written, and the other is at most one write behind – a write
after which nothing has left the terminal. Each carries a digest over all of its bytes, so that a
flipped bit or a torn write is noticed. Whole blocks keep the size, which makes a write cheap.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Optional

BLOCK = 4096
DIGEST = 65  # with its line end
_sync = getattr(os, "fdatasync", os.fsync)


class Journal:
    """`state` is what was found; `damage` is None, "restored" (from the other copy) or "lost"."""

    NAMES = ("journal", "journal.copy")

    def __init__(self, folder: str, factory: bool):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.count, self.state, self.damage = folder, 0, None, None
        if factory:
            for name in os.listdir(folder):
                if name.startswith("journal"):
                    os.remove(self._path(name))
            return
        sound = [copy for copy in map(self._read, self.NAMES) if copy]
        if sound:
            newest = max(sound, key=lambda copy: copy["count"])
            self.count, self.state = newest["count"], newest["state"]
        # A power cut under the very first save leaves one copy; later there are always two.
        whole = len(sound) == 2 or self.count == 1 and not os.path.exists(self._path(self.NAMES[1]))
        self.damage = None if whole else "restored" if sound else "lost"

    def save(self, state: dict) -> None:
        """Returns once both copies are on the disk; nothing may leave the terminal before."""
        self.count += 1
        text = json.dumps({"count": self.count, "state": state}, separators=(",", ":")).encode()
        text = text.ljust(-(-(DIGEST + len(text)) // BLOCK) * BLOCK - DIGEST)
        data = hashlib.sha256(text).hexdigest().encode() + b"\n" + text
        for name in self.NAMES:
            with open(self._path(name), "r+b" if os.path.exists(self._path(name)) else "wb") as file:
                file.write(data)
                file.truncate()
                file.flush()
                _sync(file.fileno())
        if self.count == 1 and os.name == "posix":  # make the names durable as well
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def is_sound(self) -> bool:
        """Whether both copies can be read back."""
        return all(map(self._read, self.NAMES))

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _read(self, name: str) -> Optional[dict]:
        try:
            with open(self._path(name), "rb") as file:
                digest, text = file.read().split(b"\n", 1)
            if hashlib.sha256(text).hexdigest().encode() != digest:
                return None
            return json.loads(text)
        except (OSError, ValueError):
            return None
