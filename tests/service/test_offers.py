"""Which buttons of an answer are somebody's who alone sees it."""

from __future__ import annotations

import pytest

from bot.domain.answers import Answer, Button
from bot.domain.command import who_may_say
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.model import Asker, Login, Org
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.domain.verbs import Who
from bot.service.offers import FORMS, Offers
from tests.running_bot import RunningBot

OWN = Org("T1", "EMEA Full Copy", "acme.my.salesforce.com", Login.JWT, owner="U0OWN")
OTHER = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, owner="U0ADA")


class Rights:
    """An admin, somebody trusted, and members; the stranger is none."""

    def has(self, who: Asker, needed: Who) -> bool:
        if who.user == "U0ADA":
            return True
        return (needed is Who.TRUSTED and who.user == "U0TRUST") or (needed is Who.EVERYBODY and who.user != "U0EVE")


EVERYBODY = ("U0ADA", "U0TRUST", "U0OWN", "U0BEN", "U0EVE")
OFFERS = Offers(Rights(), lambda _: [OWN, OTHER])


@pytest.mark.parametrize(
    ("button", "theirs"),
    [
        (Button("Check", "status prod"), EVERYBODY),
        (Button("Open", url="https://acme.my.salesforce.com"), EVERYBODY),
        (Button("All steps", "entry not-installed"), EVERYBODY),
        (Button("Done", "guide for prod done refresh-token"), EVERYBODY),
        (Button("Access", "access prod me"), EVERYBODY),
        (Button("Access", "access prod me ben@acme.example"), EVERYBODY),
        (Button("Mine", "remind off me"), EVERYBODY),
        (Button("Mine", "remind now me"), EVERYBODY),
        (Button("Mine", "U0BEN", form=DIGEST_FORM), EVERYBODY),
        (Button("Set it up", "-", form=DIGEST_FORM), EVERYBODY),
        (Button("Quiet", "settings quiet"), EVERYBODY),
        (Button("Grant access", "grant prod both"), ("U0ADA", "U0TRUST")),
        (Button("Grant access", "grant EMEA Full Copy both"), ("U0ADA", "U0TRUST")),
        (Button("Undo", "grant prod undo 1,2"), ("U0ADA", "U0TRUST")),
        (Button("Reconnect", "connect prod"), ("U0ADA", "U0TRUST")),
        (Button("Access", "access prod ada"), ("U0ADA", "U0TRUST")),
        (Button("Off", "remind off"), ("U0ADA", "U0TRUST")),
        (Button("Off", "remind escalate off"), ("U0ADA", "U0TRUST")),
        (Button("Change", "C0SALESFORCE\norgs=all", form=DIGEST_FORM), ("U0ADA", "U0TRUST")),
        (Button("Connect", "-", form=NEW_ORG_FORM), ("U0ADA", "U0TRUST")),
        (Button("Guests", "settings guests on"), ("U0ADA",)),
        (Button("Take off", "settings distrust <@U0BEN>"), ("U0ADA",)),
        (Button("End", "snooze prod off"), ("U0ADA", "U0TRUST")),
        (Button("Snooze", "snooze prod"), ("U0ADA", "U0TRUST")),
        (Button("Snooze", "prod", form=SNOOZE_FORM), ("U0ADA", "U0TRUST")),
        (Button("End", "snooze EMEA Full Copy off"), ("U0ADA", "U0TRUST", "U0OWN")),
        (Button("Snooze", "snooze EMEA Full Copy 7"), ("U0ADA", "U0TRUST", "U0OWN")),
        (Button("Snooze", "EMEA Full Copy", form=SNOOZE_FORM), ("U0ADA", "U0TRUST", "U0OWN")),
        (Button("Snooze another", "-", form=SNOOZE_FORM), ("U0ADA", "U0TRUST", "U0OWN")),
    ],
)
def test_whose_a_button_is(button: Button, theirs: tuple[str, ...]) -> None:
    answer = Answer("A", buttons=(button,))

    assert tuple(user for user in EVERYBODY if OFFERS.to(Asker("T1", user), answer).buttons) == theirs


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("remind weekdays 8:30", "own"),
        ("remind alerts on", "own"),
        ("remind off", "own"),
        ("remind off <#C0SALESFORCE>", "others'"),
        ("remind handover on", "others'"),
        ("remind escalate off", "others'"),
        ("snooze prod off", "others'"),
    ],
)
def test_in_direct_messages_a_digest_is_ones_own(line: str, whose: str) -> None:
    answer = Answer("A", buttons=(Button("Say it", line),))

    assert bool(OFFERS.to(Asker("T1", "U0BEN", "D0BEN"), answer).buttons) == (whose == "own")
    assert not OFFERS.to(Asker("T1", "U0BEN", "C0SALESFORCE"), answer).buttons


@pytest.mark.parametrize(
    "line", ["", "   ", "how do I bake bread?", "OAUTH_APP_BLOCKED", "remind", "snooze", "settings"]
)
def test_what_is_no_change_is_for_everybody(line: str) -> None:
    assert who_may_say(line) is Who.EVERYBODY


def test_whom_each_form_is_for_is_declared(running_bot: RunningBot) -> None:
    assert set(FORMS) == set(running_bot.bot.uses.forms)
