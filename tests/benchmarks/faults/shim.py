"""Faults of the machine under the bot's process: no room, no writes, no threads, another time of day.

A library laid under the process (``LD_PRELOAD``) answers some of the system's calls itself; which, stands in a file
that both sides have in memory. So what SQLite and Python make of it is what they make of the real thing, and neither
the bot nor the machine has to be changed. Needs Linux and a C compiler.
"""

from __future__ import annotations

import errno
import mmap
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
WRITE_ERROR, NO_THREADS, CLOCK_OFFSET = 0, 8, 16
HOUR = 3600
YEAR = 365 * 24 * HOUR


class Shim:
    """The switches of one rig. Faults of writing concern files below ``folder``."""

    def __init__(self, place: Path, folder: Path) -> None:
        """Raises CalledProcessError or FileNotFoundError where the library cannot be built."""
        compiler = shutil.which("cc") or "cc"
        library, page = place / "shim.so", place / "switches"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"], check=True)
        page.write_bytes(bytes(24))
        with page.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 24)
        self.environment = {"LD_PRELOAD": str(library), "FAULTS_SHIM": str(page), "FAULTS_FOLDER": str(folder)}

    @property
    def clock_offset(self) -> int:
        """How many seconds the bot's clock is ahead."""
        return int(struct.unpack_from("q", self._page, CLOCK_OFFSET)[0])

    def no_room(self) -> AbstractContextManager[None]:
        """Writing fails as on a full disk."""
        return self._switched(WRITE_ERROR, errno.ENOSPC)

    def read_only(self) -> AbstractContextManager[None]:
        """Writing fails as on a disk that was remounted read-only."""
        return self._switched(WRITE_ERROR, errno.EROFS)

    def no_threads(self) -> AbstractContextManager[None]:
        """No thread can be started any more."""
        return self._switched(NO_THREADS, 1)

    def clock(self, seconds: int) -> AbstractContextManager[None]:
        """The time of day is another."""
        return self._switched(CLOCK_OFFSET, seconds)

    @contextmanager
    def _switched(self, switch: int, value: int) -> Iterator[None]:
        struct.pack_into("q", self._page, switch, value)
        try:
            yield
        finally:
            struct.pack_into("q", self._page, switch, 0)
