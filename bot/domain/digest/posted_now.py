"""A digest that somebody has posted now: what tells one press from the next, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.markup import channel, time
from bot.domain.digest import wish
from bot.domain.errors import SlackRefused
from bot.domain.orgs.alert_report import NOT_AGAIN

ONCE_IN = timedelta(minutes=2)
"""What is pressed again within it is the same press: a double one, a second person's, or Slack's repetition."""

_KIND = "now"


@dataclass(frozen=True, slots=True)
class PostedNow:
    """The digest of some ``orgs`` that somebody (``by``) had posted to a ``target``."""

    target: str
    orgs: str
    by: str
    at: datetime

    @property
    def beginning(self) -> str:
        """How the keys of all begin that say the same in the same place."""
        return f"{_KIND}:{self.target}:for {_quoted(self.orgs)}:"

    @property
    def key(self) -> str:
        """What travels with the message, so that it is found again."""
        return f"{self.beginning}{self.by}:{self.at.isoformat()}"


def read_key(key: str) -> PostedNow | None:
    """What stands in a key; None in one of another kind."""
    kind, _, rest = key.partition(":")
    if kind != _KIND:
        return None
    target, orgs, by, at = rest.split(":", 3)
    return PostedNow(target, _unquoted(orgs.removeprefix("for ")), by, datetime.fromisoformat(at))


def _quoted(orgs: str) -> str:
    return orgs.replace("%", "%25").replace(":", "%3A")


def _unquoted(orgs: str) -> str:
    return orgs.replace("%3A", ":").replace("%25", "%")


def kept_words(posted: PostedNow) -> Answer:
    """What is kept until it is posted: the digest itself is made then, of what the orgs are like by then."""
    return Answer(f"The digest that was asked for {time(posted.at)}")


def not_again(posted: PostedNow, name: str, place: str, *, is_there: bool) -> Answer:
    """What the second press hears; ``name`` is who was first."""
    when = time(posted.at)
    if not is_there:
        return Answer(f"{name} asked for this digest {when}, and it is on its way to {place}", state=State.UNKNOWN)
    again = f"From {time(posted.at + ONCE_IN)} on it can be posted again."
    return Answer(f"{name} had it posted to {place} {when}, so I did not post it again", state=State.READY, note=again)


def not_sure(refusal: SlackRefused, place: str) -> Answer:
    """Slack broke off while it was posted."""
    return Answer(
        f"Slack has not said whether the digest is in {place}",
        "I look in a minute, and post it if it is not there.",
        State.UNKNOWN,
        note=refusal.said,
    )


def takes_long(place: str) -> Answer:
    """Reading took so long that another process may be at it."""
    return Answer(
        f"The digest comes to {place} in a few minutes",
        "The orgs took too long to answer, so I read them again.",
        State.UNKNOWN,
    )


def for_operator(told: Answer) -> Answer:
    """What is told in a terminal, which may be the only thing that runs, of what a running bot has yet to do."""
    if told.state is not State.UNKNOWN:
        return told
    return replace(
        told, note=f"{told.note} A running bot does that; where none runs, post it again in two minutes.".strip()
    )


def undelivered(posted: PostedNow, why: str) -> Answer:
    """What came to a channel by the clock alone did not come; whoever asked for it hears that later."""
    return Answer(
        f"The digest that you asked for {time(posted.at)} did not come to {channel(posted.target)}",
        why or "Slack did not take it.",
        State.MISSING,
        buttons=(_again(posted),),
    )


def uncertain(posted: PostedNow) -> Answer:
    """It may have come."""
    return Answer(
        f"Look whether the digest that you asked for {time(posted.at)} is in {channel(posted.target)}",
        NOT_AGAIN,
        State.UNKNOWN,
        buttons=(_again(posted),),
    )


def _again(posted: PostedNow) -> Button:
    of = "" if posted.orgs == wish.ALL else f" for {posted.orgs}"
    return Button("Post it now", command=f"remind now <#{posted.target}>{of}")
