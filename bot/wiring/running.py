"""The bot as a whole: every part built once, started together, stopped in reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import structlog
from flask import Flask
from prometheus_client import CollectorRegistry, Gauge
from slack_bolt import App
from slack_sdk import WebClient

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.renewal import Renewal
from bot.adapters.settings import Settings, reveal
from bot.adapters.store import SqlStore
from bot.domain.guidance import Guidance
from bot.domain.matching import Matcher
from bot.domain.model import LOCAL, Answer, Asker
from bot.entrypoints.schedule import Schedule
from bot.entrypoints.slack import outbox, socket
from bot.entrypoints.slack.home_buttons import HomeListeners
from bot.entrypoints.slack.listeners import Listeners
from bot.entrypoints.slack.roster import SlackRoster
from bot.entrypoints.web import WebServer, web_app
from bot.guard import guarded
from bot.jobs import Jobs
from bot.metrics import Counts
from bot.ports import Clock
from bot.service.assistant import Assistant
from bot.service.checks import Checks
from bot.service.conversing import Conversing
from bot.service.governing import Governing
from bot.service.home import HomeTab
from bot.service.rating import Rating
from bot.service.remembering import Memory
from bot.service.reminding import Reminding
from bot.service.rights import Rights
from bot.service.settling import Overhearing, Settling
from bot.service.spaces import Spaces
from bot.service.watching import WatchedOrgs
from bot.wiring.connections import ConnectionParts, browser_login
from bot.wiring.doors import door, refuse_unready
from bot.wiring.numbers import NumbersCollector

CHECKS_AT_ONCE = 8
log = structlog.get_logger("assistant")


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
        route: Callable[[str], str] | None = None,
        browse: Callable[[str], str] | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.mistakes = mistakes
        self.jobs = Jobs()
        self._browsers_are_here = browse is not None
        logins = browser_login(settings, self.public_url, route, browse)
        renewal = Renewal(store, logins)
        self.salesforce = Salesforce(clock=clock, route=route, ca_bundle=settings.ca_bundle, renewal=renewal)
        token = None if settings.many_workspaces else reveal(settings.slack_bot_token)
        self.slack = outbox.client(token, settings.slack_api_url, settings.ca_bundle)
        self.spaces = Spaces(store, clock)
        self.door = door(settings, self.slack, store, self.spaces, clock)
        self._spread = ThreadPoolExecutor(CHECKS_AT_ONCE, thread_name_prefix="check")
        posts = outbox.SlackOutbox(self.client_for)
        orgs = WatchedOrgs(self.salesforce, store, posts, self.jobs.submit)
        self.checks = Checks(store, orgs, clock, self._spread.map)
        people, roster = outbox.SlackPeople(self.client_for), SlackRoster(self.client_for)
        rights = Rights(people, frozenset(settings.flosum_admins), store, roster)
        governing = Governing(rights=rights, governance=store, people=people, roster=roster, clock=clock)
        self.reminding = Reminding(
            store=store,
            check_all=self.checks.every,
            outbox=posts,
            people=people,
            rights=rights,
            clock=clock,
            trail=store,
        )
        self.counts = Counts()
        overhearing = Overhearing(store)
        rating = Rating(store, guidance, self.counts, clock)
        settling = Settling(
            (overhearing.shown, rating.shown, governing.shown),
            {
                "quiet": overhearing.quiet,
                "listen": overhearing.listen,
                "trust": governing.trust,
                "distrust": governing.distrust,
            },
        )
        self._connections = ConnectionParts(
            settings,
            store,
            self.checks,
            self.salesforce,
            logins,
            rights=rights,
            outbox=posts,
            jobs=self.jobs,
            explain=self.explain,
            public_url=self.public_url,
            workspace_name=people.workspace_name,
            clock=clock,
        )
        self.assistant = Assistant(
            store=store,
            checks=self.checks,
            guidance=guidance,
            matcher=matcher,
            counts=self.counts,
            clock=clock,
            verbs={
                "remind": self.reminding.command,
                "settings": settling.command,
                "helpful": rating.command,
                **self._connections.verbs,
            },
        )
        conversing = Conversing(
            assistant=self.assistant,
            matcher=matcher,
            store=store,
            memory=Memory(store, store, guidance, clock),
            counts=self.counts,
            clock=clock,
        )
        self._listeners = Listeners(self.assistant, conversing, store, self.jobs, self.spaces.is_gone)
        self.home = HomeTab(checks=self.checks, records=store, rights=rights, clock=clock)
        self._home = HomeListeners(self.home, self.assistant.reply, self.jobs)
        self._schedule = Schedule(self._tick)
        self._web: WebServer | None = None
        self._socket: socket.SocketMode | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def client_for(self, workspace: str) -> WebClient:
        """The Web API client of a workspace. Raises SlackRefused where the bot is not installed."""
        return self.door.client_for(workspace)

    def explain(self, text: str) -> Answer:
        """What the guidance says of an error that the terminal met."""
        return self.assistant.reply(Asker(LOCAL, "terminal"), f"explain {text}")

    @property
    def address(self) -> str:
        """Where the web part listens, once started."""
        return self._web.address if self._web else ""

    def public_url(self) -> str | None:
        """Where browsers reach this bot, without a slash at its end; None where they do not."""
        url = self.settings.flosum_public_url or (self.address if self._browsers_are_here else "")
        return url.rstrip("/") or None

    def start(self) -> None:
        """Begin to listen. Raises OperatorError when a setting is missing or wrong."""
        settings = self.settings
        refuse_unready(settings)
        self.store.prepare()
        self.door.open()
        for mistake in self.mistakes:
            log.warning("guidance", mistake=mistake)
        app = self._app()
        if settings.slack_app_token is not None:
            self._socket = socket.SocketMode(app, reveal(settings.slack_app_token) or "", self.slack)
        self._web = WebServer(self._web_app(None if self._socket else app), settings.flosum_host, settings.flosum_port)
        self._web.start()
        if self._socket is not None:
            self._socket.start()
        self._schedule.start()
        log.info("listening", mode="Socket Mode" if self._socket else "HTTP", address=self._web.address)

    def _app(self) -> App:
        app = self.door.app()
        self._home.register(app)
        self._listeners.register(app)
        self._connections.forms.register(app)
        return app

    def _tick(self) -> None:
        guarded(self.spaces.sweep)()
        self.reminding.tick()

    def _web_app(self, app: App | None) -> Flask:
        registry = CollectorRegistry()
        Gauge("flosum_jobs_open", "Jobs that run or wait.", registry=registry).set_function(lambda: self.jobs.open)
        registry.register(NumbersCollector(self.counts))
        ready = {"database": self.store.ping}
        if self._socket is not None:
            ready["slack"] = self._socket.check
        web = web_app(app, ready, registry)
        self._connections.pages.register(web)
        return web

    def close(self) -> None:
        """Stop listening, let jobs finish, close the database."""
        if self._socket is not None:
            self._socket.close()
        if self._web is not None:
            self._web.close()
        self._schedule.close()
        self.jobs.close()
        self._spread.shutdown(wait=False, cancel_futures=True)
        self.store.close()
