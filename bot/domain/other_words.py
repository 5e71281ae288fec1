"""Verbs that people know from other apps, and what one types here instead: ``subscribe #ops``, ``mute uat 2 weeks``.

They are suggested and not carried out, because they may mean something else; a line that says more than what is
looked for here is left to be a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import org_questions
from bot.domain.command import CHANNEL, split

_LONGEST = 10  # words


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands behind the verb: an org, a place with a space before it, and the rest."""

    org: str
    place: str
    rest: str

    def remind(self, what: str) -> str:
        """What is typed to be told so, there and of that org."""
        of = f" for {self.org}" if self.org else ""
        return f"remind me {what}{of}" if self.place == " me" else f"remind {what}{self.place}{of}"

    @property
    def is_time(self) -> bool:
        return any(map(is_time_word, self.rest.split()))

    @property
    def is_bare(self) -> bool:
        """Whether the rest says nothing more."""
        return all(word in _IDLE for word in org_questions.words_of(self.rest))


_TIMED = re.compile(r".*\d.*|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|noon")


def is_time_word(word: str) -> bool:
    """Whether a word says when."""
    return _TIMED.fullmatch(word.casefold()) is not None


_IDLE = frozenset(
    "a about again all alert alerting alerts an and any anymore anything are as at breaks broken by changes channel"
    " daily digest digests everyone fail fails failing fall falls for from goes happens here if in is isn't it longer"
    " me more my needs no not notification notifications of on or org orgs our please posting ready reminder reminders"
    " reminding report reports sending something soon status step stops team that the them there these this to update"
    " updates us we weekly when whenever with".split()
)

_PLACE = re.compile(rf"(?:(?:to|in|for|on) )?(?P<place>{CHANNEL.pattern})")


def _hear(said: _Said) -> Sequence[str]:
    if said.is_time:
        return _when(said)
    if not said.is_bare:
        return ()
    return said.remind("alerts on"), said.remind("monday 09:00")


def _hear_no_more(said: _Said) -> Sequence[str]:
    if said.org:
        return (f"snooze {said.org} never",)
    return (said.remind("off"), said.remind("alerts off")) if said.is_bare else ()


def _leave_out(said: _Said) -> Sequence[str]:
    if said.org:
        how_long = said.rest.removeprefix("for ") if said.rest and not said.is_bare else "1 week"
        return (f"snooze {said.org} {how_long}",)
    return (said.remind("off"), "settings quiet") if said.is_bare else ()


def _take_in(said: _Said) -> Sequence[str]:
    if said.org:
        return (f"snooze {said.org} off",)
    return (said.remind("on"),) if said.is_bare else ()


def _when(said: _Said) -> Sequence[str]:
    if said.is_time:
        return (said.remind(said.rest),)
    return (said.remind("monday 09:00"),) if said.is_bare else ()


def _of_org(line: str, needs: str = "") -> Callable[[_Said], Sequence[str]]:
    """A line about an org; where nothing more is said of it, with what it ``needs``."""

    def meant(said: _Said) -> Sequence[str]:
        rest = re.sub(r"(?i)^(?:to|as|with|from)\s+", "", said.rest) or needs
        return (line.format(org=said.org, rest=rest).strip(),) if said.org else ()

    return meant


def _with(line: str) -> Callable[[_Said], Sequence[str]]:
    """A line that stands for a word that nothing follows."""
    return lambda said: (line,) if said.is_bare and not said.org else ()


def _join(said: _Said) -> Sequence[str]:
    if said.org:
        return (f"connect {said.org}",)
    if said.is_time or (said.rest and said.is_bare):
        return _when(said)
    name = re.sub(r"(?i)^(?:(?:a|an|another|my|new|org|our|salesforce|the)\s+)+", "", said.rest)
    return _of_name("connect", name)


def _of_name(verb: str, name: str) -> Sequence[str]:
    return (f"{verb} {name}",) if re.fullmatch(r"[\w.-]{1,40}", name) else ()


def _of_org_or_name(verb: str) -> Callable[[_Said], Sequence[str]]:
    """A line about an org that there is, or is to be."""
    return lambda said: _of_name(verb, said.org or said.rest)


def _status(said: _Said) -> Sequence[str]:
    return (f"status {said.org}",) if said.org else ("status all",) if said.is_bare else ()


def _list(said: _Said) -> Sequence[str]:
    """What there is of an org, or of all, to be taken elsewhere."""
    return (f"status {said.org} details",) if said.org else ("orgs",) if said.is_bare else ()


_SET = re.compile(
    r"(?:the |its )?(?P<what>owner|apps?|names?|tags?) (?:of|for) (?:the )?(?P<org>\S+)(?: (?:to|as|=|with|be))?"
    r"(?P<to> .+)?",
    re.IGNORECASE,
)
_SETTERS = {"owner": "owner", "app": "apps", "name": "rename", "tag": "tag"}


def _set(said: _Said) -> Sequence[str]:
    """What of an org is to be what: "the owner of prod to @ada"; whether there is that org is told by the verb."""
    found = _SET.fullmatch(said.rest)
    to = (found["to"] or said.place) if found else ""
    return (f"{_SETTERS[found['what'].casefold().rstrip('s')]} {found['org']}{to}",) if found and to else ()


def _look(said: _Said) -> Sequence[str]:
    if not said.org and org_questions.words_of(said.rest) in (["all"], ["everything"], ["all", "orgs"]):
        return ("status all",)
    return _of_org("status {org}")(said)


_LOOKING = "scan verify refresh inspect describe info view recheck validate reload ping"
_SETTINGS = "config configure configuration preferences prefs options history changes log whoami"
_MEANT: dict[str, Callable[[_Said], Sequence[str]]] = {
    **dict.fromkeys("subscribe follow monitor notify alert watch track inform".split(), _hear),
    **dict.fromkeys("unsubscribe unfollow unwatch untrack".split(), _hear_no_more),
    **dict.fromkeys(
        "mute pause silence ignore hide skip exclude postpone suspend suppress defer hold stop omit".split(), _leave_out
    ),
    **dict.fromkeys("unmute unpause unhide unsnooze resume wake include restore unignore".split(), _take_in),
    **dict.fromkeys("schedule send post weekly weekdays daily every digest report reminder reminders".split(), _when),
    **dict.fromkeys(_LOOKING.split(), _look),
    **dict.fromkeys("remove delete drop unlink unregister detach".split(), _of_org("disconnect {org}")),
    **dict.fromkeys("assign give transfer handover reassign".split(), _of_org("owner {org} {rest}")),
    **dict.fromkeys("label group categorize mark".split(), _of_org("tag {org} {rest}")),
    **dict.fromkeys("permissions permission rights login".split(), _of_org("access {org} {rest}", needs="me")),
    **dict.fromkeys("call name".split(), _of_org("rename {org} {rest}")),
    **dict.fromkeys("set change update make edit".split(), _set),
    **dict.fromkeys("add create register link join attach new".split(), _join),
    **dict.fromkeys("export download csv".split(), _list),
    **dict.fromkeys("list ls show overview summary dashboard".split(), _with("orgs")),
    **dict.fromkeys(_SETTINGS.split(), _with("settings")),
    **dict.fromkeys("estado statut stato zustand prüfe prüfen pruefe verificar vérifier controlla".split(), _status),
    **dict.fromkeys("verbinde verbinden conectar connecter collega verbind".split(), _of_org_or_name("connect")),
    **dict.fromkeys("trenne trennen desconectar déconnecter deconnecter scollega".split(), _of_org("disconnect {org}")),
    **dict.fromkeys("umbenennen renombrar renommer rinomina hernoem".split(), _of_org("rename {org} {rest}")),
    **dict.fromkeys("besitzer propietario propriétaire proprietaire eigenaar".split(), _of_org("owner {org} {rest}")),
    **dict.fromkeys("zugriff acceso accès acces toegang accesso".split(), _of_org("access {org} {rest}", needs="me")),
    **dict.fromkeys("einstellungen ajustes configuración paramètres impostazioni".split(), _with("settings")),
    **dict.fromkeys("erinnere erinnerung recordar recordatorio rappel rappeler promemoria".split(), _when),
    **dict.fromkeys("anleitung guía guia handleiding".split(), _with("guide")),
    **dict.fromkeys("datenschutz privacidad confidentialité".split(), _with("privacy")),
    **dict.fromkeys("liste lista auflisten".split(), _with("orgs")),
    **dict.fromkeys("setup onboard onboarding checklist progress".split(), _of_org("guide for {org}")),
    **{word: _with(f"settings {word}") for word in ("quiet", "listen", "guests")},
    "about": _with("version"),
    "escalate": lambda _: ("remind escalate",),
}
_ALWAYS = {
    **dict.fromkeys("subscribe unsubscribe notify schedule follow unfollow".split(), "help remind"),
    **dict.fromkeys("mute unmute pause unpause".split(), "help snooze"),
}
"""What is shown of those that nobody says of anything else, where what follows is not read."""


_FILES = frozenset("csv excel import json pdf spreadsheet xls xlsx".split())
_TAKING = frozenset("download export".split())
_AROUND_FILES = frozenset("a all as data file files for in list me my of org orgs our status table the to".split())


def asks_for_file(text: str) -> bool:
    """Whether a line asks for the orgs as a file, or to read them from one, which Slack is no place for."""
    words = [word.strip("-") for word in org_questions.words_of(text)]
    is_file = not _FILES.isdisjoint(words) or not _TAKING.isdisjoint(words[1:])
    return is_file and set(words) <= _AROUND_FILES | _FILES | _TAKING


_TERMINAL = frozenset("audit doctor evaluate manifest migrate rotate-keys".split())
"""The terminal's commands that nobody says of anything else."""


def of_terminal(text: str) -> str:
    """The terminal's command that a line is, with its options; "" where it is none."""
    first, *options = text.split() or [""]
    name = first.casefold().strip("/`")
    is_one = name in _TERMINAL and all(word.startswith("--") for word in options)
    return " ".join([name, *options]) if is_one else ""


def is_one(text: str) -> bool:
    """Whether a line begins with such a word."""
    return len(text.split()) <= _LONGEST and "\n" not in text.strip() and _verb(text) in _MEANT


def _verb(text: str) -> str:
    return split(text)[0].strip("/.,:;!?`*'\"")


def meant_by(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The lines that may be meant, as one types them here; none where it is something else. ``names`` are the orgs'."""
    if not is_one(text):
        return ()
    verb, (_, rest) = _verb(text), split(text)
    if verb in ("weekly", "weekdays", "daily", "every"):
        rest = text
    found = tuple(_MEANT[verb](_read(rest, names)))
    if not found and verb in _ALWAYS:
        return (_ALWAYS[verb],)
    return found


def _read(rest: str, names: Sequence[str]) -> _Said:
    place = ""
    if found := _PLACE.search(rest):
        place, rest = f" {found['place']}", f"{rest[: found.start()]} {rest[found.end() :]}"
    elif re.search(r"(?i)\bme\b", rest):
        place, rest = " me", re.sub(r"(?i)\bme\b", "", rest)
    org, rest = _org_in(" ".join(rest.split()), names)
    return _Said(org, place, rest)


def _org_in(rest: str, names: Sequence[str]) -> tuple[str, str]:
    """The one org that is named, and the words before and after it; small words before it say nothing."""
    words = rest.split()
    for start in range(len(words)):
        if all(word.casefold() in _IDLE for word in words[:start]) and (
            found := org_questions.leading(" ".join(words[start:]), names)
        ):
            return found
    return "", rest
