"""The jobs pool and the guard: nothing raised is lost, nothing raw is shown."""

from __future__ import annotations

import threading

import pytest

from bot.domain.answers import Answer
from bot.domain.errors import AskerError, OperatorError, OrgUnreachable
from bot.guard import answer_for, exit_code, guarded
from bot.jobs import Jobs


def failing(error: Exception) -> None:
    raise error


def until(gate: threading.Event) -> None:
    assert gate.wait(5)


def test_our_own_errors_are_shown_in_their_own_words() -> None:
    assert answer_for(AskerError("I know no org called `x`.")).headline == "I know no org called `x`."
    assert answer_for(OperatorError("The database is locked.")).lead == "The database is locked."


def test_an_unforeseen_error_shows_a_reference_and_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    answer = answer_for(ZeroDivisionError("token=00DKd0000000001!secret"))

    assert "secret" not in str(answer)
    assert "Reference" in answer.note
    assert answer.note.split()[-1] in caplog.text


def test_a_job_that_fails_is_told_to_the_person_who_waits() -> None:
    shown: list[Answer] = []

    guarded(lambda: failing(OrgUnreachable("prod did not answer.")), shown.append)()

    assert [answer.headline for answer in shown] == ["prod did not answer."]


def test_when_telling_fails_too_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    guarded(lambda: failing(AskerError("x")), lambda _: failing(OSError("gone")))()

    assert "could not tell the person" in caplog.text


def test_the_exit_code_says_who_must_act() -> None:
    assert [exit_code(error) for error in (AskerError(""), OperatorError(""), OrgUnreachable(""))] == [2, 2, 1]


def test_work_beyond_what_can_wait_is_refused_at_once() -> None:
    jobs, gate = Jobs(workers=1, waiting=1), threading.Event()
    jobs.submit(lambda: until(gate))
    jobs.submit(lambda: None)

    with pytest.raises(AskerError, match="Too many requests"):
        jobs.submit(lambda: None)

    gate.set()
    assert jobs.wait_idle(5)
    jobs.close()


def test_closing_lets_work_under_way_finish() -> None:
    jobs, done = Jobs(workers=2), threading.Event()
    jobs.submit(done.set)

    jobs.close()

    assert done.is_set()
    assert jobs.open == 0
