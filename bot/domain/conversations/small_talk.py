"""Small talk, answered like a colleague: short, and with one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Answer, Button
from bot.domain.conversations.guidance_reply import ALL_COMMANDS
from bot.domain.model import Org
from bot.domain.phrases import Talk, talk_of

_ABOUT = "I help Salesforce orgs through the connected-app restrictions for Flosum."
_OFFER = "Paste a Salesforce login error, or ask about an org."

_ANSWERS = {
    Talk.GREETING: ("Hello", f"{_ABOUT} {_OFFER}"),
    Talk.THANKS: ("You are welcome", ""),
    Talk.WHO: ("I am the Flosum assistant", f"{_ABOUT} {_OFFER}"),
    Talk.BYE: ("See you", ""),
}


def answer(text: str, orgs: Sequence[Org]) -> Answer:
    """What is said to small talk; a greeting shows how to begin."""
    talk = talk_of(text) or Talk.GREETING
    headline, lead = _ANSWERS[talk]
    if talk in (Talk.THANKS, Talk.BYE):
        return Answer(headline, buttons=(ALL_COMMANDS,))
    if not orgs:
        first: tuple[Button, ...] = (Button("Go through the guide", command="guide"),)
    elif len(orgs) == 1:
        first = (Button(f"Check {orgs[0].name}", command=f"status {orgs[0].name}"),)
    else:
        first = (Button("Which orgs need a step?", command="status all"),)
    return Answer(headline, lead, buttons=(*first, ALL_COMMANDS))
