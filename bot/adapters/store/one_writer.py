"""Writing to SQLite, which lets one transaction write at a time.

Left to itself SQLite has the others look again after ever longer pauses, so that under load some wait for seconds while
nobody writes. Here the threads of this process wait in line instead; other programs are waited for as ever. What many
threads want to write at the same time goes into one transaction, and each waits until that is on the disk: a disk that
takes five milliseconds for a transaction takes no more for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

Found = TypeVar("Found")
Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class _Wish:
    work: Callable[[Connection], Any]
    came_to: Future[Any] = field(default_factory=Future)

    def try_alone(self, transaction: Transaction) -> None:
        try:
            with transaction() as connection:
                found = self.work(connection)
        except BaseException as error:  # noqa: BLE001 - raised where it was wished for
            self.came_to.set_exception(error)
        else:
            self.came_to.set_result(found)


class OneWriter:
    """The line in which the threads of this process wait."""

    def __init__(self, patience: float) -> None:
        """Whoever has waited for so long takes its chance with SQLite, which says what is wrong."""
        self._patience = patience
        self._line = threading.Lock()
        self._wishes: list[_Wish] = []
        self._adding = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Its turn to write."""
        has_it = self._line.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if has_it:
                self._line.release()

    def together(self, work: Callable[[Connection], Found], transaction: Transaction) -> Found:
        """What ``work`` comes to, done in one transaction with what others wish meanwhile.

        It must be fit to be done again: where one of them fails, each is done alone. ``transaction`` begins one, within
        a turn.
        """
        wish = _Wish(work)
        with self._adding:
            self._wishes.append(wish)
        with self.turn():
            if not wish.came_to.done():
                self._fulfil(transaction)
        found: Found = wish.came_to.result()
        return found

    def _fulfil(self, transaction: Transaction) -> None:
        with self._adding:
            wishes, self._wishes = self._wishes, []
        if len(wishes) > 1 and self._all_at_once(wishes, transaction):
            return
        for wish in wishes:
            wish.try_alone(transaction)

    def _all_at_once(self, wishes: list[_Wish], transaction: Transaction) -> bool:
        """False where one of them failed, and nothing is written; where the database did, all hear of that."""
        found: list[Any] = []
        begun = False
        try:
            with transaction() as connection:
                begun = True
                found += [wish.work(connection) for wish in wishes]
        except BaseException as error:  # noqa: BLE001 - raised where they were wished for
            if begun and not found:
                return False
            for wish in wishes:
                wish.came_to.set_exception(error)
        else:
            for wish, result in zip(wishes, found, strict=True):
                wish.came_to.set_result(result)
        return True
