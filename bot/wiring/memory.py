"""What a start needed once, and nobody needs again."""

from __future__ import annotations

from contextlib import suppress


def give_back() -> None:
    """Let the system have the memory that is free: reading guidance and weights leaves some behind.

    The C library keeps it for later, which never comes; glibc alone can be told.
    """
    import ctypes

    with suppress(OSError, AttributeError):  # another C library, which has no such call
        ctypes.CDLL(None).malloc_trim(0)
