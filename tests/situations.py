"""What people see of the bot, situation by situation: the blocks and the notification's text of each.

Those of verbs, errors, forms and refusals come from the whole bot over the built-in orgs; those of many orgs are made
of the same records, because there are seven built-in orgs and not sixty.

``python -m tests.situations`` records their figures anew in ``tests/looks.txt``; with words behind it, it also shows
the situations whose names hold those words, as a phone would.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.home import view
from bot.domain import selection
from bot.domain.answers import Answer
from bot.domain.digest import report, told
from bot.domain.digest.report import Material
from bot.domain.model import Diagnosis, Verdict
from bot.domain.orgs import status_report
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.home_report import Known, home
from bot.sandbox.clock import SetClock
from bot.sandbox.slack.records import TEAM
from bot.wiring.demo import built_in
from tests import phone
from tests.digests import past, weekly
from tests.further_situations import further
from tests.recognition_helpers import ARTICLE
from tests.running_bot import ADA, RunningBot
from tests.seen import Situation, asked, home_tab, said

TAGS = (("emea", "critical", "wave-2"), ("emea",), ())
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=UTC)
"""When the bot begins: days before the digest, so that none comes between."""
MONDAYS = weekly(TEAM, "C0SALESFORCE", zone="Europe/Berlin")

ERRORS = {
    "app-not-installed": '{"error":"invalid_client","error_description":"app must be installed into org"}',
    "app-blocked": "OAUTH_APP_BLOCKED: this app is blocked by admin",
    "user-not-approved": "OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app",
    "token-expired-or-revoked": "error=invalid_grant&error_description=expired access/refresh token",
    "ip-restricted": "invalid_grant: ip restricted",
    "wrong-credentials": "INVALID_LOGIN: Invalid username, password, security token; or user locked out.",
    "client-misconfigured": "Salesforce: error=redirect_uri_mismatch&error_description=redirect_uri must match",
    "wrong-org-or-domain": "Salesforce: request not supported on this domain",
    "user-inactive-or-locked": "error=invalid_grant&error_description=inactive user",
    "api-disabled": "API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner",
    "rate-limited-or-unavailable": "Salesforce: SERVER_UNAVAILABLE",
    "other-salesforce-auth": "OAUTH_APPROVAL_ERROR_GENERIC",
}
"""An error for each topic, as people paste them."""

STATUS = ("prod", "emea-prod", "uat", "qa", "legacy", "partner", "fresh")
TYPED = (
    "help",
    "status",
    "orgs",
    "status nowhere",
    "connect",
    "connect new",
    "disconnect prod",
    "explain",
    "guide",
    "guide why",
    "guide install",
    "guide permitted-users",
    "remind",
    "snooze",
    "snooze uat",
    "snooze uat until friday release freeze",
    "snooze uat off",
    "remind escalate",
    "remind handover",
    "apps prod",
    "apps prod both",
    "owner prod",
    "owner prod <@U0YOU>",
    "owner prod",
    "rename qa quality",
    "rename quality qa",
    "settings",
    "settings quiet",
    "settings listen",
    "settings guests",
    "access prod ada",
    "statsu prod",
    "how do I bake bread?",
    "entry nothing",
    "remind off",
    "remind monday 09:00 Europe/Berlin",
)


def situations(running_bot: RunningBot) -> list[Situation]:
    """All of them, in one conversation with a fresh bot."""
    found = [*_unread(running_bot), *_orgs(running_bot), *_errors(running_bot), *_typed(running_bot)]
    known = running_bot.bot.uses.checks.known(TEAM)
    return [*found, *_talk(running_bot), *_many(known), *_lists(known), *further(running_bot)]


def _unread(bot: RunningBot) -> Iterator[Situation]:
    yield home_tab(bot, "Home before anything was read")
    yield asked(bot, "orgs", "orgs", name="orgs before anything was read")


def _orgs(bot: RunningBot) -> Iterator[Situation]:
    yield asked(bot, "status all", "all")
    for name in STATUS:
        yield asked(bot, f"status {name}", "status")
    for name in STATUS:
        yield asked(bot, f"status {name} details", "details")
    for name in STATUS:
        yield asked(bot, f"status {name} steps", "steps")
    yield home_tab(bot, "Home of the built-in orgs")


def _errors(bot: RunningBot) -> Iterator[Situation]:
    for topic, text in ERRORS.items():
        yield asked(bot, f"explain {text}", "error", f"error {topic}")
        for org in ("prod", "emea-prod", "partner"):
            yield asked(bot, f"explain {org} says {text}", "error", f"error {topic} in {org}")


def _typed(bot: RunningBot) -> Iterator[Situation]:
    for number, text in enumerate(TYPED):
        again = " again" if text in TYPED[:number] else ""
        kind = "guide" if text.startswith("guide ") else "other"
        yield asked(bot, text, kind, f"/flosum {text}{again}")
    refused = bot.ask("remind off", bot.ben)
    yield said("refused: remind off", "other", refused, bot)


def _talk(bot: RunningBot) -> Iterator[Situation]:
    (answer,) = bot.say(ERRORS["app-not-installed"])
    yield said("a paste in a channel", "error", answer, bot)
    (pointer,) = bot.say(f"me too: {ERRORS['app-not-installed']}")
    yield said("the same paste again", "other", pointer, bot)
    (added,) = bot.say("uat", thread_ts=answer.thread_ts)
    yield said("its thread names the org", "other", added, bot)
    secret = "sfdx said 00DKd0000000001!AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"
    (leak,) = bot.say(secret)
    yield said("a session id in a channel", "other", leak, bot)


def _lists(known: Sequence[Diagnosis]) -> Iterator[Situation]:
    """Lists in their other states: further pages, some still waited for, nothing to do any more."""
    sixty = many(known, 60)
    ready = [found for found in sixty if found.verdict is Verdict.READY]
    told = {
        "orgs of 60, page 3": status_report.overview(sixty, NOW, live=False, page=3),
        "status all while 4 are waited for": status_report.overview(sixty[:3], NOW, live=True, waiting=4),
        "status all, every org ready": status_report.overview(ready, NOW, live=True),
        "status all, the only org ready": status_report.overview(ready[:1], NOW, live=True),
        "digest, every org ready": digest_of(ready),
        "digest, the only org ready": digest_of(ready[:1]),
    }
    for name, answer in told.items():
        shown = message(answer)
        yield Situation(name, "digest" if name.startswith("digest") else "all", shown["blocks"], shown["text"])
    yield Situation("Home of 60, page 3", "home", home_of(sixty, 3)["blocks"])
    yield Situation("Home, every org ready", "home", home_of(ready)["blocks"])


# --- many orgs -----------------------------------------------------------------------------------------


def many(known: Sequence[Diagnosis], count: int) -> list[Diagnosis]:
    """``count`` orgs in the states of the ``known`` ones, each under a name and a host of its own."""
    return [_like(known[number % len(known)], f"team-{number + 1}") for number in range(count)]


def _like(found: Diagnosis, name: str) -> Diagnosis:
    org = replace(
        found.org,
        name=name,
        host=f"acme--{name}.sandbox.my.salesforce.com",
        organization_id=None,
        owner="U0YOU" if name[-1] in "369" else None,
    )
    facts = found.facts and replace(found.facts, checked_at=NOW - timedelta(minutes=5), organization_id=None)
    trouble = found.trouble and found.trouble.replace(found.org.name, name)
    return diagnose(org, facts, article=ARTICLE, now=NOW, trouble=trouble)


def digest_of(orgs: Sequence[Diagnosis]) -> Answer:
    """The digest after four weeks in which nothing changed but the last org, which got ready."""
    names = tuple(found.org.name for found in orgs if found.verdict is not Verdict.READY)
    done = next((found.org.name for found in orgs if found.verdict is Verdict.READY), "gone")
    weeks = [past(f"2026-W{number}", (), (*names, done)) for number in (47, 46, 45, 44)]
    return report.digest(Material(MONDAYS, orgs, weeks, NOW))


def home_of(orgs: Sequence[Diagnosis], page: int = 1, chosen: selection.Selection = selection.EVERY) -> dict[str, Any]:
    """Home as it is that Monday."""
    before = past("2026-W47", (), tuple(found.org.name for found in orgs[:3]))
    digests = told.home_lines([MONDAYS], ADA, NOW, may=True, chosen=told.chosen_words([]))
    return view(home(Known(orgs, before if orgs else None, (), digests, NOW), page, chosen=chosen))


def _many(known: Sequence[Diagnosis]) -> Iterator[Situation]:
    for count in (1, 7, 60):
        shown = message(digest_of(many(known, count)))
        yield Situation(f"digest of {count}", "digest", shown["blocks"], shown["text"])
    for count in (0, 7, 60):
        yield Situation(f"Home of {count}", "home", home_of(many(known, count))["blocks"])
    for live in (True, False):
        shown = message(status_report.overview(many(known, 60), NOW, live=live))
        name = "status all of 60" if live else "orgs of 60"
        yield Situation(name, "all", shown["blocks"], shown["text"])
    chosen = home_of(many(known, 60), chosen=selection.Selection(sandbox=True, ready=False))
    yield Situation("Home of the sandboxes that are not ready of 60", "home", chosen["blocks"])
    yield from _some(many(known, 150))


SOME = ("not ready", "ready", "sandboxes", "production", "emea", "emea not ready sandboxes", "apac")
"""What may follow ``status``; in ``_some`` two of three orgs are tagged emea, none apac."""


def _some(orgs: Sequence[Diagnosis]) -> Iterator[Situation]:
    tagged = [replace(found, org=replace(found.org, tags=TAGS[number % 3])) for number, found in enumerate(orgs)]
    for text in SOME:
        chosen = selection.read(text, (), ("emea", "apac"))
        assert chosen is not None
        for page, live in ((1, True), (2, False)):
            shown = message(status_report.overview(tagged, NOW, live=live, page=page, chosen=chosen))
            verb = "status" if live else f"page {page} of"
            yield Situation(f"{verb} {text}, of {len(orgs)}", "all", shown["blocks"], shown["text"])


# --- the record ----------------------------------------------------------------------------------------

RECORD = Path(__file__).parent / "looks.txt"
_STAMP = re.compile(r"\d{9,}")  # the time stamp in a message's address
_HEAD = "lines buttons blocks  kind     situation, and the first two lines of its notification\n"


def record(found: Sequence[Situation]) -> str:
    """The situations' figures as they stand in ``tests/looks.txt``."""
    return _HEAD + "".join(map(_recorded, found))


def _recorded(one: Situation) -> str:
    figures = f"{phone.height(one.blocks):5} {len(phone.buttons(one.blocks)):7} {len(one.blocks):6}"
    told = [f"{'':22}> {_STAMP.sub('…', line)}\n" for line in one.text.split("\n")[:2] if line]
    return f"{figures}  {one.kind:8} {one.name}\n" + "".join(told)


def found_anew() -> list[Situation]:
    """The situations of a bot that runs for that alone, from the same moment on whenever they are looked at."""
    log, clock = io.StringIO(), SetClock()
    clock.set(THURSDAY)
    with tempfile.TemporaryDirectory() as name, built_in(Path(name), log, clock=clock) as parts:
        return situations(RunningBot(*parts, log, Path(name)))


def main() -> None:
    """Write the record anew, and show the situations whose names hold the words that are given."""
    found = found_anew()
    RECORD.write_text(record(found), "utf-8")
    for one in found:
        if sys.argv[1:] and all(word in one.name for word in sys.argv[1:]):
            print("", one.name, *one.text.split("\n")[:4], "", *phone.lines(one.blocks), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
