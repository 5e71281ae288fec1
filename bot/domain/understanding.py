"""What a line means once it is known which orgs there are, and which errors the guidance knows.

An error that is recognised wins over a verb that what follows does not fit: "access token expired" is no question
about somebody's access. The names of orgs decide what fits: "status code 401" is an error unless an org is called
"code 401".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain import org_questions, phrases
from bot.domain.command import ASK, EXPLAIN, TALK, Command, parse, split
from bot.domain.verbs import BY_NAME, DETAILS

Names = Callable[[], Sequence[str]]
"""The names of the asker's orgs, read when they are needed; none for who may not see them."""

IsError = Callable[[str], bool]
"""Whether a text is an error that the guidance knows."""

_AGAIN = "reconnect"
_BEHIND = frozenset("again environment for me now org please sandbox then thanks".split())
"""Words behind the name of an org that say nothing of it."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_ \t\n")


def understood(command: Command, names: Names, is_error: IsError) -> Command:
    """The command that ``command`` is, read anew with what is known."""
    if command.verb in (ASK, TALK):
        return _of_words(command, names)
    verb = BY_NAME.get(command.verb)
    if verb is None or verb.is_pressed or not command.rest or command.verb == EXPLAIN:
        return command
    line = f"{command.verb} {command.rest}"
    if verb.names_org:
        return _of_org(command, line, names, is_error)
    # What a sentence after a verb says fits its places in any way.
    is_meant = not verb.sentences and any(usage.fits(command.words) for usage in verb.usages)
    return Command(ASK, line) if not is_meant and is_error(line) else command


def may_be_of_org(text: str) -> bool:
    """Whether it is worth looking for the name of an org in a text that is no command."""
    return org_questions.is_short(text)


def _of_org(command: Command, line: str, names: Names, is_error: IsError) -> Command:
    """A verb with the name of an org behind it."""
    others = (usage for usage in BY_NAME[command.verb].usages if not usage.words.startswith("<org>"))
    if any(usage.fits(command.words) for usage in others):
        return command
    is_doubtful = is_error(line)
    if not is_doubtful and _is_plain(command.rest):
        return command  # the name as it stands, or none of ours: who carries it out looks it up anyway
    known = names()
    if found := _beginning(command.verb, command.rest, known):
        return found
    if command.verb == "status" and (orgs := org_questions.asked_about(line, known)):
        return _status(line, orgs)
    return Command(ASK, line) if is_doubtful else command


def _of_words(command: Command, names: Names) -> Command:
    """A question, an error or small talk that may be about an org after all."""
    text = command.rest
    if not may_be_of_org(text):
        return command
    known = names()
    if not known:
        return command
    if command.verb == TALK:
        org = org_questions.exact(text, known)
        only, line = known[0] if len(known) == 1 else None, phrases.of_org(text)
        if not org and only and line:
            return parse(line.replace("{org}", only))
        return Command("status", org) if org else command
    if found := _behind_a_verb(text, known):
        return found
    orgs = org_questions.asked_about(text, known)
    return _status(text, orgs) if orgs else command


def _status(text: str, orgs: Sequence[str]) -> Command:
    """The status of the one org that is asked about; of several, none is left out: it is asked which is meant."""
    if len(orgs) > 1:
        return Command(ASK, text)
    of_one = orgs[0] not in (org_questions.ALL, org_questions.SANDBOXES, org_questions.NOT_READY)
    return Command("status", orgs[0] + (DETAILS if of_one and org_questions.speaks_of_details(text) else ""))


def _behind_a_verb(text: str, known: Sequence[str]) -> Command | None:
    """A verb and the name of an org, which only look like an error or a sentence together."""
    name, rest = split(org_questions.without_fillers(text) or text)
    name = name.strip("/:.,!?")
    if name == _AGAIN:
        return _beginning("connect", rest, known)
    verb = BY_NAME.get(name)
    if verb is None or not verb.names_org or verb.is_planned:
        return None
    return _beginning(name, rest, known)


def _beginning(verb: str, rest: str, known: Sequence[str]) -> Command | None:
    """The command about the org that ``rest`` begins with, the name as it is written; what follows must fit."""
    found = org_questions.leading(rest, known)
    if found is None:
        return None
    org, more = found
    if verb == "status" and more:
        return None
    if more and all(word in _BEHIND for word in more.casefold().replace(",", " ").strip(" ?!.").split()):
        more = ""
    return Command(verb, f"{org} {more}".strip())


def _is_plain(rest: str) -> bool:
    """Whether it is a name as it is written, without quotes and small words around it."""
    return set(rest.casefold()) <= _PLAIN and not any(map(org_questions.is_small, rest.casefold().split()))
