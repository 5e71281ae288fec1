"""A process's own streams: they may be closed, in a poor encoding, full, or read by somebody who has read enough."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

INTERRUPTED = 130
NO_READER = 141
"""Exit codes of whoever ends by SIGINT, and by SIGPIPE, as a shell tells them."""

_UNWRITABLE = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EFBIG))


def prepare() -> None:
    """Let a byte that cannot be read, and a letter that cannot be shown, cost nobody an answer."""
    sys.stdin = sys.stdin or io.StringIO()  # None where whoever started it has closed them
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def flushed(code: int) -> int:
    """The exit code once all that was said has left: a failure at its very end Python would tell in its own words."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return ended(error) or 1
    return code


def ended(error: BaseException) -> int | None:
    """The exit code where an error only says that nobody takes what is written; None for any other."""
    if isinstance(error, BrokenPipeError):  # "| head": it has what it wanted
        _give_up()
        return NO_READER
    if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
        _give_up()
        sys.stderr.write(f"The answer cannot be written: {os.strerror(error.errno)}.\n")
        return 1
    return None


def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")


def _give_up() -> None:
    """What still waits to be written must not be tried again when the process ends."""
    sys.stdout = _nowhere()
