"""The one place where an exception becomes an answer, a log line and an exit code."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TypeVar

import structlog

from bot import log_names
from bot.domain.answers import Answer, State
from bot.domain.errors import AskerError, AssistantError, NotAllowed, OperatorError, SlackRefused

T = TypeVar("T")
log = structlog.get_logger("assistant")


Show = Callable[[Answer], object]
"""Shows an answer to whoever waits for one."""


RESTARTED = Answer(
    "I was restarted before I could finish that",
    "Say it or press it once more. If it changes something, look first: it may have been carried out already.",
    State.UNKNOWN,
)
"""What somebody reads whose request must not be carried out a second time."""


_NOT_NOW = Answer(
    "The bot cannot do this right now",
    "Something that it needs on its own side does not work. Try again in a few minutes.",
    State.UNKNOWN,
    note="If it stays so, tell whoever runs the bot: its log says what it is.",
)


def answer_for(error: Exception) -> Answer:
    """What the person reads for ``error``: its own sentence if that is for them, else where the operator looks."""
    if isinstance(error, OperatorError):
        log.error("operator must act", problem=error.text)
        return _NOT_NOW  # its own sentence names files, hosts and settings, which are the operator's
    if isinstance(error, AssistantError):
        level = log.info if isinstance(error, AskerError) else log.warning
        level("refused", reason=error.text)
        buttons = error.buttons if isinstance(error, AskerError) else ()
        said = error.said if isinstance(error, SlackRefused) else error.text
        return Answer(said, buttons=buttons, private=isinstance(error, NotAllowed))
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, exc_info=error)
    return Answer(
        "Something went wrong on the bot's side",
        "If you meant to change something, look whether it is changed, then try once more. If this stays, tell whoever "
        "runs the bot the reference below.",
        State.UNKNOWN,
        note=f"Reference {reference}",
    )


def failure(error: BaseException) -> Exception:
    """What went wrong, for whoever tells it. The end of the program goes on: that is said to its main thread alone.

    On any other ``sys.exit`` ends the thread and nothing else, without a word, and whoever counts on it waits for ever.
    """
    if isinstance(error, Exception):
        return error
    if threading.current_thread() is threading.main_thread():
        raise error
    ended = RuntimeError(f"{type(error).__name__}, which would have ended the thread alone")
    ended.__cause__ = error
    return ended


def guarded(work: Callable[[], None]) -> Callable[[], None]:
    """``work`` that cannot raise: what goes wrong is logged."""

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - this is the one guard
            answer_for(failure(error))

    return run


def named_run(job: str, work: Callable[[], T], **names: str) -> Callable[[], T]:
    """``work`` that the clock begins: its lines of the log name the job, and each run by an id of its own."""

    def run() -> T:
        with log_names.named(job=job, run=secrets.token_hex(6), **names):
            return work()

    return run


def attempted(work: Callable[[], T], otherwise: Callable[[Exception, Answer], T]) -> T:
    """What ``work`` gives; where it fails, what ``otherwise`` makes of the error and of the answer to it."""
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - the same guard, for work that has a result
        wrong = failure(error)
        return otherwise(wrong, answer_for(wrong))


def exit_code(error: Exception) -> int:
    """2 where settings or the call are wrong, 1 where an org or Slack is."""
    return 2 if isinstance(error, AskerError | OperatorError) else 1


def beside(work: Callable[[], None], name: str) -> threading.Event:
    """``work`` guarded, on a thread that dies with the process; what is set once it is over.

    Where the system gives no thread it is done at once, and held up by whatever it waits for.
    """
    over = threading.Event()

    def run() -> None:
        guarded(work)()
        over.set()

    try:
        threading.Thread(target=run, name=name, daemon=True).start()
    except RuntimeError:
        run()
    return over
