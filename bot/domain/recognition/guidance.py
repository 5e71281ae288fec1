"""The guidance as records: entries to answer with, patterns to find them by, questions that sections answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.linear import LoadReports, ReportModels
from bot.domain.recognition.question_model import LoadQuestions, QuestionModel, SampleQuestion

ERROR_TOPICS = (
    "app-not-installed",
    "app-blocked",
    "user-not-approved",
    "token-expired-or-revoked",
    "ip-restricted",
    "wrong-credentials",
    "client-misconfigured",
    "wrong-org-or-domain",
    "user-inactive-or-locked",
    "api-disabled",
    "rate-limited-or-unavailable",
    "other-salesforce-auth",
)
ARTICLE_TOPICS = (
    "why",
    "check-installed",
    "install",
    "permitted-users",
    "grant-profile",
    "grant-permission-set",
    "refresh-token",
    "confirm-installed",
    "unblock",
)
AROUND_TOPICS = ("flosum-user", "token-valid", "flosum-addresses", "native-package")
"""What stands around the article: from Flosum's other pages."""
SECTION_TOPICS = (*ARTICLE_TOPICS, *AROUND_TOPICS)


class Specificity(IntEnum):
    """How specific a pattern is: who prints it, and so how much must stand beside it before it counts.

    ``SALESFORCE``: nobody else prints it. ``SHARED``: others do too, so it does not count where another vendor is named
    and Salesforce is not, and a sentence is overheard only beside a code or a hint at Salesforce. ``COMMON``: everyday
    words, such as a token that expired; they count only beside something of Salesforce's.
    """

    SALESFORCE = 0
    SHARED = 1
    COMMON = 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text by which an entry is found; the guidance files call it a sign.

    Words match without regard to case, punctuation and the shape they come in. A pattern without spaces is a
    code and must stand there as one word. ``a|b`` are alternatives for one word, ``a|b+c`` with one of two words;
    `` .. `` separates parts that stand within a few words of each other in any order, `` ... `` parts that may
    stand further apart.
    ``depth`` ranks causes: 1 hides the real one, 2 is a symptom, 3 is a cause, 4 explains other causes.
    """

    entry_id: str
    text: str
    specificity: Specificity = Specificity.SALESFORCE
    depth: int = 3


class Context(StrEnum):
    """What tells what a text is about, beside the patterns of entries: patterns too, which lead to no entry.

    ``SALESFORCE`` and ``OTHERS``: whose error it is; ``SETUP``: Salesforce's where no other vendor is named;
    ``NICKNAMES``: what people call it, and others too, so that the wording must tell; ``GENERIC``: what it is, a CRM,
    an org, as others' are, so that it tells as much only where the bot is asked; overheard it is a hint.
    ``FOREIGN``: what only somebody else prints. ``OUTGOING``: Salesforce calls somebody, who is Salesforce only
    beside ``CALLED``. ``CODES``: worth naming though they decide nothing.
    ``NAMES``: names of permissions and pages, whose words tell no state.
    """

    SALESFORCE = "(salesforce)"
    SETUP = "(setup)"
    NICKNAMES = "(nicknames)"
    GENERIC = "(generic)"
    OTHERS = "(others)"
    FOREIGN = "(foreign)"
    OUTGOING = "(outgoing)"
    CALLED = "(called)"
    CODES = "(codes)"
    NAMES = "(names)"

    def pattern(self, text: str) -> Pattern:
        """A pattern that tells it."""
        return Pattern(self, text, Specificity.SALESFORCE if self in NAMING else Specificity.COMMON)


OURS = frozenset((Context.SALESFORCE, Context.SETUP))
"""Beside these everyday patterns count."""
NAMING = OURS | {Context.NICKNAMES}
"""Beside these what is told in everyday words may be an error of Salesforce's."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """All that the assistant knows. ``entries`` keep the files' order: the guide's sections come first.

    ``own_questions`` are a team's; the trained models are read when they are first needed.
    """

    entries: tuple[Entry, ...]
    patterns: tuple[Pattern, ...]
    context: tuple[Pattern, ...] = ()
    own_questions: tuple[SampleQuestion, ...] = ()
    load_questions: LoadQuestions = field(default=QuestionModel, repr=False)
    load_reports: LoadReports = field(default=ReportModels, repr=False)
    _by_id: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    @property
    def sections(self) -> tuple[Entry, ...]:
        """The guide's sections in the article's order."""
        return tuple(entry for entry in self.entries if entry.kind is Kind.GUIDE)

    @property
    def errors(self) -> tuple[Entry, ...]:
        """The errors in the files' order."""
        return tuple(entry for entry in self.entries if entry.kind is Kind.ERROR)

    @property
    def article(self) -> Mapping[str, str]:
        """What each section comes to for one org that still needs it, by the section's id."""
        return {section.id: section.step for section in self.sections if section.step}

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id."""
        return self._by_id.get(entry_id)

    def topic(self, topic: str) -> Entry | None:
        """The guide's section on a topic."""
        return next((section for section in self.sections if section.topic == topic), None)
