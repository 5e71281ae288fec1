"""The jobs and the guard: carried out, tried again, shown; nothing raised is lost, nothing raw is shown."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from bot import jobs as jobs_module
from bot import log_names
from bot.domain.answers import Answer
from bot.domain.errors import AskerError, OperatorError, OrgUnreachable, SlackRefused
from bot.domain.model import Asker
from bot.guard import RESTARTED, answer_for, attempted, exit_code, guarded
from bot.jobs import Batch, Job, Jobs, WaitsForOrgs, gathering
from bot.waits import owed

T = TypeVar("T")
ADA = Asker("T1", "ada")
DONE = Answer("Done")
LIMITED = SlackRefused("Slack is limiting.", permanent=False, clear=True, retry_after=0.01)
UNCLEAR = SlackRefused("Slack did not answer.", permanent=False)
ENDED = SlackRefused("Slack refused (token_revoked).", permanent=True, clear=True, code="token_revoked")
FINAL = SlackRefused("I am not in that channel.", permanent=True, clear=True)
LOCKED = OperatorError("The database is locked.")


def failing(error: Exception) -> None:
    raise error


def until(gate: threading.Event) -> Callable[[bool], None]:
    def wait(_: bool) -> None:
        assert gate.wait(10)

    return wait


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.01,))
    jobs = Jobs(quick=4, slow=4)
    yield jobs
    jobs.close()


class Work:
    """Raises ``errors`` in turn, and gives an answer when none is left; what it was told each time."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.told: list[bool] = []

    def __call__(self, again: bool) -> list[Answer]:
        self.told.append(again)
        if self.errors:
            raise self.errors.pop(0)
        return [DONE]


class Passing:
    """A pool that hands what it has to another place while it is counted."""

    def __init__(self, count: int, hand_over: Callable[[], None] = lambda: None) -> None:
        self.count = count
        self._hand_over = hand_over

    @property
    def open(self) -> int:
        count = self.count
        self._hand_over()
        return count


@pytest.mark.parametrize("way", ["announced to quick", "announced to slow", "quick to slow", "slow to quick"])
def test_a_job_that_moves_while_they_are_counted_is_counted(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    jobs = Jobs(quick=1, slow=1)
    begin, _, end = way.partition(" to ")

    def move() -> None:
        places[end].count += places[begin].count
        places[begin].count = 0
        monkeypatch.setattr(jobs, "_announced", places["announced"].count)

    places = {name: Passing(int(name == begin), move) for name in ("announced", "quick", "slow")}
    monkeypatch.setattr(jobs, "_announced", places["announced"].count)
    monkeypatch.setattr(jobs, "_quick", places["quick"])
    monkeypatch.setattr(jobs, "_slow", places["slow"])

    assert jobs.open > 0


# --- the guard -----------------------------------------------------------------------------------------


def test_our_own_errors_are_shown_in_their_own_words() -> None:
    assert answer_for(AskerError("I know no org called `x`.")).headline == "I know no org called `x`."
    told = answer_for(OperatorError("The database file /data/a.db is locked. Check FLOSUM_DATABASE_URL."))
    assert "cannot do this right now" in told.headline
    assert "/data/a.db" not in str(told)
    assert "FLOSUM" not in str(told)


def test_an_unforeseen_error_shows_a_reference_and_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    answer = answer_for(ZeroDivisionError("token=00DKd0000000001!secret"))

    assert "secret" not in str(answer)
    assert "Reference" in answer.note
    assert answer.note.split()[-1] in caplog.text


def test_an_unforeseen_error_does_not_say_that_nothing_was_changed() -> None:
    assert "nothing was changed" not in str(answer_for(ZeroDivisionError())).casefold()


def test_what_is_guarded_does_not_raise(caplog: pytest.LogCaptureFixture) -> None:
    guarded(lambda: failing(OSError("gone")))()

    assert "unexpected" in caplog.text


def leave() -> None:
    sys.exit("as a library may say")


def on_a_thread(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(30)


def test_the_end_of_the_program_is_a_failure_where_it_would_end_a_thread_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    on_a_thread(guarded(leave))

    assert on_a_thread(lambda: attempted(leave, lambda error, _: isinstance(error, RuntimeError)))
    assert caplog.text.count("unexpected") == 2


def test_the_end_of_the_program_goes_on_where_the_program_runs() -> None:
    with pytest.raises(SystemExit):
        guarded(leave)()
    with pytest.raises(SystemExit):
        attempted(leave, lambda *_: None)


def test_the_exit_code_says_who_must_act() -> None:
    assert [exit_code(error) for error in (AskerError(""), OperatorError(""), OrgUnreachable(""))] == [2, 2, 1]


# --- doing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ((), [False]),
        ((LIMITED,), [False, True]),
        ((UNCLEAR,), [False, True]),
        ((UNCLEAR, LIMITED, UNCLEAR), [False, True, True, True]),
        ((LOCKED,), [False, True]),
        ((ENDED, ENDED), [False, True, True]),  # until its token is replaced, in this process or with the next start
    ],
    ids=["at once", "limited", "unclear", "several times", "database", "token"],
)
@pytest.mark.parametrize("waits", [True, False])
def test_what_passes_is_tried_again(jobs: Jobs, errors: tuple[Exception, ...], told: list[bool], waits: bool) -> None:
    shown, work = list[Answer](), Work(*errors)

    jobs.submit(Job(work, ADA, shown.append if waits else None))

    assert jobs.wait_idle(30)
    assert work.told == told
    assert shown == ([DONE] if waits else [])


@pytest.mark.parametrize("error", [FINAL, OrgUnreachable("prod did not answer."), ZeroDivisionError()])
def test_what_does_not_pass_is_told_once(jobs: Jobs, error: Exception) -> None:
    shown, work = list[Answer](), Work(error)

    jobs.submit(Job(work, ADA, shown.append))

    assert jobs.wait_idle(30)
    assert work.told == [False]
    assert len(shown) == 1
    assert shown != [DONE]


def test_they_are_not_at_rest_until_what_nobody_waits_for_is_over(jobs: Jobs) -> None:
    over = Future[object]()
    jobs.until(over)

    assert jobs.open == 1
    assert not jobs.wait_idle(0.05)
    over.set_exception(LOCKED)
    assert jobs.wait_idle(30)


@pytest.mark.parametrize("error", [LIMITED, UNCLEAR, LOCKED])
def test_what_must_be_done_once_is_not_tried_again(jobs: Jobs, error: Exception) -> None:
    shown, work = list[Answer](), Work(error)

    jobs.submit(Job(work, ADA, shown.append, once=True))

    assert jobs.wait_idle(30)
    assert work.told == [False]
    assert len(shown) == 1


def test_who_waits_is_told_soon_that_the_database_does_not_answer(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "WAITED_FOR", 0.05)
    shown, work = list[Answer](), Work(*[LOCKED] * 1000)

    jobs.submit(Job(work, ADA, shown.append))

    assert jobs.wait_idle(30)
    assert [answer.lead for answer in shown] == [answer_for(LOCKED).lead]


def test_what_nobody_waits_for_is_given_up_in_words(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs_module, "TRIED_FOR", 0.05)

    jobs.submit(Job(Work(*[UNCLEAR] * 1000), ADA))

    assert jobs.wait_idle(30)
    assert "will be tried again" in caplog.text
    assert "given up" in caplog.text


def test_what_another_process_began_is_done_again_or_said_to_be_interrupted(jobs: Jobs) -> None:
    shown, reads, changes = list[Answer](), Work(), Work()
    batch = Batch(again=True, jobs=[Job(reads, ADA, shown.append), Job(changes, ADA, shown.append, once=True)])

    jobs.begin(batch)

    assert jobs.wait_idle(30)
    assert (reads.told, changes.told) == ([True], [])
    assert sorted(answer.headline for answer in shown) == sorted((DONE.headline, RESTARTED.headline))


def test_slow_jobs_hold_up_no_quick_ones(jobs: Jobs) -> None:
    gate, done = threading.Event(), threading.Event()
    for _ in range(64):
        jobs.submit(Job(until(gate), ADA, slow=True))

    jobs.submit(Job(lambda _: done.set(), ADA))

    assert done.wait(1)
    gate.set()
    assert jobs.wait_idle(30)


# --- showing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [LIMITED, UNCLEAR, ENDED])
@pytest.mark.parametrize("once", [True, False])
def test_an_answer_that_is_not_taken_is_shown_again_and_what_it_tells_is_not_done_again(
    jobs: Jobs, error: SlackRefused, once: bool
) -> None:
    shown, work, refusals, ended = list[Answer](), Work(), [error, error], list[int]()

    def show(answer: Answer) -> None:
        if refusals:
            raise refusals.pop()
        shown.append(answer)

    jobs.begin(Batch(jobs=[Job(work, ADA, show, once=once)], finished=lambda: ended.append(len(shown))))

    assert jobs.wait_idle(30)
    assert work.told == [False]
    assert shown == [DONE]
    assert ended == [1]  # only then


@pytest.mark.parametrize("error", [FINAL, OSError("gone")])
def test_an_answer_that_cannot_be_shown_is_logged(
    jobs: Jobs, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.submit(Job(Work(), ADA, lambda _: failing(error)))

    assert jobs.wait_idle(30)
    assert "could not tell the person" in caplog.text


def test_an_answer_that_waits_for_slack_holds_no_thread() -> None:
    jobs, done = Jobs(quick=2, slow=2), threading.Event()
    limited = SlackRefused("Slack is limiting.", permanent=False, clear=True, retry_after=30)
    for _ in range(40):
        jobs.submit(Job(Work(), ADA, lambda _: failing(limited)))

    jobs.submit(Job(lambda _: done.set(), ADA))

    assert done.wait(1)
    while jobs.open > 40:
        time.sleep(0.01)
    assert jobs.close(timeout=0) == 40


# --- requests ------------------------------------------------------------------------------------------


def test_what_a_request_asks_for_begins_when_it_is_acknowledged(jobs: Jobs) -> None:
    work = Work()
    with gathering(Batch()) as batch:
        jobs.submit(Job(work, ADA))
    jobs.announce(batch)

    assert not jobs.wait_idle(0.05)
    assert work.told == []
    jobs.begin(batch)

    assert jobs.wait_idle(30)
    assert work.told == [False]


def test_what_another_process_has_is_left_to_it(jobs: Jobs) -> None:
    work, ended = Work(), list[bool]()

    jobs.begin(Batch(jobs=[Job(work, ADA)], held=lambda: False, finished=lambda: ended.append(True)))

    assert jobs.wait_idle(30)
    assert (work.told, ended) == ([], [True])


def test_a_request_without_a_record_is_tried_until_the_database_answers(jobs: Jobs) -> None:
    errors, work = [LOCKED, LOCKED], Work()

    def held() -> bool:
        if errors:
            raise errors.pop()
        return True

    jobs.begin(Batch(jobs=[Job(work, ADA)], held=held))

    assert jobs.wait_idle(30)
    assert len(work.told) == 1


def test_it_is_full_when_people_would_wait_too_long() -> None:
    jobs, gate = Jobs(quick=1, slow=1, waiting=2), threading.Event()
    jobs.submit(Job(until(gate), ADA))
    assert not jobs.full

    jobs.submit(Job(Work(), ADA))

    assert jobs.full
    gate.set()
    assert jobs.wait_idle(30)
    jobs.close()


def test_closing_lets_work_under_way_finish_and_says_how_much_did_not() -> None:
    jobs, done, gate = Jobs(quick=2, slow=2), threading.Event(), threading.Event()
    jobs.submit(Job(lambda _: done.set(), ADA))
    assert jobs.close() == 0
    assert done.is_set()

    jobs = Jobs(quick=2, slow=2)
    jobs.submit(Job(until(gate), ADA, slow=True))
    began = time.monotonic()

    assert jobs.close(timeout=0.1) == 1
    assert time.monotonic() - began < 5
    gate.set()


# --- what turns out to wait for orgs ---------------------------------------------------------------------


def test_what_turns_out_to_wait_for_orgs_begins_anew_among_those_and_keeps_no_lane(jobs: Jobs) -> None:
    gate, shown = threading.Event(), list[Answer]()
    threads, told = list[str](), list[bool]()

    def work(again: bool) -> None:
        threads.append(threading.current_thread().name)
        told.append(again)
        if len(threads) == 1:
            raise WaitsForOrgs
        assert gate.wait(10)

    jobs.submit(Job(work, ADA, lane="talk"))
    jobs.submit(Job(lambda _: [DONE], ADA, shown.append, lane="talk"))
    for _ in range(1000):
        if shown and len(threads) == 2:
            break
        time.sleep(0.005)
    gate.set()

    assert jobs.wait_idle(30)
    assert (threads, told, shown) == (["quick", "slow"], [False, False], [DONE])


@pytest.mark.parametrize(
    "raised", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()], ids=lambda each: type(each).__name__
)
def test_what_would_end_its_thread_is_told_and_leaves_the_thread(raised: BaseException) -> None:
    jobs, shown, finished = Jobs(quick=2, slow=2), list[Answer](), list[int]()

    def leaves(_: bool) -> None:
        raise raised

    for number in range(5):  # more than there are threads
        job = Job(leaves, ADA, shown.append, slow=bool(number % 2), lane="C1")
        jobs.begin(Batch(jobs=[job], finished=lambda: finished.append(1)))
    jobs.submit(Job(lambda _: [DONE], ADA, shown.append, lane="C1"))

    assert jobs.wait_idle(30)
    assert [answer.headline for answer in shown].count("Something went wrong on the bot's side") == 5
    assert shown.count(DONE) == 1
    assert finished == [1] * 5
    jobs.close()


def test_its_request_is_finished_once_when_it_is_done(jobs: Jobs) -> None:
    finished = list[bool]()
    work = Work(WaitsForOrgs())

    jobs.begin(Batch(jobs=[Job(work, ADA)], finished=lambda: finished.append(True)))

    assert jobs.wait_idle(30)
    assert (work.told, finished) == ([False, False], [True])


def test_its_request_is_done_with_what_its_jobs_owe(jobs: Jobs) -> None:
    first, second, lost = Future[None](), Future[None](), Future[None]()
    batch, seen = Batch(), list[list[Future[None]]]()
    errors = iter([UNCLEAR])

    def tried_again(_: bool) -> None:
        for error in errors:
            owed(lost)  # the next try begins that anew
            raise error
        owed(first)

    def done_at_once(_: bool) -> None:
        owed(second)

    batch.jobs = [Job(tried_again, ADA), Job(done_at_once, ADA)]
    batch.finished = lambda: seen.append(list(batch.owed))
    jobs.begin(batch)

    assert jobs.wait_idle(30)
    assert len(seen) == 1
    assert sorted(map(id, seen[0])) == sorted(map(id, (first, second)))
    assert not owed(first)  # nobody asks for it


# --- the log -------------------------------------------------------------------------------------------


def test_the_log_names_the_request_on_each_thread_and_in_each_try(jobs: Jobs) -> None:
    named = list[dict[str, str]]()
    tries = iter([UNCLEAR, WaitsForOrgs(), None])

    def work(_: bool) -> list[Answer]:
        named.append(log_names.names())
        if error := next(tries):
            raise error
        return [DONE]

    with log_names.named(request="0123abc"), gathering(Batch()) as batch:
        jobs.submit(Job(work, ADA, show=lambda _: named.append(log_names.names())))
    jobs.begin(batch)
    jobs.submit(Job(lambda _: named.append(log_names.names()), ADA))

    assert jobs.wait_idle(30)
    assert sorted(map(str, named)) == sorted(map(str, [{"request": "0123abc"}] * 4 + [{}]))
