"""The warning about a secret as an answer, or as a part of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Part, State, Steps, Text
from bot.domain.answers.markup import plain
from bot.domain.secrets import Secret
from bot.domain.secrets.leak_warning import leak_warning


def leak_reply(secrets: Sequence[Secret], *, shared: bool = True) -> Answer:
    """For the eyes of the author of a message. ``shared``: others can read it."""
    warning = leak_warning(secrets, shared=shared)
    return Answer(warning.headline, warning.lead, State.NEEDS_STEP, parts=(Steps(warning.steps),), note=warning.note)


def with_warning(answer: Answer, secrets: Sequence[Secret]) -> Answer:
    """An answer to what was typed as a command, with the warning about the secrets in it at its end."""
    if not secrets:
        return answer
    warning = leak_warning(secrets, shared=False, stays=False)
    told = Text(f"⚠️ **{warning.headline}.** {warning.lead}")
    return replace(answer, parts=(*answer.parts, told, Steps(warning.steps)))


def not_done() -> Answer:
    """To a command that names something by what was masked in it, which nobody could see in a list any more."""
    return Answer("I did nothing: what you typed shows a secret", "Say it again without it.", private=True)


def with_leak(answer: Answer, secrets: Sequence[Secret]) -> Answer:
    """The same at the end of an answer about somebody else's message."""
    return replace(answer, parts=(*answer.parts, *leak_in_message(secrets)))


def leak_in_message(secrets: Sequence[Secret]) -> tuple[Part, ...]:
    """The same beside an answer about a message that somebody pointed at, whoever wrote it."""
    warning = leak_warning(secrets, shared=True)
    told = warning.headline.replace("Your message", "That message", 1)
    who = "Tell its author to delete it, then to make the secret worthless:"
    return (Text(f"⚠️ **{told}.** Anyone here could use it. {who}"), Steps(warning.steps))


def line_warning(secrets: Sequence[Secret]) -> str:
    """For a line of a form, in plain words: nothing is taken from the form while a secret stands there."""
    warning = leak_warning(secrets, shared=False, stays=False)
    return plain(" ".join((f"{warning.headline}. Leave it out.", warning.lead, *warning.steps)))
