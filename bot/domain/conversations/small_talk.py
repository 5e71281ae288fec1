"""Small talk, answered like a colleague: short, and with one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Answer, Button, Item, Items
from bot.domain.answers.markup import code
from bot.domain.conversations.entry_reply import ALL_COMMANDS
from bot.domain.model import Org
from bot.domain.phrases import Talk, talk_of

_ABOUT = "I help Salesforce orgs through the connected-app restrictions for Flosum."
_OFFER = "Paste a Salesforce login error, or ask about an org."

_ANSWERS = {
    Talk.GREETING: ("Hello", f"{_ABOUT} {_OFFER}"),
    Talk.THANKS: ("You are welcome", ""),
    Talk.WHO: ("I am the Flosum assistant", f"{_ABOUT} {_OFFER}"),
    Talk.FAILED: (
        "Then what does the error say now?",
        "Paste its whole text and the page's address (without `code=` and `state=`), or name the org.",
    ),
    Talk.SIGNS: (
        "✅ ready · ⚠️ needs a step · ⛔ not installed or blocked · ❔ cannot tell",
        "`/flosum status <org>` says which step it is, and how I know.",
    ),
    Talk.SAME: (
        "Paste what you see, and I look at that",
        "The same error may have another cause in another org. Name the org with it, and I read what it still needs.",
    ),
    Talk.EACH: (
        "Each org by itself: what is done in one is not done in another",
        "Each that Flosum connects to needs the steps. A refreshed sandbox has production's apps; update its token.",
    ),
    Talk.BYE: ("See you", ""),
    Talk.PEOPLE: (
        "I can, and so can whoever may change things here",
        f"{_OFFER} `/flosum settings` names who may change things, `/flosum owner <org>` who looks after an org.",
    ),
    Talk.STEPS: (
        "Of which error?",
        "Press the button below its answer, or paste the error: then I show all its steps.",
    ),
    Talk.RATING: (
        "I cannot tell what that answers",
        "Press the button where it stands. Where an answer did not fit, paste the error's whole text and its address.",
    ),
    Talk.SHARING: (
        "Press **Share in channel** below the answer",
        "It then stands in the channel where you asked. Or ask me there by a mention: everybody reads that answer.",
    ),
    Talk.KEEPING: ("Nothing was changed", ""),
    Talk.UNDO: (
        "There is no undo by a word",
        "`/flosum settings` lists the last changes; the command that made one sets it back to what was there before.",
    ),
    Talk.STOP: (
        "What should stop?",
        "`/flosum remind off` ends a digest; `/flosum settings quiet` my answers to errors that nobody asked me about.",
    ),
    Talk.TIME: ("Is that for a digest?", ""),
    Talk.FORM: ("Press the button where it stands", "A form can be opened and sent by its own buttons alone."),
    Talk.CHOICE: (
        "Press the button where it stands",
        "`/flosum grant <org>` and `/flosum guide for <org>` show it again, with what was read of the org.",
    ),
    Talk.PAGE: (
        "Which page, of which org?",
        "An org's status has a button that leads to the very page. Or search for the page's name in that org's Setup.",
    ),
}

_FOR_EACH = {
    "status {org}": "Check",
    "status {org} details": "Details of",
    "status {org} steps": "Steps of",
    "grant {org}": "Grant access in",
    "access {org} me": "Look me up in",
    "connect {org}": "Reconnect",
}
_NEAREST = 5


def answer(text: str, orgs: Sequence[Org]) -> Answer:
    """What is said to small talk; a greeting shows how to begin."""
    talk = talk_of(text) or Talk.GREETING
    headline, lead = _ANSWERS[talk]
    if talk is Talk.TIME:
        meant = f"remind {text.strip(' .!`')}"
        lead = f"Then say {code(f'/flosum {meant}')}, or press the button."
        return Answer(headline, lead, buttons=(Button(f"/flosum {meant}", command=meant), ALL_COMMANDS))
    if talk is Talk.PEOPLE:
        return Answer(headline, lead, buttons=(Button("Who may change things", command="settings"), ALL_COMMANDS))
    if talk not in (Talk.GREETING, Talk.WHO, Talk.EACH):
        return Answer(headline, lead, buttons=(ALL_COMMANDS,))
    if not orgs:
        first: tuple[Button, ...] = (Button("Go through the guide", command="guide"),)
    elif len(orgs) == 1:
        first = (Button(f"Check {orgs[0].name}", command=f"status {orgs[0].name}"),)
    else:
        first = (Button("Which orgs need a step?", command="status all"),)
    return Answer(headline, lead, buttons=(*first, ALL_COMMANDS))


def which_of(line: str, orgs: Sequence[Org]) -> Answer:
    """A title that needs an org, and there are several: one is to be chosen, the most urgent first."""
    verb = _FOR_EACH.get(line, line.partition(" ")[0].capitalize())
    items = tuple(
        Item(code(org.name), "", buttons=(Button(f"{verb} {org.name}", command=line.replace("{org}", org.name)),))
        for org in orgs[:_NEAREST]
    )
    more = (Button("All orgs", command="orgs"),) if len(orgs) > _NEAREST else ()
    return Answer("Which org?", parts=(Items(items),), buttons=more)
