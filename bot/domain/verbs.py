"""The slash verbs: what may be typed after ``/flosum``, each declared once, in the order of the short help.

A line is read by them (``domain.command``), ``/flosum help`` is made of them, and tests hold README's table, the
manifest's usage hint and the permissions to them. What runs a verb is bound to it in ``service.slash_verbs``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain import selection
from bot.domain.name_lists import parts_of_list


class Who(Enum):
    """Who may use a verb in one of its forms. The use case behind it asks; a test holds that it does."""

    EVERYBODY = auto()
    TRUSTED = auto()  # who may change things: workspace admins, and those whom they added
    ADMINS = auto()  # workspace admins alone
    BUTTONS = auto()  # nobody types it: buttons say it


class Group(Enum):
    """What a verb is for, in the order of the short help."""

    ORGS = "What orgs still need"
    ERRORS = "Errors and the guide"
    CHANGE = "Connect and change orgs"
    HABITS = "Reminders and settings"
    ABOUT = "About me"


@dataclass(frozen=True, slots=True)
class Usage:
    """One form of a verb: the ``words`` that follow it, as people read them, and what it is for.

    ``<…>`` is for the asker to fill in, ``a|b`` a choice, and what stands in brackets may be left out. ``brief`` is
    how the short help shows the form, with the name of a real org for ``<org>``; None leaves it to the verb's own help.
    """

    words: str
    help: str
    who: Who = Who.EVERYBODY
    brief: str | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether every word of it is spelled out."""
        return "<" not in self.words and "[" not in self.words

    def fits(self, typed: Sequence[str], *, begun: bool = False) -> bool:
        """Whether what was typed has this form; where it is only ``begun``, words may be missing at its end."""
        places = self.words.split()
        needed = [place for place in places if not place.startswith("[")]
        if len(typed) > len(places) or (len(typed) < len(needed) and not begun):
            return False
        return all(map(_fills, places, typed))


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb and its forms. ``group`` is where the short help shows it.

    What follows one with ``sentences`` may be as long as a sentence; one that ``chooses`` some of the orgs takes the
    words for that. ``changes``: it changes something, so it must not be carried out a second time by
    itself; ``slow``: it waits for orgs; ``light``: it changes nothing and holds nobody's words, so nothing is lost that
    cannot be typed again; ``open``: it tells nothing of the workspace, so guests and strangers may use it, too.
    ``org_after`` is the word after which it is about an org, which it waits for then; ``each``: said of several orgs,
    it is done to each of them, for it is easily taken back.
    """

    name: str
    usages: tuple[Usage, ...]
    group: Group | None = None
    sentences: bool = False
    chooses: bool = False
    changes: bool = False
    slow: bool = False
    light: bool = False
    open: bool = False
    org_after: str = ""
    each: bool = False

    @property
    def names_org(self) -> bool:
        """Whether what follows it begins with an org's name."""
        return any(usage.words.startswith("<org>") for usage in self.usages)

    @property
    def is_pressed(self) -> bool:
        """Whether only buttons say it."""
        return all(usage.who is Who.BUTTONS for usage in self.usages)

    def is_about_org(self, rest: str) -> bool:
        """Whether the word follows after which an org's name is awaited."""
        return bool(self.org_after) and rest.split(maxsplit=1)[:1] == [self.org_after]

    def is_too_much(self, before: str, word: str, more: str) -> bool:
        """Whether ``more`` fits behind ``before`` and an org's name, and only without ``word`` between them."""
        if any(usage.words.endswith(_MANY_WORDS) for usage in self.usages):
            return False
        one = [*before.split(), "org"]
        without, beside = ([*one, *more.split()], [*one, word, *more.split()])
        fits, fits_beside = (any(usage.fits(words) for usage in self.usages) for words in (without, beside))
        return fits and not fits_beside

    def takes(self, rest: str) -> bool:
        """Whether a line that begins with the verb, and goes on with ``rest``, is this command.

        Else it is a question or an error: "status of my token is Token Expired". It takes any few words that may name
        something, to say what is wrong with them.
        """
        words = rest.split()
        if self.is_about_org(rest):
            return True
        if self.is_pressed:
            # An org's name behind an entry may have several words; no sentence has an entry's id behind the verb.
            is_behind = self.usages[0].words.endswith(" [org]") and words[:1] and "-" in words[0]
            return any(usage.fits(words[:2] if is_behind else words) for usage in self.usages)
        if any(usage.fits(words) for usage in self.usages):
            return True
        if self.chooses and (strange := selection.strange_words(rest)) is not None:
            return all(map(_may_be_name, strange))
        if self.chooses and _is_list_of_names(selection.paged(rest)[0]):
            return True
        if self.names_org and words and not _may_be_name(words[0]):
            return False
        # Of people and channels there may be any number, and of orgs where it is done to each.
        listed = {at for at, word in enumerate(words, 1) if self.each and word.endswith((",", ";"))}
        told = [word for at, word in enumerate(words) if not word.startswith("<") and at not in listed]
        return self.sentences or len(told) < SENTENCE


SENTENCE = 4  # so many words after a verb make a sentence, not a command

_NO_NAMES = frozenset(
    "a access an and any app are at by can code cannot connected denied error expired failed failure flow for forbidden"
    " from has have in invalid is it missing my no not of on or permission permissions refused required revoked rights"
    " scope session setting settings that the this to token tokens type unsupported user users was were what when where"
    " why with".split()
)
"""Words that sentences and errors are made of: no org, person or app is called that."""

_NAME = re.compile(r"[\w.-]*\w")
_WHEN = re.compile(r".*\d.*|(?:mon|tue|wed|thu|fri|sat|sun)\w*\W?|every|each|on|at|noon|midnight", re.IGNORECASE)
_SHAPES = {
    "org": _NAME,
    "app": _NAME,
    "tag": _NAME,
    "person": re.compile(r"<@\w+(?:\|[^>]*)?>|@?[\w.-]*\w|[\w.+-]+@[\w.-]*\w"),
    "days": re.compile(r"\d+"),
    "day": _WHEN,
    "time": _WHEN,
    "entry": re.compile(r"[\w.:-]+"),
}
"""How what is filled in looks, where that tells a command from a sentence."""
_MANY_WORDS = ("<person>", "<permission-set>")
"""What may have a name of several words where it comes last."""
_NAMED = ("org", "app", "tag", "person")


_AROUND = "\"'`´‘’‚‛“”„‟«»‹›*_~.,!?…()"  # what people put around a name


def _may_be_name(word: str) -> bool:
    """Whether a word can be where a name is awaited; "code", "of" and "failed:" are parts of something else."""
    bare = word.casefold().strip(_AROUND)
    return bare not in _NO_NAMES and not bare.endswith(":")


def _is_list_of_names(text: str) -> bool:
    """Whether words that may be names are joined, however many: each is one, or some of them have tags and kinds."""
    parts = parts_of_list(text)
    return len(parts) > 1 and all(len(part.split()) == 1 and _may_be_name(part) for part in parts)


def _fills(place: str, word: str) -> bool:
    """Whether a word can stand in a place of a usage."""
    if not place.startswith(("<", "[")):
        return word.casefold() in place.split("|")
    kind = place.strip("<>[]")
    if kind in _NAMED and word.casefold() in _NO_NAMES:
        return False
    return kind not in _SHAPES or _SHAPES[kind].fullmatch(word) is not None


DETAILS, STEPS = " details", " steps"
"""What follows an org's name for all that is known of it, and for every step that it needs."""


APP_WORDS = frozenset({"backup", "devops", "both"})
"""What follows an org's name in a grant."""


def org_in(rest: str) -> str:
    """The org's name in what follows ``status``."""
    return rest.removesuffix(DETAILS).removesuffix(STEPS)


VERBS = (
    Verb(
        "help",
        (
            Usage("", "what to type, by what one wants", brief=""),
            Usage("<verb>", "every form of one of these", brief="status"),
        ),
        Group.ABOUT,
        light=True,
        open=True,
    ),
    Verb(
        "status",
        (
            Usage("<org>", "what is true of an org, and its next step", brief="<org>"),
            Usage("<org> details", "who gets in through what, tokens, policies, who changed what"),
            Usage("<org> steps", "every step that an org needs"),
            Usage("all", "every org, read from Salesforce now", brief="all"),
            Usage("sandboxes", "the sandboxes among them", brief="sandboxes"),
            Usage("production", "the production orgs"),
            Usage("not ready", "those that are not ready", brief="not ready"),
            Usage("ready", "those that are ready"),
            Usage("<tag>", "the orgs of a tag; together with the words above, too: emea not ready"),
        ),
        Group.ORGS,
        chooses=True,
        slow=True,
    ),
    Verb(
        "orgs",
        (
            Usage("", "every org, as last read", brief=""),
            Usage("<tag>", "some of them, as last read; said as with status"),
        ),
        Group.ORGS,
        chooses=True,
    ),
    Verb(
        "access",
        (
            Usage("<org> me [user-name]", "whether you may connect to an org, and why not", brief="<org> @…"),
            Usage("<org> <person>", "the same of somebody else: @person, user name, e-mail or name", Who.TRUSTED),
        ),
        Group.ORGS,
        slow=True,
    ),
    Verb(
        "connect",
        (Usage("<org> [my-domain]", "connect an org, or connect it again", Who.TRUSTED, brief="<org>"),),
        Group.CHANGE,
    ),
    Verb(
        "disconnect",
        (Usage("<org>", "end an org's connection, and forget the org", Who.TRUSTED, brief="<org>"),),
        Group.CHANGE,
        changes=True,
        slow=True,
    ),
    Verb(
        "explain",
        (Usage("<error>", "an error's cause and steps, seen only by you", brief="…"),),
        Group.ERRORS,
        sentences=True,
    ),
    Verb(
        "guide",
        (
            Usage("[section]", "the installation guide, section by section", brief=""),
            Usage(
                "for <org>", "the installation of an org as a checklist, ticked from what is read", brief="for <org>"
            ),
            Usage("for <org> done|open <step>", "tick a step that cannot be read, or take the tick off"),
        ),
        Group.ERRORS,
        light=True,
        org_after="for",
    ),
    Verb(
        "remind",
        (
            Usage("", "which digests come: here, elsewhere, and to you", brief=""),
            Usage("on|off|now [#channel]", "switch a channel's digest, or post it now", Who.TRUSTED),
            Usage("preview [#channel]", "a digest as it would look now"),
            Usage(
                "<day> <time> [zone] [#channel]",
                "set when and where a digest comes; `weekdays` or `every 2 weeks friday` are days, too",
                Who.TRUSTED,
                brief="monday 9:00",
            ),
            Usage("<day> <time> for <orgs>", "of some: sandboxes, production, a tag, or names", Who.TRUSTED),
            Usage("me <day> <time>", "your own, in your direct messages"),
            Usage("alerts on|off [#channel]", "hear at once when an org stops being ready", Who.TRUSTED),
            Usage("escalate", "who is told when an org is not ready for long"),
            Usage("escalate after <weeks> weeks to <@person>", "tell its owner, and that person", Who.TRUSTED),
            Usage("escalate off", "tell nobody", Who.TRUSTED),
            Usage("handover on|off", "tell admins when an org's owner leaves", Who.TRUSTED),
        ),
        Group.HABITS,
        sentences=True,
        changes=True,
        slow=True,
    ),
    Verb(
        "snooze",
        (
            Usage("", "which orgs are snoozed: by whom, until when and why"),
            Usage("<org> <days> [reason]", "leave an org out of the digest for a while", Who.TRUSTED, brief="<org> 7"),
            Usage("<org> off", "end a snooze", Who.TRUSTED),
            Usage("<org> never [reason]", "an org that does not need the apps here", Who.TRUSTED),
        ),
        Group.HABITS,
        sentences=True,
        changes=True,
        each=True,
    ),
    Verb(
        "apps",
        (
            Usage("<org>", "which apps an org needs", brief="<org>"),
            Usage("<org> backup|devops|both", "change which apps an org needs", Who.TRUSTED),
        ),
        Group.CHANGE,
        changes=True,
        each=True,
    ),
    Verb(
        "grant",
        (
            Usage(
                "<org> <app> <permission-set>",
                "grant an app to a permission set: backup, devops or both; shown first, and undone within the hour",
                Who.TRUSTED,
                brief="<org> both …",
            ),
            Usage("<org> [app]", "which permission sets there are to grant to", Who.TRUSTED),
        ),
        Group.CHANGE,
        sentences=True,
        changes=True,
        slow=True,
    ),
    Verb(
        "owner",
        (
            Usage("<org>", "whom reminders name", brief="<org>"),
            Usage("<org> <@person|#channel|none>", "change whom reminders name", Who.TRUSTED),
        ),
        Group.CHANGE,
        changes=True,
        each=True,
    ),
    Verb(
        "rename",
        (Usage("<org> <name>", "call an org something else", Who.TRUSTED, brief="<org> …"),),
        Group.CHANGE,
        changes=True,
    ),
    Verb(
        "tag",
        (
            Usage("", "every tag, with its orgs"),
            Usage("<org>", "the tags of an org"),
            Usage(
                "<org> <word> [word]", "tag an org; status <word> shows the orgs of a tag", Who.TRUSTED, "<org> emea"
            ),
            Usage("<org> off <word>", "take a tag off", Who.TRUSTED),
            Usage("<org> none", "take all tags off", Who.TRUSTED),
        ),
        Group.CHANGE,
        changes=True,
        each=True,
    ),
    Verb(
        "settings",
        (
            Usage("", "whether I answer pastes in this channel, and what people said of answers", brief=""),
            Usage("quiet|listen", "whether pastes are answered in this channel"),
            Usage("trust|distrust <@person|@user-group>", "who may change things", Who.ADMINS),
            Usage("guests", "whether guests see orgs"),
            Usage("guests on|off", "let guests see orgs, or not", Who.ADMINS),
        ),
        Group.HABITS,
        changes=True,
    ),
    Verb("privacy", (Usage("", "what is kept, and how it is erased", brief=""),), Group.ABOUT, light=True, open=True),
    Verb("version", (Usage("", "which version answers", brief=""),), Group.ABOUT, light=True, open=True),
    Verb(
        "entry",
        (Usage("<entry> [org]", "all of an entry of the guidance", Who.BUTTONS),),
        light=True,
    ),
    Verb(
        "cause",
        (Usage("<org> <entry> [time]", "the cause of an explained error in an org, for whoever presses", Who.BUTTONS),),
        slow=True,
    ),
    Verb("helpful", (Usage("<entry> yes|no", "whether an entry helped", Who.BUTTONS),)),
)

BY_NAME = {verb.name: verb for verb in VERBS}
