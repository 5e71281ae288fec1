"""What became of what was sent: answered, lost, said twice, done twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.sandbox.slack.records import Happening, Json, Member, Shown, SlackMessage

_AGAIN = re.compile(r"\b(restart\w*|too many|nothing was done)\b.*\bagain\b|\bpress again\b", re.IGNORECASE | re.DOTALL)
_LINES = ("Reading ", "One moment")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Errand:
    """Something that one person, who does nothing else, wanted of the bot.

    ``thread`` is the thread in which a message is answered for all; "" for what is answered to the person alone.
    ``acked`` is when the bot took it, None if it never did: then Slack has told the person, or has given up.
    """

    kind: str
    person: Member
    sent: float
    acked: float | None
    thread: str = ""


@dataclass
class Answers:
    """What the bot said to one errand: what everybody sees, and what its person alone does."""

    public: list[SlackMessage] = field(default_factory=list)
    private: list[SlackMessage] = field(default_factory=list)

    @property
    def all(self) -> list[SlackMessage]:
        """Both."""
        return self.public + self.private

    @property
    def doubled(self) -> int:
        """Posts too many where everybody reads."""
        return max(0, len(self.public) - 1)

    @property
    def private_twice(self) -> int:
        """Private answers that say the same once more, whatever numbers are in them."""
        said = Counter(_DIGITS.sub("", message.text) for message in self.private)
        return sum(times - 1 for times in said.values())

    @property
    def told_again(self) -> bool:
        """Whether all that was said is to do it again."""
        return bool(self.all) and all(_AGAIN.search(message.text) for message in self.all)

    @property
    def first(self) -> float | None:
        """When the first came."""
        return min((float(message.ts) for message in self.all), default=None)


@dataclass(frozen=True)
class Outcome:
    """One row of the table; ``last`` is in seconds after ``since``. ``remarks`` are what else was to be shown."""

    scenario: str
    database: str
    sent: int
    acked: int
    lost: int
    doubled: int
    private_twice: int
    deeds_twice: int
    told_again: int
    last: float
    words: Sequence[str]
    remarks: Sequence[str] = ()

    @property
    def is_good(self) -> bool:
        """Whether it is as it should be."""
        broken = any(remark.startswith("MISSED") for remark in self.remarks)
        return not (self.lost or self.doubled or self.deeds_twice or broken)


def _said(log: Iterable[Shown]) -> Iterator[SlackMessage]:
    """What the bot said; of a line that says what is being done, what came in its place or beside it.

    To whoever asked before a kill and waits on, the next process says once more what is being done: no answer either.
    """
    lines = set[str]()
    for shown in log:
        message = shown.message
        if message is None or not message.by_bot:
            continue
        if shown.happening is Happening.POSTED and message.text.startswith(_LINES):
            lines.add(message.ts)
        elif shown.happening is Happening.POSTED or (shown.happening is Happening.UPDATED and message.ts in lines):
            lines.discard(message.ts)
            yield message


def answers(log: Iterable[Shown], errands: Sequence[Errand]) -> list[Answers]:
    """What was said to each."""
    found = [Answers() for _ in errands]
    pairs = list(zip(errands, found, strict=True))
    by_thread = {errand.thread: pair for pair in pairs if (errand := pair[0]).thread}
    by_person = {pair[0].person.id: pair for pair in pairs}
    direct = {f"D{person[1:]}": pair for person, pair in by_person.items()}
    for message in _said(log):
        if message.audience is not None:
            pair, which = by_person.get(message.audience), "private"
        elif message.channel in direct:
            pair, which = direct[message.channel], "private"
        else:
            pair, which = by_thread.get(message.thread_ts or ""), "public"
        if pair is not None and float(message.ts) >= pair[0].sent:
            getattr(pair[1], which).append(message)
    return found


def unanswered(log: Iterable[Shown], errands: Sequence[Errand]) -> list[Errand]:
    """Those that were taken and to which nothing was said."""
    pairs = zip(errands, answers(log, errands), strict=True)
    return [errand for errand, said in pairs if errand.acked is not None and not said.all]


def deeds_twice(changes: Iterable[Json], errands: Sequence[Errand]) -> int:
    """Changes too many in the trail: every errand is for one deed at most."""
    people = {errand.person.id for errand in errands}
    done: defaultdict[str, int] = defaultdict(int)
    for change in changes:
        if change["user"] in people:
            done[change["user"]] += 1
    return sum(times - 1 for times in done.values())
