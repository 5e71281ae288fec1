"""Parts whose libraries are slow to load, made when they are first used: a bot that starts waits for none of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

Made = TypeVar("Made")


class Deferred(Generic[Made]):
    """Stands for what ``make`` makes. Safe to share between threads; it is made once."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: list[Made] = []
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        self.load()
        return getattr(self._made[0], name)

    def load(self) -> None:
        """Make it now, if it is not made."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())

    def if_made(self, work: Callable[[Made], None]) -> None:
        """Do something with it if it was made."""
        for made in self._made:
            work(made)

    @property
    def itself(self) -> Made:
        """It, as far as anybody notices."""
        return cast(Made, self)
