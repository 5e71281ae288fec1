"""A file that an operator names, read within a bounded time: it may be a pipe, to which nobody ever writes."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

PATIENCE = 5.0
"""Seconds for which the writer of a pipe is waited for: what hands out a secret has it at hand, or asks for it."""

_LOOK_AGAIN = 0.05  # seconds
_MOST = 1 << 20  # bytes; what a device gives may have no end
_WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)


def read_named(path: Path) -> bytes:
    """What a file holds, or what comes out of a pipe. Raises OSError, also where nothing comes in time or no end."""
    descriptor = os.open(path, _WITHOUT_WAITING)
    try:
        return _all_of(descriptor, is_pipe=stat.S_ISFIFO(os.fstat(descriptor).st_mode))
    finally:
        os.close(descriptor)


def _all_of(descriptor: int, *, is_pipe: bool) -> bytes:
    content, end = b"", time.monotonic() + PATIENCE
    while len(content) < _MOST:
        try:
            piece = os.read(descriptor, _MOST)
        except BlockingIOError:  # somebody holds the other end, and is silent
            piece = None
        if piece == b"" and (content or not is_pipe):
            return content
        content += piece or b""
        if not piece:
            if time.monotonic() >= end:
                raise TimeoutError(errno.ETIMEDOUT, f"nothing came out of it within {PATIENCE:g} s")
            time.sleep(_LOOK_AGAIN)
    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
