"""A verb and what runs it come together, or the bot does not start."""

from __future__ import annotations

import pytest

from bot.domain.answers import Answer
from bot.domain.command import Command
from bot.domain.model import Asker
from bot.domain.verbs import VERBS
from bot.service.slash_verbs import Runner, bound


def run(_: Asker, command: Command) -> Answer:
    return Answer(command.verb)


def runners() -> dict[str, Runner]:
    return {verb.name: run for verb in VERBS}


def test_every_verb_that_works_is_bound_to_what_runs_it() -> None:
    assert bound(runners()) == runners()


def test_a_verb_that_nothing_runs_is_named() -> None:
    given = runners()
    del given["rename"]

    with pytest.raises(ValueError, match=r"^rename is declared in bot/domain/verbs\.py, and nothing runs it$"):
        bound(given)


def test_what_runs_without_a_verb_is_named() -> None:
    with pytest.raises(ValueError, match=r"^dance is run, but bot/domain/verbs\.py has no such verb$"):
        bound({**runners(), "dance": run})
