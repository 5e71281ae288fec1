"""``doctor``: everything that the bot needs, looked at one by one, each with its fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING

from bot.adapters.settings import reveal
from bot.domain.answers.humanize import listed
from bot.domain.departures import to_do, told
from bot.domain.digest import zones
from bot.domain.digest.delivery import LATE
from bot.domain.digest.subscription import About
from bot.domain.digest.undelivered import undelivered_words
from bot.domain.errors import ENDED_TOKENS, AssistantError, OperatorError, SlackRefused
from bot.domain.program import to_type
from bot.entrypoints.cli.parts import CheckResult
from bot.wiring.keys import is_made, sqlite_file
from bot.wiring.manifest import bot_scopes
from bot.wiring.settings_check import the_settings
from bot.wiring.surroundings import no_database_yet, the_machine, the_way_in, unheard, where_it_listens

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.adapters.settings import Settings
    from bot.wiring.app import Bot
    from bot.wiring.parts import BotParts
    from bot.wiring.slack_app import ManyWorkspaces

LOOKED_AT = 20
"""Installations that are asked about at most: enough to tell a lost network from a workspace that left."""

DIGESTS_FOR = timedelta(days=14)

_OTHER_CLIENT = ("bad_client_secret", "invalid_client_id")

CLOCK_MAY_BE_OFF = 60  # seconds; Slack refuses signatures that are five minutes off, Salesforce tokens three


def examine(parts: BotParts) -> Sequence[CheckResult]:
    """Every check. One that cannot be made because an earlier one failed is left out."""
    try:
        settings = parts.settings
        # Who looks before the first start, maybe as another user, must not make the files that the bot is to make.
        is_new = sqlite_file(settings.database_url) is not None and not is_made(settings.database_url)
        bot = parts.bot(leaves_no_file=is_new)
    except OperatorError as error:
        return [CheckResult("settings", False, line, "Correct it and run doctor again.") for line in _all(parts, error)]
    with bot:
        if is_new:
            bot.store.prepare()
        findings = [
            *the_settings(settings),
            *_guidance(bot),
            _zones(parts.now()),
            *(_no_database_yet(bot, settings) if is_new else _database(bot, parts.now())),
            *the_machine(settings),
            *where_it_listens(settings),
        ]
        findings += _many(bot, parts) if settings.many_workspaces else _one(bot, parts)
        return [*findings, *the_way_in(settings, bot.slack), _salesforce(bot)]


def _all(parts: BotParts, error: OperatorError) -> Sequence[str]:
    """What is wrong with the settings, and what is missing for a start: who corrects one need not come back for it."""
    lines = error.text.splitlines()
    try:
        parts.refuse_unready()
    except OperatorError as more:
        lines += more.text.splitlines()
    return list(dict.fromkeys(lines))


NO_WAY_IN = (
    "Set SLACK_APP_TOKEN (Basic Information, App-Level Tokens) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
)


def _no_app() -> str:
    made = f"Create the Slack app from its manifest ({to_type('manifest')} prints it)"
    return f"{made}, install it, and set its Bot User OAuth Token."


def _one(bot: Bot, parts: BotParts) -> Iterator[CheckResult]:
    settings = parts.settings
    if settings.slack_bot_token is None:
        yield CheckResult("slack", False, "SLACK_BOT_TOKEN is missing", _no_app())
    else:
        yield from _slack(bot, parts, settings)
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield CheckResult("events", False, "no way in for Slack's events", NO_WAY_IN)


def _many(bot: Bot, parts: BotParts) -> Iterator[CheckResult]:
    from bot.wiring.slack_app import ManyWorkspaces, refuse_unready

    try:
        refuse_unready(parts.settings)
    except OperatorError as error:
        yield from (CheckResult("slack", False, line, "Correct the settings.") for line in error.text.splitlines())
        return
    assert isinstance(bot.slack_connection, ManyWorkspaces)  # noqa: S101 - the same settings chose it
    yield from _installed_workspaces(parts.settings, bot.slack, bot.slack_connection, parts.now())


def _guidance(bot: Bot) -> Iterator[CheckResult]:
    yield from (
        CheckResult("guidance", False, mistake, "Correct the file; the rest works.") for mistake in bot.mistakes
    )
    if not bot.mistakes:
        yield CheckResult("guidance", True, "every file reads well")


def _zones(now: datetime) -> CheckResult:
    data = zones.DATA
    where = "the tzdata package" if data.uses_package else "this system"
    other = data.system if data.uses_package else data.package
    words = f"zone data {data.used} of {where}"
    if data.used[:4] < str(now.year - 1):
        fix = "Clocks that were changed since are an hour off. Run pip install --upgrade tzdata"
        return CheckResult("zones", False, f"{words} is older than last year", fix)
    return CheckResult("zones", True, f"{words}; the other is {other}" if other else words)


def _no_database_yet(bot: Bot, settings: Settings) -> Iterator[CheckResult]:
    yield no_database_yet(settings.database_url)
    yield CheckResult("migrations", True, f"at none yet, newest {bot.store.migrations()[1]}")


def _database(bot: Bot, now: datetime) -> Iterator[CheckResult]:
    try:
        current, newest = bot.store.migrations()
    except OperatorError as error:
        yield _faulty("database", error)
        return
    if current == newest:
        yield _writes(bot, now)
    else:
        yield CheckResult("database", True, "reachable")
    yield _migrations(bot, f"at {current or 'none yet'}, newest {newest}", is_new=current is None)
    if current == newest and (damaged := bot.store.unreadable()):
        text = f"holds what this version cannot read, in {listed(damaged)}"
        yield CheckResult("database", False, text, "Restore a backup, or start the version that wrote it.")
    elif current == newest:
        yield _keys(bot)
        yield from _departures(bot)
        yield from _orgs(bot)
        yield from _digests(bot, now)


def _writes(bot: Bot, now: datetime) -> CheckResult:
    try:
        bot.store.try_writing(now)
    except OperatorError as error:
        return _faulty("database", error)
    return CheckResult("database", True, "reachable, and takes what is written")


def _migrations(bot: Bot, text: str, *, is_new: bool) -> CheckResult:
    if is_new and not bot.settings.on_postgresql:
        return CheckResult("migrations", True, text)  # the first start migrates a file
    try:
        bot.store.check()
    except OperatorError as error:
        return _faulty("migrations", error)
    return CheckResult("migrations", True, text)


def _faulty(check: str, error: OperatorError) -> CheckResult:
    from bot.adapters.store.errors import DatabaseFault

    if isinstance(error, DatabaseFault) and error.fix:
        return CheckResult(check, False, error.fault, error.fix)
    return CheckResult(check, False, error.text, "Check FLOSUM_DATABASE_URL and that the database runs.")


def _orgs(bot: Bot) -> Iterator[CheckResult]:
    """What the connected orgs' users lack, as last read; that is for their admins, so it is no fault of the bot's."""
    for org, lacking in bot.store.hindered():
        fix = "Give them to the connection's user in that org; until then the rest cannot be read."
        yield CheckResult("orgs", None, f"{org}: its connection lacks {listed(lacking)}", fix)


def _digests(bot: Bot, now: datetime) -> Iterator[CheckResult]:
    """Those that did not go out; of a channel that refuses them whoever set it knows, the rest is for the operator."""
    lost = [each for each in bot.store.undelivered(now - DIGESTS_FOR, now - LATE) if each.slot.about == About.DIGEST]
    for each in lost:
        text = f"{each.slot.workspace}: {undelivered_words(each.slot, each.target)}"
        if each.failing:
            yield CheckResult("digests", None, f"{text}: {each.failing}", "Whoever set it was told in Slack.")
        else:
            yield CheckResult("digests", False, text, "The log says why: look for its key.")
    if not lost:
        yield CheckResult("digests", True, "all that were due in two weeks went out")


def _departures(bot: Bot) -> Iterator[CheckResult]:
    yield from (CheckResult("workspace", False, told(mark), to_do(mark)) for mark in bot.store.departures())


def _keys(bot: Bot) -> CheckResult:
    if lost := bot.store.unopened():
        fix = "Put the lost key back into FLOSUM_SECRET_KEYS or the key file, or connect these again."
        return CheckResult("keys", False, f"no key opens the logins of: {', '.join(lost)}", fix)
    return CheckResult("keys", True, "they open every stored login")


def _slack(bot: Bot, parts: BotParts, settings: Settings) -> Iterator[CheckResult]:
    from bot.adapters.slack.web_api import called

    try:
        me = called(bot.slack.auth_test)
    except AssistantError as error:
        yield _no_slack(error, settings)
        return
    yield CheckResult("slack", True, f"connected to workspace {me['team_id']} as {me['user_id']}")
    headers = {name.lower(): value for name, value in me.headers.items()}
    yield _scopes(headers.get("x-oauth-scopes"))
    yield clock_finding(headers.get("date"), parts.now())


def _no_slack(error: AssistantError, settings: Settings) -> CheckResult:
    """A token that Slack refuses and a line that leads nowhere are mended in different places."""
    if isinstance(error, SlackRefused) and error.code in ENDED_TOKENS:
        fix = "Copy the Bot User OAuth Token once more; where the app was removed, install it first."
        return CheckResult("slack", False, f"Slack does not take SLACK_BOT_TOKEN ({error.code})", fix)
    fix = unheard(error, settings) or "Look that word up at docs.slack.dev, and install the app anew."
    return CheckResult("slack", False, error.text, fix)


def _scopes(granted: str | None) -> CheckResult:
    if granted is None:
        return CheckResult("scopes", None, "Slack did not say which scopes are granted")
    if missing := missing_scopes(granted):
        fix = f"Add them (all are in what {to_type('manifest')} prints) and reinstall the Slack app."
        return CheckResult("scopes", False, f"missing: {', '.join(missing)}", fix)
    return CheckResult("scopes", True, "all that manifest.yml asks for")


def missing_scopes(granted: str) -> list[str]:
    """What manifest.yml asks for and Slack's header ``x-oauth-scopes`` does not name."""
    return sorted(set(bot_scopes()) - {scope.strip() for scope in granted.split(",")})


def clock_finding(date: str | None, now: datetime) -> CheckResult:
    """How far this machine's clock is from Slack's, by the Date of an answer."""
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC) if date else None
    except (ValueError, OverflowError):  # a proxy's
        theirs = None
    if theirs is None:
        return CheckResult("clock", None, "Slack did not say what time it is")
    off = abs((now - theirs).total_seconds())
    if off > CLOCK_MAY_BE_OFF:
        return CheckResult("clock", False, f"{off:.0f} s off Slack's clock", "Set this machine's clock (NTP).")
    return CheckResult("clock", True, "agrees with Slack's")


def _salesforce(bot: Bot) -> CheckResult:
    try:
        bot.salesforce.reach("login.salesforce.com")
    except AssistantError as error:
        return CheckResult("salesforce", False, error.text, "Check the network, HTTPS_PROXY and REQUESTS_CA_BUNDLE.")
    return CheckResult("salesforce", True, "login.salesforce.com answers")


# --- where workspaces add the bot themselves -------------------------------------------------------------


def _installed_workspaces(
    settings: Settings, slack: WebClient, slack_connection: ManyWorkspaces, now: datetime
) -> Iterator[CheckResult]:
    """What can be checked without a browser."""
    url = settings.flosum_public_url or ""
    install = f"{url.rstrip('/')}/slack/install"
    if url.startswith("https://"):
        yield CheckResult("address", True, f"Add to Slack: {install}")
    else:
        fix = "Slack sends browsers back to https only."
        yield CheckResult("address", False, "FLOSUM_PUBLIC_URL is not https", fix)
    yield _client_secret(settings, slack)
    try:
        installed = list(islice(slack_connection.installations.workspaces(), LOOKED_AT))
    except AssistantError as error:
        yield CheckResult("slack", False, error.text, "Mend the database first.")
        return
    if not installed:
        text = f"no workspace has added the bot yet; an admin does at {install}"
        yield CheckResult("slack", None, text)
        return
    yield from _installations(slack_connection, installed, settings, now)


def _client_secret(settings: Settings, slack: WebClient) -> CheckResult:
    """What Slack says to a code that it never gave out: to the wrong secret it says that."""
    from bot.adapters.slack.web_api import called

    client, secret = settings.slack_client_id or "", reveal(settings.slack_client_secret) or ""
    try:
        called(lambda: slack.oauth_v2_access(client_id=client, client_secret=secret, code="asked-by-doctor"))
    except SlackRefused as refusal:
        if not_heard := unheard(refusal, settings):
            return CheckResult("client secret", None, f"not tried: {refusal.text}", not_heard)
        if refusal.code in _OTHER_CLIENT:
            fix = "Copy both from Basic Information; the signing secret beside them looks alike."
            text = "Slack does not take SLACK_CLIENT_ID with SLACK_CLIENT_SECRET"
            return CheckResult("client secret", False, text, fix)
    return CheckResult("client secret", None, "nothing against it; that it is right shows with the next Add to Slack")


def _installations(
    slack_connection: ManyWorkspaces, installed: list[str], settings: Settings, now: datetime
) -> Iterator[CheckResult]:
    from bot.adapters.slack.web_api import called

    refused, fixes, date = [], dict[str, None](), None
    poorer, unsaid = [], []
    for workspace in installed:
        try:
            me = called(slack_connection.client_for(workspace).auth_test)
        except AssistantError as error:
            refused.append(f"{workspace}: {error.text}")
            fixes[unheard(error, settings) or "Add the bot anew where Slack refuses its token."] = None
            continue
        headers = {name.lower(): value for name, value in me.headers.items()}
        date = date or headers.get("date")
        granted = headers.get("x-oauth-scopes")
        if granted is None:
            unsaid.append(workspace)
        elif missing := missing_scopes(granted):
            poorer.append(f"{workspace} lacks {', '.join(missing)}")
    if refused:
        yield CheckResult("slack", False, " ".join(refused), " ".join(fixes))
    else:
        yield CheckResult("slack", True, f"{len(installed)} installed, each answers")
    if poorer:
        fix = "An admin of each adds the bot again at /slack/install."
        yield CheckResult("scopes", False, "; ".join(poorer), fix)
    elif unsaid or len(refused) == len(installed):
        yield CheckResult("scopes", None, "Slack did not say which scopes are granted")
    else:
        yield CheckResult("scopes", True, "all that manifest.yml asks for")
    yield clock_finding(date, now)
