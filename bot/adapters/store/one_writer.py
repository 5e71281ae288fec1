"""Writing to SQLite, which lets one transaction write at a time.

Left to itself SQLite has the others look again after ever longer pauses, so that under load some wait for seconds while
nobody writes. Here the threads of this process wait in line instead; other programs are waited for as ever. What many
threads want to write at the same time one thread writes for all of them, in one transaction, and each waits until that
is on the disk: a disk that takes five milliseconds for a transaction takes no more for all of them. None of them has to
be woken for anything but what its own wish came to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from bot.adapters.store.statements import Together

IDLE = 2.0
"""Seconds after which a thread that has nothing to write is gone; the next wish begins another."""

THREAD = "writer"

Item = TypeVar("Item")
Found = TypeVar("Found")


class Transaction(Protocol):
    """Begins a transaction, within a turn. ``lasting``: once it is over, no loss of power undoes it."""

    def __call__(self, *, lasting: bool) -> AbstractContextManager[Connection]:
        """Begin."""
        ...


Doing = Callable[[Together, Sequence[Item]], Sequence[Found]]
"""Writes all items of a kind, and says of each what it came to; fit to be done again."""


@dataclass(frozen=True, slots=True)
class _Wish:
    doing: Doing[Any, Any]
    item: Any
    lasting: bool
    after: Sequence[Future[Any]]
    came_to: Future[Any] = field(default_factory=Future)

    @property
    def is_lost(self) -> bool:
        """Whether something failed that it comes after."""
        return any(each.done() and each.exception() is not None for each in self.after)

    def try_alone(self, transaction: Transaction) -> None:
        try:
            for each in self.after:  # in the line before it, so it is over
                each.result()
            with transaction(lasting=self.lasting) as connection:
                (found,) = self.doing(Together(connection), [self.item])
        except BaseException as error:  # noqa: BLE001 - raised where it was wished for
            self.came_to.set_exception(error)
        else:
            self.came_to.set_result(found)


class OneWriter:
    """The line in which the threads of this process wait, and the thread that writes for them."""

    def __init__(self, transaction: Transaction, patience: float) -> None:
        """Whoever has waited for ``patience`` seconds takes its chance with SQLite, which says what is wrong."""
        self._transaction = transaction
        self._patience = patience
        self._line = threading.Lock()
        self._wishes: list[_Wish] = []
        self._wished = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Its turn to write."""
        has_it = self._line.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if has_it:
                self._line.release()

    def begin(
        self, doing: Doing[Item, Found], item: Item, *, lasting: bool = True, after: Sequence[Future[Any]] = ()
    ) -> Future[Found]:
        """Have ``item`` written in one transaction with what others wish meanwhile, and say what it came to.

        Of a kind all are written at once. Where one of them fails, each is written alone. ``after``: what was begun
        here before, without which it is not to be written.
        """
        wish = _Wish(doing, item, lasting, after)
        with self._wished:
            self._wishes.append(wish)
            is_heard = self._thread is not None or self._begun()
            self._wished.notify()
        if not is_heard:
            with self.turn():
                self._fulfil()
        return wish.came_to

    def _begun(self) -> bool:
        thread = threading.Thread(target=self._write, name=THREAD, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no thread: then who wishes writes
            return False
        self._thread = thread
        return True

    def close(self) -> None:
        """Write what is wished for, and have no thread that waits for more."""
        with self._wished:
            self._closed = True
            self._wished.notify()
            thread = self._thread
        if thread is not None:
            thread.join(self._patience)

    # --- on the thread ---------------------------------------------------------------------------------

    def _write(self) -> None:
        while self._is_wished():
            with self.turn():
                self._fulfil()

    def _is_wished(self) -> bool:
        with self._wished:
            self._wished.wait_for(lambda: self._wishes or self._closed, IDLE)
            if not self._wishes:
                self._thread = None
            return bool(self._wishes)

    def _fulfil(self) -> None:
        """Whatever happens, each of them hears of it: nobody waits for ever, and the thread goes on."""
        with self._wished:
            wishes, self._wishes = self._wishes, []
        try:
            self._fulfil_all(wishes)
        except BaseException as error:  # noqa: BLE001 - raised where they were wished for
            for wish in wishes:
                if not wish.came_to.done():
                    wish.came_to.set_exception(error)

    def _fulfil_all(self, wishes: list[_Wish]) -> None:
        # Whoever has waited too long for its own has gone on without it.
        wishes = [wish for wish in wishes if wish.came_to.set_running_or_notify_cancel()]
        if len(wishes) > 1 and not any(wish.is_lost for wish in wishes) and self._all_at_once(wishes):
            return
        for wish in wishes:
            wish.try_alone(self._transaction)

    def _all_at_once(self, wishes: list[_Wish]) -> bool:
        """False where one of them failed, and nothing is written; where the database did, all hear of that."""
        kinds = dict[Doing[Any, Any], list[_Wish]]()
        for wish in wishes:
            kinds.setdefault(wish.doing, []).append(wish)
        found: list[tuple[_Wish, Any]] = []
        begun = False
        try:
            with self._transaction(lasting=any(wish.lasting for wish in wishes)) as connection:
                begun = True
                for doing, same in kinds.items():
                    found += zip(same, doing(Together(connection), [wish.item for wish in same]), strict=True)
        except BaseException as error:  # noqa: BLE001 - raised where they were wished for
            if begun and len(found) < len(wishes):
                return False
            for wish in wishes:
                wish.came_to.set_exception(error)
        else:
            for wish, result in found:
                wish.came_to.set_result(result)
        return True
