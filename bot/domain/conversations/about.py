"""What the bot says of itself: what it keeps, and which version it is."""

from __future__ import annotations

from bot.domain.answers import Answer, Item, Items, Text


def privacy() -> Answer:
    """What is kept of people and orgs, for how long, and how it is erased."""
    kept = (
        Item("What you write", "kept without its secrets and sealed, only until it is answered"),
        Item("Answers", "where they stand and what they explained, 30 days"),
        Item("Orgs", "their logins sealed, and their last reading, until they are disconnected"),
        Item(
            "People",
            "ids of who changed something, owns an org or rated an answer; a name only where you type one: for "
            "`access`, or as a reason to snooze",
        ),
    )
    return Answer(
        "I keep little, and no secret that stands in a message",
        parts=(
            Items(kept),
            Text(
                "**Erase it**: `disconnect` forgets an org. Whoever runs me erases a person, or the whole workspace, "
                "when asked. Once I am removed from the workspace all of it is deleted, about a week later at most."
            ),
        ),
        note="I talk to Slack, to Salesforce and to the connected orgs, and to nobody else.",
    )


def version(number: str) -> Answer:
    """Which version answers."""
    return Answer(f"Flosum assistant {number}", "What changed with it stands in its CHANGELOG.")
