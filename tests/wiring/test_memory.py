"""What a start needed once goes back to the system, where the C library can do that."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest

from bot.wiring.memory import give_back


def _resident() -> int:
    """Pages of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc can be told to"
)
def test_what_was_freed_below_something_kept_goes_back() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = [libc.malloc(4_000) for _ in range(5_000)]
    for block in blocks:
        ctypes.memset(block, 1, 4_000)
    for block in blocks[:-1]:
        libc.free(block)
    before = _resident()

    give_back()

    libc.free(blocks[-1])
    assert before - _resident() > 3_000  # of about 4,900 pages


def test_a_library_without_the_call_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherLibrary:
        def __init__(self, name: str | None) -> None:
            assert name is None

    monkeypatch.setattr(ctypes, "CDLL", OtherLibrary)

    give_back()
