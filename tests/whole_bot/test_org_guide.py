"""``/flosum guide for <org>``: whose name wins, who ticks, and another person who goes on."""

from __future__ import annotations

import pytest

from bot.domain.model import Login, Org
from bot.sandbox.slack.records import TEAM
from tests.running_bot import RunningBot


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("guide for uat", "Setting up uat: 4 of 8 steps done"),
        ("guide UAT", "Setting up uat: 4 of 8 steps done"),
        ("guide for emea-prod", "Setting up emea-prod: 1 of 8 steps done"),
        ("guide for legacy", "Setting up legacy: 0 of 8 steps done, 5 cannot be read"),
        ("guide for partner", "Cannot tell how far partner is set up: it could not be read"),
        ("guide install", "Install the Flosum connected app"),
        ("guide for install", "I know no org called install"),
        ("guide for uat done", "By hand these steps are ticked"),
        ("guide for uat done install", "By hand these steps are ticked"),
        ("guide for uat done 3", "Permitted Users is ticked by what is read of the org. By hand these steps are"),
        ("guide for uat done 9", "By hand these steps are ticked"),
        ("guide for uat done 5", "Setting up uat: 5 of 8 steps done"),
        ("guide for uat done Step 6", "Setting up uat: 5 of 8 steps done"),
        ("guide for uat DONE Update Token in Flosum.", "Setting up uat: 5 of 8 steps done"),
        ("guide for uat done token valid", "Setting up uat: 5 of 8 steps done"),
        ("guide flosum-user", "The users that Flosum needs"),
        ("guide token-valid", "Token Valid: where Flosum shows"),
        ("guide flosum-addresses", "Flosum's addresses, and which of them changed"),
        ("guide native-package", "The native Flosum package is another product"),
        ("guide for installing the app in every sandbox", "Install the Flosum connected app"),
    ],
)
def test_what_is_shown(running_bot: RunningBot, said: str, answer: str) -> None:
    assert answer in running_bot.ask(said).text


def test_a_sections_name_wins_over_an_orgs_and_for_means_the_org(running_bot: RunningBot) -> None:
    store = running_bot.bot.store
    (org,) = (each for each in store.orgs(TEAM) if each.name == "uat")
    store.add_org(Org(TEAM, "install", org.host, Login.JWT, org.username), store.credentials(org))

    assert running_bot.ask("guide install").text.startswith("Install the Flosum connected app")
    assert "Setting up install: " in running_bot.ask("guide for install").text


def test_one_begins_and_another_goes_on(running_bot: RunningBot) -> None:
    first = running_bot.ask("guide for prod")
    before = len(running_bot.shown())
    running_bot.ada.press(first, "Done: The user for Flosum")
    assert "The user for Flosum · Ada Lindt, just now" in running_bot.shown()[before:][-1].text

    there = running_bot.ask("guide for prod", running_bot.ben)
    assert "Setting up prod: 6 of 8 steps done" in there.text
    before = len(running_bot.shown())
    running_bot.ben.press(there, "Done: Update Token in Flosum")
    running_bot.ask("guide for prod done token-valid", running_bot.ben)

    assert running_bot.ask("guide for prod").text.startswith("✅ prod is set up for Flosum")
    assert "7 of 8 steps done" in running_bot.ask("guide for prod open token-valid").text
