"""The bot as a whole: every part built once, started together, stopped in reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from flask import Flask
from prometheus_client import Gauge
from slack_bolt import App

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.refresh import SessionRefresh
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.adapters.settings import Settings, reveal
from bot.adapters.slack import web_api
from bot.adapters.slack.directory import SlackPeople, SlackRoster
from bot.adapters.slack.surfaces import SlackSurfaces
from bot.adapters.store import SqlStore
from bot.domain.errors import OperatorError
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.entrypoints.schedule import Schedule
from bot.entrypoints.slack import socket_mode
from bot.entrypoints.slack.door import Door
from bot.entrypoints.slack.listeners.commands import CommandListeners
from bot.entrypoints.slack.listeners.events import EventListeners
from bot.entrypoints.slack.listeners.home import HomeListeners
from bot.entrypoints.slack.listeners.messages import MessageListeners
from bot.entrypoints.slack.replays import ClaimedJobs
from bot.entrypoints.web import Check, WebServer, operators_app, web_app
from bot.guard import guarded
from bot.ports import Clock
from bot.service.uninstall import Uninstalls
from bot.wiring.connect_parts import browser_login
from bot.wiring.slack_app import refuse_unready, slack_connection
from bot.wiring.usecases import Adapters, UseCases

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
        self.jobs = ClaimedJobs(partial(store.claim_request, now=clock) if settings.on_postgresql else None)
        self.uninstalls = Uninstalls(store, clock)
        self._browsers_are_here = browse is not None
        token = None if settings.many_workspaces else reveal(settings.slack_bot_token)
        self.slack = web_api.client(token, settings.slack_api_url, settings.ca_bundle)
        self.slack_connection = slack_connection(settings, self.slack, store, self.uninstalls, clock)
        logins = browser_login(settings, self.public_url, route, browse)
        self.salesforce = Salesforce(
            clock=clock, route=route, ca_bundle=settings.ca_bundle, session_refresh=SessionRefresh(store, logins)
        )
        self.uses = UseCases(self._adapters(logins, clock), guidance, matcher)
        self._schedule = Schedule(self._tick)
        self._web: WebServer | None = None
        self._operators: WebServer | None = None
        self._socket: socket_mode.SocketMode | None = None

    def _adapters(self, logins: WebServerFlow, clock: Clock) -> Adapters:
        client_for = self.slack_connection.client_for
        return Adapters(
            settings=self.settings,
            store=self.store,
            salesforce=self.salesforce,
            logins=logins,
            outbox=web_api.SlackOutbox(client_for),
            people=SlackPeople(client_for),
            roster=SlackRoster(client_for),
            jobs=self.jobs,
            public_url=self.public_url,
            clock=clock,
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

    def start(self) -> None:
        """Begin to listen. Raises OperatorError when a setting is missing or wrong."""
        settings = self.settings
        refuse_unready(settings)
        self.store.prepare()
        self.slack_connection.open()
        for mistake in self.mistakes:
            log.warning("guidance", mistake=mistake)
        app = self._app()
        if settings.slack_app_token is not None:
            self._socket = socket_mode.SocketMode(
                app, reveal(settings.slack_app_token) or "", self.slack, web_api.called
            )
        ready = self._checks()
        self._web = WebServer(
            self._web_app(None if self._socket else app, ready), settings.flosum_host, settings.flosum_port
        )
        self._serve_operators(ready)
        self._web.start()
        if self._socket is not None:
            self._socket.start()
        self._schedule.start()
        log.info("listening", mode="Socket Mode" if self._socket else "HTTP", address=self._web.address)

    def _app(self) -> App:
        app, uses = self.slack_connection.app(), self.uses
        HomeListeners(uses.home, uses.assistant.reply, self.jobs, SlackSurfaces).register(app)
        CommandListeners(uses.assistant, self.jobs, self.uninstalls.is_gone).register(app)
        MessageListeners(uses.conversation, self.jobs, SlackSurfaces).register(app)
        EventListeners(uses.assistant.prompts, self.jobs, SlackSurfaces).register(app)
        uses.connections.forms.register(app)
        return app

    def _tick(self) -> None:
        guarded(self.uninstalls.sweep)()
        guarded(self.uses.retention.tick)()
        self.uses.weekly_digest.tick()

    def _checks(self) -> Mapping[str, Check]:
        ready = {"database": self.store.ping}
        if self._socket is not None:
            ready["slack"] = self._socket.check
        return ready

    def _web_app(self, app: App | None, ready: Mapping[str, Check]) -> Flask:
        web = web_app(ready, secure=lambda: (self.public_url() or "").startswith("https://"))
        if app is not None:
            Door(app, reveal(self.settings.slack_signing_secret) or "").register(web)
        self.uses.connections.pages.register(web)
        return web

    def _serve_operators(self, ready: Mapping[str, Check]) -> None:
        registry = self.uses.counts.registry
        Gauge("flosum_jobs_open", "Jobs that run or wait.", registry=registry).set_function(lambda: self.jobs.open)
        if (address := self.settings.metrics_address) is not None:
            web = operators_app(ready, registry)
            try:
                self._operators = WebServer(web, *address, named="FLOSUM_METRICS_ADDRESS", threads=2)
            except OperatorError as error:
                if "flosum_metrics_address" in self.settings.model_fields_set:
                    raise
                # Nobody chose that address: a second bot on one machine serves people all the same.
                log.warning("no metrics, because their usual address is taken", problem=error.text)
                return
            self._operators.start()

    def close(self) -> None:
        """Stop listening, let jobs finish, close the database."""
        if self._socket is not None:
            self._socket.close()
        for server in (self._web, self._operators):
            if server is not None:
                server.close()
        self._schedule.close()
        self.jobs.close()
        self.uses.close()
        self.salesforce.close()
        self.store.close()
