"""The bot as a whole: every part built once, started together, stopped in reverse."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog
from flask import Flask
from slack_bolt import App
from slack_sdk import WebClient

from bot.adapters.settings import Settings, reveal
from bot.adapters.slack import web_api
from bot.adapters.slack.channels import SlackChannels
from bot.adapters.slack.directory import SlackPeople, SlackRoster
from bot.adapters.slack.surfaces import SlackSurfaces
from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.conversations import replies
from bot.domain.errors import OperatorError, SlackRefused
from bot.domain.model import Asker
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.entrypoints.prometheus import PrometheusCounts
from bot.entrypoints.slack.door import EVENTS, Door
from bot.entrypoints.slack.intake import Intake
from bot.entrypoints.slack.listeners.commands import CommandListeners
from bot.entrypoints.slack.listeners.events import EventListeners
from bot.entrypoints.slack.listeners.home import HomeListeners, republisher
from bot.entrypoints.slack.listeners.messages import MessageListeners
from bot.entrypoints.slack.listeners.modals import FormListeners
from bot.entrypoints.slack.listeners.other_versions import OtherVersionsListeners
from bot.entrypoints.slack.matching import match_by_body
from bot.entrypoints.slack.recovery import Recovery
from bot.entrypoints.web import Check, WebServer, operators_app, serve_plainly, web_app
from bot.entrypoints.web.plain import Headers, Reply
from bot.entrypoints.web.readiness import Remembered, as_numbers
from bot.guard import beside, guarded
from bot.jobs import Job, Jobs
from bot.ports import Clock
from bot.service.departures import Departures
from bot.service.shared_clock import SharedClock
from bot.service.uninstall import Uninstalls
from bot.wiring.connect_parts import browser_login
from bot.wiring.deferred import Deferred
from bot.wiring.slack_app import refuse_unready, slack_connection, token_works
from bot.wiring.usecases import Adapters, UseCases
from bot.wiring.version import version

FINISH_WITHIN = 6.5
"""Seconds for which jobs may go on once the bot is told to stop; containers are killed ten after."""

HANDED_ON_WITHIN = 1.0

DIGESTS_EVERY = 10.0
"""Seconds between looks for what is due: one query each."""

DIGESTS_END_WITHIN = 3.0
"""Seconds for which a digest may go on at the end; what hangs longer is left to the next one to look for."""

CLOCK_AGAIN = 2.0
"""Seconds after which a clock is started that the system had no thread for."""

log = structlog.get_logger("assistant")

if TYPE_CHECKING:
    from bot.adapters.salesforce import Salesforce
    from bot.adapters.salesforce.web_server_flow import WebServerFlow
    from bot.entrypoints.schedule import Schedule
    from bot.entrypoints.slack import socket_mode


class Bot:
    """All parts of a running bot. Use as a context manager; ``start`` begins to listen."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        guidance: Guidance,
        matcher: Matcher,
        mistakes: Sequence[str],
        *,
        clock: Clock,
        shared_clock: SharedClock,
        route: Callable[[str], str] | None = None,
        browse: Callable[[str], str] | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.mistakes = mistakes
        self.jobs = Jobs()
        self._process = secrets.token_hex(8)
        self._clock = clock
        self._shared_clock = shared_clock
        self.uninstalls = Uninstalls(store, clock)
        self.departures = Departures(store, clock, lambda one: token_works(self.slack_connection.client_for, one))
        self._browsers_are_here = browse is not None
        self.counts = PrometheusCounts()
        token = None if settings.many_workspaces else reveal(settings.slack_bot_token)
        self.slack = web_api.client(token, settings.slack_api_url, settings.ca_bundle, self.counts.slack_called)
        self.slack_connection = slack_connection(settings, self.slack, store, self.uninstalls, self.departures, clock)
        self._outbox = web_api.SlackOutbox(self.slack_connection.client_for, self._offer_to)
        self._logins = Deferred(lambda: browser_login(settings, self.public_url, route, browse))
        logins = self._logins.itself
        self._salesforce = Deferred(lambda: self._of_salesforce(logins, route))
        self.salesforce = self._salesforce.itself
        self._guidance = guidance
        self.uses = UseCases(self._adapters(logins, clock), guidance, matcher)
        self._schedule: Schedule | None = None
        self._digests: Schedule | None = None
        self._web: WebServer | None = None
        self._operators: WebServer | None = None
        self._socket: socket_mode.SocketMode | None = None
        self._intake: Intake | None = None
        self._recovery: Recovery | None = None

    def _of_salesforce(self, logins: WebServerFlow, route: Callable[[str], str] | None) -> Salesforce:
        from bot.adapters.salesforce import Salesforce
        from bot.adapters.salesforce.refresh import SessionRefresh

        return Salesforce(
            clock=self._clock,
            route=route,
            ca_bundle=self.settings.ca_bundle,
            session_refresh=SessionRefresh(self.store, logins),
            called=self.counts.org_read,
        )

    def _adapters(self, logins: WebServerFlow, clock: Clock) -> Adapters:
        client_for = self.slack_connection.client_for
        return Adapters(
            settings=self.settings,
            store=self.store,
            salesforce=self.salesforce,
            logins=logins,
            outbox=self._outbox,
            people=SlackPeople(client_for),
            roster=SlackRoster(client_for),
            channels=SlackChannels(client_for),
            jobs=self.jobs,
            process=self._process,
            public_url=self.public_url,
            clock=clock,
            shared_clock=self._shared_clock,
            counts=self.counts,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where the web part listens, once started."""
        return self._web.address if self._web else ""

    @property
    def metrics_address(self) -> str:
        """Where the operator looks, once started; empty for nowhere."""
        return self._operators.address if self._operators else ""

    def public_url(self) -> str | None:
        """Where browsers reach this bot, without a slash at its end; None where they do not."""
        url = self.settings.flosum_public_url or (self.address if self._browsers_are_here else "")
        return url.rstrip("/") or None

    def _offer_to(self, who: Asker, answer: Answer) -> Answer:
        """What posts is made before who may do what is known."""
        return self.uses.offers.to(who, answer)

    def warm_up(self) -> None:
        """Make ready what the first question would wait for, and everybody behind it.

        What reads orgs is loaded where there are any: its libraries are a seventh of the memory of a bot with none.
        """
        self.uses.assistant.is_error("Is it ready?")
        self._guidance.load_reports()
        self.store.load_vault()
        version()  # what runs, though another one may lie there by the time somebody asks
        if self.store.has_orgs():
            self._salesforce.load()
            self._logins.load()

    def start(self, *, migrate_apart: bool = False) -> None:
        """Begin to listen. Raises OperatorError when a setting is missing or wrong.

        ``migrate_apart``: for a process that stays, a migration runs in another one.
        """
        settings = self.settings
        refuse_unready(settings)
        self.store.serve()
        self.store.prepare(apart=migrate_apart)
        # Before Slack is asked to take the token: where it does not, the operator should know since when and what for.
        guarded(self.departures.sweep)()
        self.slack_connection.open()
        for mistake in self.mistakes:
            log.warning("guidance", mistake=mistake)
        for sentence in settings.at_odds:
            log.warning("settings", mistake=sentence)
        app = self._app()
        intake = Intake(app, self.jobs, self.store, self._process, self._clock, self.uses.assistant.is_own, self.counts)
        self._intake = intake
        self._recovery = Recovery(intake, self.jobs, self.store, self._process, self._clock)
        if settings.slack_app_token is not None:
            from bot.entrypoints.slack import socket_mode

            self._socket = socket_mode.SocketMode(
                app, intake, reveal(settings.slack_app_token) or "", self.slack, web_api.called
            )
        ready = self._checks()
        self._web = WebServer(
            self._web_app(None if self._socket else (app, intake), ready), settings.flosum_host, settings.flosum_port
        )
        self._serve_operators(ready)
        self._web.start()
        if self._socket is not None:
            self._socket.start()
        self._recovery.start()
        guarded(self._shared_clock.look)()
        self._start_clocks()
        log.info("listening", mode="Socket Mode" if self._socket else "HTTP", address=self._web.address)

    def _start_clocks(self) -> None:
        from bot.entrypoints.schedule import Schedule  # its library is slow to load, and requests are taken by now

        self._schedule = Schedule(self._sweep, "sweep")
        self._digests = Schedule(self._look_for_digests, "digests", every=DIGESTS_EVERY)
        for clock in (self._schedule, self._digests):
            self._start_clock(clock)

    def _start_clock(self, clock: Schedule) -> None:
        """People are served already, so where the system has no thread for it just now it is tried again."""
        if not clock.start():
            log.warning("no thread for the clock; it is tried again", seconds=CLOCK_AGAIN)
            again = Job(lambda _: self._start_clock(clock), Asker("", ""), kept=False, after=CLOCK_AGAIN)
            self.jobs.submit(again)

    def _app(self) -> App:
        app = self.slack_connection.app(self._greet_installer, self._listen)
        match_by_body(app)
        return app

    def _listen(self, app: App) -> None:
        uses, clients = self.uses, web_api.Clients(self.slack)

        def surfaces(client: WebClient) -> SlackSurfaces:
            return SlackSurfaces(clients.same(client), self._offer_to)

        # Bolt asks one listener after the other, so what comes most often is asked first.
        MessageListeners(uses.conversation, self.jobs, surfaces).register(app)
        CommandListeners(uses.assistant, self.jobs, surfaces, self.uninstalls.is_gone).register(app)
        HomeListeners(uses.home, uses.forms[NEW_ORG_FORM], uses.assistant.reply, self.jobs, surfaces).register(app)
        came, left, prompts = uses.greeting.came, uses.escalating.left, uses.assistant.prompts
        EventListeners(self._greet_channel, came, left, prompts, self.jobs, surfaces).register(app)
        FormListeners(uses.forms, self.jobs, surfaces, republisher(uses.home)).register(app)
        OtherVersionsListeners(uses.home, self.jobs, surfaces).register(app)

    def _greet_channel(self, workspace: str, channel: str, at: str) -> None:
        self._outbox.post(workspace, channel, replies.invited(), key=f"invited:{channel}:{at}")

    def _greet_installer(self, workspace: str, user: str) -> None:
        def greet() -> None:
            self._outbox.post(workspace, user, replies.installed(), key=f"installed:{user}")

        self.jobs.later(greet)

    def tick(self) -> None:
        """All that the clock does, and wait for it."""
        self._sweep()
        self.uses.digests.tick(self.departures.away)

    def _sweep(self) -> None:
        guarded(self.uninstalls.sweep)()
        guarded(self.departures.sweep)()
        guarded(self.uses.retention.tick)()
        guarded(self._shared_clock.look)()
        guarded(partial(self.uses.orgs_over_time.tick, self.departures.away))()

    def _look_for_digests(self) -> None:
        self._shared_clock.look()
        self.uses.digests.tick(self.departures.away, patience=0)

    def _checks(self) -> Mapping[str, Check]:
        ready: dict[str, Check] = {
            "database": Remembered(self.store.check, every=2),
            "writes": Remembered(lambda: self.store.try_writing(self._clock()), every=10, again=2),
        }
        if not self.settings.many_workspaces:  # of many tokens none is the bot's
            ready["token"] = Remembered(self._check_token, every=60, again=10, stands=120)
        if self._socket is not None:
            ready["slack"] = self._socket.check
        return ready

    def _check_token(self) -> None:
        try:
            web_api.called(self.slack.auth_test)
        except SlackRefused as refusal:
            if refusal.permanent:
                raise OperatorError(f"SLACK_BOT_TOKEN is not accepted any more. {refusal.text}") from None
            raise

    def _web_app(self, slack: tuple[App, Intake] | None, ready: Mapping[str, Check]) -> Flask:
        def is_secure() -> bool:
            return (self.public_url() or "").startswith("https://")

        web = web_app(ready, secure=is_secure)
        if slack is not None:
            door = Door(*slack, reveal(self.settings.slack_signing_secret) or "")
            door.register(web)
            serve_plainly(web, EVENTS, partial(_replied, door), is_secure)
        self.uses.connections.pages.register(web)
        return web

    def _serve_operators(self, ready: Mapping[str, Check]) -> None:
        self._watch(ready)
        if (address := self.settings.metrics_address) is not None:
            web = operators_app(ready, self.counts.registry)
            try:
                self._operators = WebServer(web, *address, named="FLOSUM_METRICS_ADDRESS", threads=2)
            except OperatorError as error:
                if "flosum_metrics_address" in self.settings.chosen:
                    raise
                # Nobody chose that address: a second bot on one machine serves people all the same.
                log.warning("no metrics, because their usual address is taken", problem=error.text)
                return
            self._operators.start()

    def _watch(self, ready: Mapping[str, Check]) -> None:
        jobs, watch = self.jobs, self.counts.watch
        watch("flosum_jobs_open", "Jobs that run or wait.", {"": lambda: jobs.open})
        ages = {name: pool.waited for name, pool in jobs.pools.items()}
        watch("flosum_jobs_oldest_seconds", "How long the next job waits already, by pool.", ages, "pool")
        busy = {name: pool.busy for name, pool in jobs.pools.items()}
        watch("flosum_threads_busy", "Threads that do a job, by pool.", busy, "pool")
        watch("flosum_ready", "Whether what the bot needs is there (1) or not (0).", as_numbers(ready), "check")
        watch("flosum_database_connections", "Connections in use.", {"": self.store.connections_in_use})

    def close(self) -> None:
        """Take nothing more, let jobs finish, hand on what does not, close the database."""
        begun = time.monotonic()
        deadline = begun + FINISH_WITHIN
        digests = self._closing_digests()
        if self._recovery is not None:
            self._recovery.close()
        if self._socket is not None:
            self._socket.close()
        if self._web is not None:
            self._web.close()
        left = self.jobs.close(max(0.0, deadline - time.monotonic()))
        digests.wait(max(0.0, begun + DIGESTS_END_WITHIN + HANDED_ON_WITHIN - time.monotonic()))
        if self._intake is not None:
            self._hand_on(left)
        if self._operators is not None:
            self._operators.close()
        if self._schedule is not None:
            self._schedule.close()
        self.uses.close()
        self._salesforce.if_made(lambda made: made.close())
        self.slack.connections.close()
        self.store.close()

    def _closing_digests(self) -> threading.Event:
        """Digests end while jobs do; a database that hangs holds up no end."""
        self.uses.digests.stop()
        if self._digests is not None:
            self._digests.close()
        return beside(lambda: self.uses.digests.close(DIGESTS_END_WITHIN), "leaving-digests")

    def _hand_on(self, left: int) -> None:
        """Leave what was acknowledged to another process or the next start; a database that hangs holds up no end."""
        handed_on = list[int]()
        handing_on = beside(lambda: handed_on.append(self.store.hand_on_requests(self._process)), "handing-on")
        handing_on.wait(HANDED_ON_WITHIN)
        if not handed_on:
            log.error("what is not done could not be handed on; it is taken on once this process is missed", jobs=left)
        elif left or handed_on[0]:
            log.warning("handed on to another process or the next start", requests=handed_on[0], unfinished_jobs=left)


def _replied(door: Door, body: bytes, kind: str, headers: Headers) -> Reply:
    taken = door.answer(body, kind, headers.get)
    response = taken.response
    told = [(name, value) for name, values in response.headers.items() for value in values]
    return Reply(response.status, told, response.body.encode(), taken.begin)
