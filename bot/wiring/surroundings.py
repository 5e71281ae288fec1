"""What ``doctor`` sees around the bot: its disk and key file, and whether what Slack sends leads to it."""

from __future__ import annotations

import errno
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from os import R_OK, W_OK, X_OK, access
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.settings import EVERYWHERE, reveal
from bot.adapters.vault import key_file
from bot.domain.answers.humanize import listed
from bot.domain.errors import AssistantError, OperatorError, SlackRefused
from bot.domain.setting_forms import is_like_signing_secret
from bot.entrypoints.cli.parts import CheckResult
from bot.entrypoints.slack.door import EVENTS
from bot.wiring.keys import beside, sqlite_file

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.adapters.settings import Settings

_SECONDS = 10.0
_FULL, _NEARLY_FULL = 100, 1000  # megabytes
_UNSIGNED, _UNREADY = 401, 503
_WHAT_HELPS = "Choose one of this machine's own addresses and a free port, from 1024 on, or end what has it."
_WRONG_SECRET = "A signing secret that is not Slack's refuses all that Slack sends."  # noqa: S105 - no secret


def the_machine(settings: Settings) -> Iterator[CheckResult]:
    """The key file and the disk, where the bot keeps a file."""
    if not settings.secret_keys and not settings.on_postgresql:
        yield _key_file(settings.database_url)
    if (folder := _folder(settings)) is not None:
        yield _disk(folder)
    elif not settings.on_postgresql:
        fix = "Name a file in FLOSUM_DATABASE_URL, with four slashes before its path."
        yield CheckResult("database", None, "it lies in memory: all of it is gone when the bot stops", fix)


def no_database_yet(url: str) -> CheckResult:
    """Where the first start makes it, and whether it may: by this user, who should be the bot's."""
    from bot.adapters.store.database import refuse_half_restored

    path = (sqlite_file(url) or Path()).absolute()
    try:
        refuse_half_restored(path)
    except OperatorError as error:
        return CheckResult("database", False, error.text, "Put the copy in its place before the bot starts.")
    if path.is_symlink() and not path.resolve().parent.is_dir():
        return CheckResult("database", False, f"{path} leads into a folder that is not there", "Make the folder first.")
    if path.exists():  # and holds nothing yet
        if access(path, R_OK | W_OK):
            return CheckResult("database", True, f"{path} is empty; the first start fills it")
        text, fix = f"{path} is empty, and this user may not write to it", "Give it to the bot's user, or delete it."
        return CheckResult("database", False, text, fix)
    folder = _folder_above(path)
    if in_its_place := [above for above in path.parents if above.exists() and not above.is_dir()]:
        text = f"there is none yet, and its folder cannot be made: {in_its_place[0]} is a file"
        return CheckResult("database", False, text, "Name another in FLOSUM_DATABASE_URL.")
    if not access(folder, W_OK | X_OK):
        text = f"there is none yet, and this user may not make {path}"
        return CheckResult("database", False, text, f"Run this as the bot's user, or let it write to {folder}")
    return CheckResult("database", True, f"none yet; the first start makes {path}")


def _key_file(url: str) -> CheckResult:
    try:
        path = beside(url)
        if path.exists() or path.is_symlink():
            key_file(path)
            return CheckResult("key file", True, f"{path}, for its owner alone; keep a copy apart from the database's")
    except OperatorError as error:
        return CheckResult("key file", False, error.text, "Put the key file right; without it no login can be opened.")
    return CheckResult("key file", True, f"none yet; the first start makes {path}")


def _folder(settings: Settings) -> Path | None:
    """The nearest folder above the SQLite file that is there already."""
    path = sqlite_file(settings.database_url)
    return _folder_above(path.absolute()) if path else None


def _folder_above(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.is_dir())


def _disk(folder: Path) -> CheckResult:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _FULL:
        return CheckResult("disk", False, f"{free} MB are free in {folder}", "Make room: the database cannot grow.")
    if free < _NEARLY_FULL:
        return CheckResult("disk", None, f"only {free} MB are free in {folder}")
    return CheckResult("disk", True, f"{free // 1000} GB are free in {folder}")


# --- where the bot listens -------------------------------------------------------------------------------


def where_it_listens(settings: Settings) -> Iterator[CheckResult]:
    """Whether each address that the bot is to listen at can be had, or a bot has it."""
    yield _listening("FLOSUM_HOST and FLOSUM_PORT", settings.flosum_host, settings.flosum_port, "/healthz")
    if settings.metrics_address is not None:
        yield _listening("FLOSUM_METRICS_ADDRESS", *settings.metrics_address, "/readyz")


def _listening(named: str, host: str, port: int, page: str) -> CheckResult:
    place = f"{named}: {host}:{port}"
    try:
        _try_to_listen(host, port)
    except OSError as error:  # what says that there is no such host is one
        if error.errno == errno.EADDRINUSE and _is_a_bot("127.0.0.1" if host in EVERYWHERE else host, port, page):
            return CheckResult("listening", True, f"{place} is in use by a bot, which answers there")
        reason = "there is no such host" if isinstance(error, socket.gaierror) else error.strerror
        return CheckResult("listening", False, f"{place} cannot be listened on ({reason}).", _WHAT_HELPS)
    return CheckResult("listening", True, f"{place} is free")


def _try_to_listen(host: str, port: int) -> None:
    """Raises OSError where it cannot be had."""
    name = None if host == "*" else host
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            tried.bind(address)


def _is_a_bot(host: str, port: int, page: str) -> bool:
    """Whether what answers there has our pages; which bot of several it is does not show."""
    connection = HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.getheader("Content-Type") == "application/json" and answer.status in (200, _UNREADY)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


# --- the way in for what Slack sends ---------------------------------------------------------------------


def the_way_in(settings: Settings, slack: WebClient) -> Iterator[CheckResult]:
    """Whether what Slack sends arrives, as far as that shows from here."""
    if settings.slack_app_token is not None and not settings.many_workspaces:
        yield _line(slack, settings)
    elif settings.slack_signing_secret is not None:
        yield _signing_secret(reveal(settings.slack_signing_secret) or "")
        yield _request_url(settings)


def unheard(error: AssistantError, settings: Settings) -> str:
    """The fix where Slack did not look at what it was asked; "" where it did, and refused that."""
    if not isinstance(error, SlackRefused) or error.permanent:
        return ""
    if error.clear:  # it only wants to be asked less
        return "Run doctor again in a minute."
    if error.code:
        return "Run doctor again in a minute; status.slack.com tells of Slack's outages."
    names = ["HTTPS_PROXY", *(["SLACK_API_URL"] if "slack_api_url" in settings.chosen else [])]
    return f"Check the network and {listed(names)}."


def _line(slack: WebClient, settings: Settings) -> CheckResult:
    from bot.adapters.slack.web_api import called

    token = reveal(settings.slack_app_token) or ""
    try:
        called(lambda: slack.apps_connections_open(app_token=token))
    except AssistantError as error:
        fix = "Check SLACK_APP_TOKEN: Basic Information, App-Level Tokens, scope connections:write."
        text = f"Slack opens no line for Socket Mode. {error.text}"
        return CheckResult("line", False, text, unheard(error, settings) or fix)
    return CheckResult("line", True, "Slack opens one for Socket Mode")


def _signing_secret(secret: str) -> CheckResult:
    if not is_like_signing_secret(secret):
        text = "SLACK_SIGNING_SECRET is not 32 of the signs 0-9 and a-f, as those of Slack are"
        return CheckResult("signing secret", None, text, f"Compare it with Basic Information. {_WRONG_SECRET}")
    text = "has the right form; whether it is Slack's shows with the first thing that Slack sends"
    return CheckResult("signing secret", None, text)


def _request_url(settings: Settings) -> CheckResult:
    if settings.flosum_public_url is None:
        text = "not tried, because FLOSUM_PUBLIC_URL does not say where Slack reaches the bot"
        return CheckResult("request url", None, text)
    url = settings.flosum_public_url.rstrip("/") + EVENTS
    try:
        status = _status(url, settings.ca_bundle)
    except (OSError, HTTPException, ValueError):
        text = f"nobody answers at {url} from here"
        return CheckResult("request url", None, text, "Start the bot, run doctor again; else check DNS, proxy and TLS.")
    if status == _UNSIGNED:
        return CheckResult("request url", True, f"{url} answers, and refuses what Slack did not sign")
    fix = f"Lead {EVENTS} to the bot without a change, and without a login in front of it."
    return CheckResult("request url", False, f"{url} answers {status}, which is not the bot's answer", fix)


def _status(url: str, ca_bundle: str | None) -> int:
    """What an unsigned request is answered. Raises OSError, HTTPException or ValueError where nothing answers."""
    context = ssl.create_default_context(cafile=ca_bundle)
    request = urllib.request.Request(url, data=b"{}", headers={"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS, context=context) as answer:  # noqa: S310 - http(s) alone
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return 0 if refused.headers.get("WWW-Authenticate") else refused.code
