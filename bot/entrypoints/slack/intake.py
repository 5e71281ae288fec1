"""The one way in for what Slack sends, over HTTP or the line: looked at, run once, kept until it is done, answered.

    shape -> replay? -> Bolt's listeners, which only say what is to be done -> kept in the database -> acknowledged
          -> begun

Nothing is done before the acknowledgement, and nothing that is worth a record is acknowledged without one, except
where the database does not answer: then an event is refused, so that Slack sends it again, and remembered here all
the same; what somebody waits for is done at once, and tells how it went.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from slack_bolt import App, BoltContext
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from bot import log_names
from bot.domain.errors import OperatorError
from bot.entrypoints.slack.kept_form import kept_form
from bot.entrypoints.slack.message_events import workspace_of
from bot.entrypoints.slack.payloads import Malformed, NobodyListens, bolt_request
from bot.entrypoints.slack.replays import Replays
from bot.entrypoints.slack.shapes import SSL_CHECK
from bot.jobs import Batch, Jobs, gathering
from bot.metrics import Counts
from bot.ports import WAITING, Clock, KeptRequest, Requests

FAILED = 500
TAKEN = 300
"""Below it, Slack does not send again."""

NOBODY_LISTENS = 404
"""Bolt's answer where no listener fits. For an event that is no failure: the app's settings at Slack may name more of
them than this version hears, and where Slack counts many failures it sends no event at all any more.
"""

KEPT_WITHIN = 1.5
"""Seconds that keeping a request may take, of the three in which Slack wants to hear of it."""

BUSY = "Too many requests at once; nothing was done. Try again in a minute."

_SENT_AGAIN, _WHY = "X-Slack-Retry-Num", "X-Slack-Retry-Reason"
_REASONS = frozenset(
    ("http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "timeout", "unknown_error")
)
_KINDS = frozenset(
    ("command", "event_callback", "block_actions", "view_submission", "view_closed", "shortcut", "message_action")
)
"""What is counted apart; anything else is one more kind, so that nobody outside makes up labels."""

_HELD_BACK = "app_rate_limited"
_ASKS_NOTHING = (_HELD_BACK, "view_closed")

_SHOWN = 12  # letters of a key: enough to tell the requests of a year apart

IsOwn = Callable[[str, str], bool]
"""Whether a workspace's text, secrets and all, is about the assistant's own app in an org."""

log = structlog.get_logger("assistant")


@dataclass(slots=True)
class Request:
    """A request under way. ``kept``: there is a record of it; ``elsewhere``: it is another process's."""

    key: str
    form: Callable[[], KeptRequest]
    batch: Batch = field(default_factory=Batch)
    kept: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The acknowledgement, and what is to be called once it has left."""

    response: BoltResponse
    begin: Callable[[], None] = lambda: None


class Intake:
    """Hands requests to Bolt, and what comes of them to the jobs. One for the whole process."""

    def __init__(
        self, app: App, jobs: Jobs, requests: Requests, owner: str, clock: Clock, is_own: IsOwn, counts: Counts
    ) -> None:
        """``owner`` names this process among those that share the database."""
        self._app = app
        self._jobs = jobs
        self._requests = requests
        self._owner = owner
        self._clock = clock
        self._is_own = is_own
        self._counts = counts
        self._replays = Replays()
        self._under_way: dict[str, Request] = {}
        self._taking = set[str]()
        self._lock = threading.Lock()

    def take(self, name: str, payload: Any, headers: Mapping[str, str]) -> Taken:
        """Take what was sent in, once for each ``name`` of Slack's; again where that failed. Raises Malformed."""
        began = time.perf_counter()
        if _SENT_AGAIN in headers:
            self._counts.sent_again(_reason(headers.get(_WHY, "")))
        taken = self._take(name, payload, headers)
        self._counts.acknowledged(_kind(payload), time.perf_counter() - began)
        return taken

    def _take(self, name: str, payload: Any, headers: Mapping[str, str]) -> Taken:
        try:
            request = bolt_request(payload, headers)
        except NobodyListens:
            return Taken(_heard_by_nobody(payload))
        is_event = payload.get("type") == "event_callback"
        key = request_key(str(payload.get("event_id") or name) if is_event else name)
        with log_names.named(**_log_names(key, request.context, payload.get("event_id"))):
            return self._taken(key, request, payload, is_event=is_event)

    def _taken(self, key: str, request: BoltRequest, payload: Any, *, is_event: bool) -> Taken:
        if not self._replays.first(key):
            return Taken(self._sent_again(key))
        try:
            with self._being_taken(key), gathering(Batch(came=time.monotonic())) as batch:
                response = self._app.dispatch(request)
        except BaseException:
            self._replays.failed(key)
            raise
        if is_event and response.status == NOBODY_LISTENS:
            response = BoltResponse(status=200, body="")
        if response.status >= TAKEN or not batch.jobs:  # chat that concerns nobody may come as often as it likes
            self._replays.failed(key)
            return Taken(response)
        context = request.context
        taken = Request(key, partial(self._form, key, workspace_of(context), payload, context), batch)
        try:
            return self._acknowledged(taken, response, payload, is_event=is_event)
        except BaseException:  # nothing of it is begun: what Slack sends again is taken anew
            self._forget(taken)
            self._replays.failed(key)
            raise

    @contextmanager
    def _being_taken(self, key: str) -> Iterator[None]:
        with self._lock:
            self._taking.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._taking.discard(key)

    def again(self, kept: KeptRequest) -> None:
        """Do what was kept and not done, by this process from now on. What cannot be taken just now is left again."""
        with log_names.named(**_log_names(kept.key, {"team_id": kept.workspace})):
            self._again(kept)

    def _again(self, kept: KeptRequest) -> None:
        request, failed = Request(kept.key, lambda: kept, Batch(again=kept.begun), kept=True), True
        try:
            with gathering(request.batch):
                failed = self._app.dispatch(bolt_request(json.loads(kept.payload), {})).status >= FAILED
        except (Malformed, NobodyListens) as fault:  # what another version kept
            log.warning("a request that was kept cannot be read", reason=str(fault))
            failed = False
        finally:
            if failed:
                self._requests.leave_request(kept.key)
        if not failed:
            self._begin(request)

    def _acknowledged(self, request: Request, response: BoltResponse, payload: Any, *, is_event: bool) -> Taken:
        if not request.batch.kept:
            if self._jobs.full:
                self._replays.failed(request.key)
                return Taken(_busy(payload))
            return self._to_begin(request, response)
        if self._jobs.full:
            return self._for_later(request, response, payload)
        with self._lock:
            self._under_way[request.key] = request
        self._keep(request, self._owner)
        if request.elsewhere:
            self._forget(request)
            return Taken(response)
        if is_event and not request.kept:
            response = BoltResponse(status=503, body={"error": "cannot be kept now"})
        return self._to_begin(request, response)

    def _to_begin(self, request: Request, response: BoltResponse) -> Taken:
        self._jobs.announce(request.batch)
        return Taken(response, lambda: self._begin(request))

    def _for_later(self, request: Request, response: BoltResponse, payload: Any) -> Taken:
        """More than can wait here waits in the database, for whichever process has time first."""
        self._keep(request, WAITING)
        if request.kept or request.elsewhere:
            return Taken(response)
        self._replays.failed(request.key)
        return Taken(_busy(payload))

    def _sent_again(self, key: str) -> BoltResponse:
        """It is known. If no record of it could be made before, it is time to try that again."""
        with self._lock:
            request, is_being_taken = self._under_way.get(key), key in self._taking
        if is_being_taken:  # nobody knows yet what comes of it
            return BoltResponse(status=503, body="")
        if request is None or request.kept or not request.batch.kept:
            return BoltResponse(status=200, body="")
        self._keep(request, self._owner)
        return BoltResponse(status=200 if request.kept or request.elsewhere else 503, body="")

    # --- keeping ---------------------------------------------------------------------------------------

    def _form(self, key: str, workspace: str, payload: Any, context: BoltContext) -> KeptRequest:
        kept = kept_form(payload, context, partial(self._is_own, workspace))
        return KeptRequest(key, workspace, json.dumps(kept))

    def _keep(self, request: Request, owner: str) -> None:
        """Make a record of it within the time that there is; what went wrong stands in the log."""
        made = self._requests.begin_keeping(request.form(), owner, self._clock())
        try:
            first = made.result(KEPT_WITHIN)
        except TimeoutError:
            log.warning("a request could not be kept", reason="the database does not answer in time")
            made.cancel()
        except OperatorError as error:
            log.warning("a request could not be kept", reason=error.text)
        else:
            request.kept, request.elsewhere = first, not first

    def _kept(self, request: Request, owner: str) -> bool:
        return self._requests.keep_request(request.form(), owner, self._clock())

    def _held(self, request: Request) -> bool:
        """Whether it is to be done here. One without a record has to get it first, if nobody waits for it meanwhile.

        Raises OperatorError while the database takes none: then doing it would fail as well.
        """
        if request.kept or not request.batch.kept:
            return True
        if request.elsewhere:
            return False
        try:
            request.kept = self._kept(request, self._owner)
        except OperatorError:
            if any(job.show is not None for job in request.batch.jobs):
                return True  # somebody waits, and is told how it goes
            raise
        request.elsewhere = not request.kept
        return request.kept

    def _begin(self, request: Request) -> None:
        with self._lock:
            self._under_way[request.key] = request
        batch = request.batch
        batch.held = partial(self._held, request)
        batch.finished = partial(self._finished, request)
        if not batch.jobs:
            self._finished(request)
            return
        self._jobs.begin(batch)

    def _finished(self, request: Request) -> None:
        request.batch.let_go()
        if not request.kept:
            self._forget(request)
            return
        # Where that fails, the next look at what is ours notices it.
        ended = self._requests.begin_ending(request.key, request.batch.owed)
        self._jobs.until(ended)
        ended.add_done_callback(partial(self._over, request))

    def _over(self, request: Request, ended: Future[object]) -> None:
        self._forget(request)
        if ended.exception() is not None and any(each.exception() is not None for each in request.batch.owed):
            log.warning("will be done again", reason="not all of it could be written")
            self._jobs.later(lambda: self._requests.leave_request(request.key))

    def _forget(self, request: Request) -> None:
        with self._lock:
            self._under_way.pop(request.key, None)

    # --- for whoever looks after what is kept ----------------------------------------------------------

    @property
    def under_way(self) -> frozenset[str]:
        """The keys of the requests that this process does."""
        with self._lock:
            return frozenset(self._under_way)


def request_key(name: str) -> str:
    """The key of a request that Slack calls ``name``: a signature, an event's id, an envelope's."""
    return hashlib.sha256(name.encode()).hexdigest()


def _kind(payload: Mapping[str, Any]) -> str:
    kind = payload.get("type") or ("command" if "command" in payload else "other")
    return kind if isinstance(kind, str) and kind in _KINDS else "other"


def _reason(given: str) -> str:
    """Slack's word for why it sends again, where it is one that it documents."""
    return given if given in _REASONS else "other"


def _log_names(key: str, context: Mapping[str, Any], event: object = None) -> dict[str, str]:
    """What each line of the log about a request says of it: an id of ours, and Slack's where there is one."""
    names = {"event_id": event, "workspace": context.get("team_id"), "channel": context.get("channel_id")}
    return {"request": key[:_SHOWN], **{name: value for name, value in names.items() if isinstance(value, str)}}


def _heard_by_nobody(payload: Mapping[str, Any]) -> BoltResponse:
    """What asks nothing of us is taken; for anything else Slack tells whoever did it that nothing comes of it."""
    if payload.get("type") == _HELD_BACK:
        log.warning("Slack holds events back, because too many come", workspace=payload.get("team_id"))
    if SSL_CHECK in payload or payload.get("type") in _ASKS_NOTHING:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=NOBODY_LISTENS, body={"error": "nobody listens"})


def _busy(payload: Any) -> BoltResponse:
    """A command can be answered with the acknowledgement; anything else is refused, which Slack shows or repeats."""
    if "command" in payload:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": BUSY})
    return BoltResponse(status=503, body={"error": "busy"})
