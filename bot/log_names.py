"""What each line of the log about a request or a run says of it, on whatever thread it is written.

One variable holds all of them: structlog keeps a variable for each name, and with every request several are set and
put back, which takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_names: ContextVar[Mapping[str, str]] = ContextVar("names", default={})  # noqa: B039 - never changed


def names() -> dict[str, str]:
    """Those that hold here."""
    return dict(_names.get())


def begin(**new: str) -> None:
    """From now on these hold on this thread, and none that did before."""
    _names.set(new)


@contextmanager
def named(**more: str) -> Iterator[None]:
    """These hold inside, beside those that do already."""
    before = _names.set({**_names.get(), **more})
    try:
        yield
    finally:
        _names.reset(before)


def merged(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The names in a line of the log, for structlog."""
    return {**_names.get(), **event}
