"""What a line means once it is known which orgs there are, and which errors the guidance knows.

An error that is recognised wins over a verb that what follows does not fit: "access token expired" is no question
about somebody's access. The names of orgs decide what fits: "status code 401" is an error unless an org is called
"code 401".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

from bot.domain import name_lists, org_questions, other_words, phrases, selection
from bot.domain.asked_of_orgs import asked_of_org, still_failing
from bot.domain.command import ASK, EXPLAIN, TALK, Command, parse, split
from bot.domain.verbs import APP_WORDS, BY_NAME, DETAILS, SENTENCE, STEPS, org_in

Names = Callable[[], Sequence[str]]
"""The names of the asker's orgs, or their tags, read when they are needed; none for who may not see them."""

IsError = Callable[[str], bool]
"""Whether a text is an error that the guidance knows."""

_AGAIN = "reconnect"
_BEHIND = frozenset("again environment for me now org please sandbox then thanks".split())
"""Words behind the name of an org that say nothing of it."""

_POLITE = frozenset("please pls thanks".split())
_TAKES_WORDS = frozenset({"access", "owner", "rename", "tag"})
"""Verbs behind whose org any word may name somebody, or be what it is called from now on."""

_NOT = frozenset("but except no non not without".split())
"""What may stand in front of orgs that are not meant."""

_SLIP = 0.8  # of the letters, in order; "step" and "steps" share 0.89
_READ = 1000  # letters; a longer text is not written to ask about an org
_LABEL = re.compile(r"^\W*(?:question|summary|subject|title|request|ask)\s*[:*_]+\s*", re.IGNORECASE)

_SIGN = re.compile(r"^(\w+)[:=\uff1a\uff1d]+\s*(?=\S)")
"""What stands between a verb and a name where somebody fills in a form: ``status: prod``."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_ \t\n")


def understood(command: Command, names: Names, is_error: IsError, tags: Names = tuple) -> Command:
    """The command that ``command`` is, read anew with what is known."""
    if command.verb in (ASK, TALK):
        found = _of_words(command, names, is_error, tags)
        return _of_a_line(found, names, is_error, tags) if found.verb == ASK else found
    verb = BY_NAME.get(command.verb)
    if verb is None or verb.is_pressed or not command.rest or command.verb == EXPLAIN:
        return command
    line = f"{command.verb} {command.rest}"
    if verb.names_org:
        return _of_org(command, line, names, is_error, tags)
    # What a sentence after a verb says fits its places in any way, and anything may be a tag.
    fitting = (usage for usage in verb.usages if "<tag>" not in usage.words and usage.fits(command.words))
    if (not verb.sentences and any(fitting)) or not is_error(line):
        return command
    if command.verb == "orgs" and _is_selection(command.rest, names(), tags()):
        return command
    return Command(ASK, line)


def _is_selection(rest: str, known: Sequence[str], tags: Sequence[str]) -> bool:
    text, _ = selection.paged(rest)
    return selection.read(text, known, tags) is not None


def may_be_of_org(text: str) -> bool:
    """Whether it is worth looking for the name of an org in a text that is no command."""
    return org_questions.is_short(text)


def _of_org(command: Command, line: str, names: Names, is_error: IsError, tags: Names) -> Command:
    """A verb with the name of an org behind it."""
    if any(usage.is_fixed and usage.fits(command.words) for usage in BY_NAME[command.verb].usages):
        return command
    if command.verb == "status" and (turned := _turned(command, names)):
        return turned
    is_doubtful = len(command.words) >= SENTENCE or is_error(line)
    if not is_doubtful and _is_plain(command.rest):
        return command  # the name as it stands, or none of ours: who carries it out looks it up anyway
    if command.verb == "grant" and len(command.words) > 1 and command.words[1].casefold() in APP_WORDS:
        return command  # no sentence goes on so; the org's name may be mistyped
    if command.verb == "access" and is_error(line):  # nobody is called like an error
        return Command(ASK, line)
    known = names()
    if found := _beginning(command.verb, command.rest, known):
        return found
    if command.verb == "status" and (found := _some_of(command, line, known, tags)):
        return found
    return Command(ASK, line) if is_doubtful else command


def _turned(command: Command, names: Names) -> Command | None:
    """What is wanted of an org, said before its name or with a slip: "status details prod", "status prod detials"."""
    first, *others = command.words
    *before, last = command.words
    meant = difflib.get_close_matches(last.casefold(), (DETAILS.strip(), STEPS.strip()), 1, _SLIP)
    if before and meant and meant[0] != last and (org := org_questions.exact(" ".join(before), names())):
        return Command("status", f"{org} {meant[0]}")
    word = first.casefold()
    if not others or word not in org_questions.DETAIL_WORDS | {org_questions.STEPS_WORD}:
        return None
    org = org_questions.exact(" ".join(others), names())
    return Command("status", org + (DETAILS if word in org_questions.DETAIL_WORDS else STEPS)) if org else None


def _some_of(command: Command, line: str, known: Sequence[str], tags: Names) -> Command | None:
    """The status of the orgs that are meant, where it is clear which."""
    if but := _all_but(command.rest, known, tags()):
        return Command(*split(but))
    if selection.mixed(command.rest, known, tags()):  # asked back about by who carries it out
        return command
    orgs = org_questions.asked_about(line, known)
    if found := _status_of_one(line, orgs):
        return found
    text, page = selection.paged(command.rest)
    if selection.may_be_name(org_in(text)):  # of an org that is gone, which is for who carries it out
        return command
    if some := selection.read(text, known, tags()):
        return Command("status", selection.with_page(some, page))
    if all(name_lists.listed_names(command.rest, known)):  # one of several is none of ours
        return command
    return _status(line, orgs) if orgs else None


def _all_but(rest: str, known: Sequence[str], tags: Sequence[str]) -> str:
    """The line for orgs that a "not" stands in front of: said of a name, it must not be passed over. "" for others."""
    first, _, name = rest.partition(" ")
    if first.casefold() not in _NOT:
        return ""
    text, page = selection.paged(rest)
    if some := selection.read(text, known, tags):
        return f"status {selection.with_page(some, page)}"
    return f"status {rest}" if org_questions.exact(name, known) else ""


def _of_words(command: Command, names: Names, is_error: IsError, tags: Names) -> Command:
    """A question, an error or small talk that may be about an org after all."""
    text = _spaced(phrases.without_greeting(command.rest))
    if not may_be_of_org(text):
        return command
    known = names()
    if not known:
        return Command("status") if org_questions.asks_whether_ready(text) and not is_error(text) else command
    if command.verb == TALK:
        return _of_title(command, known)
    if (line := _asked(text, known, tags())) and not is_error(text):
        return Command(*split(line))
    if (found := _behind_a_verb(text, known)) or other_words.meant_by(text, known):
        return found or command
    orgs = org_questions.asked_about(text, known)
    if found := _status_of_one(text, orgs):
        return found
    if (some := _some_in(text, known, tags())) and not is_error(text):
        return Command("status", some.line)
    return _status(text, orgs) if orgs else command


def _spaced(text: str) -> str:
    """A list as it is typed in haste, "prod,uat", with spaces."""
    return text if any(map(str.isspace, text)) else text.replace(",", ", ").strip(", ")


def _of_title(command: Command, known: Sequence[str]) -> Command:
    """Small talk that is the name of an org, or a title that needs one where there is one alone."""
    org = org_questions.exact(command.rest, known)
    only, line = known[0] if len(known) == 1 else None, phrases.of_org(command.rest)
    if not org and only and line:
        return parse(line.replace("{org}", only))
    return Command("status", org) if org else command


def _asked(text: str, known: Sequence[str], tags: Sequence[str]) -> str | None:
    """The line that a question is another way to say, about an org or some of them, whatever word it begins with."""
    if _is_to_each(text, known):
        return text
    if selection.mixed(text, known, tags):
        return f"status {text}"
    name, rest = split(text)
    if name == "status" and (but := _all_but(rest, known, tags)):
        return but
    if line := asked_of_org(text, known):
        return line
    if org := still_failing(text, known):
        return f"status {org}"
    some = selection.asked_about(text, known, tags)
    return f"status {some.line}" if some and not some.is_all else None


def _of_a_line(command: Command, names: Names, is_error: IsError, tags: Names) -> Command:
    """A question about an org among lines that say something else, where one line alone asks."""
    lines = command.rest.splitlines() if len(command.rest) <= _READ else ()
    asking = [line for line in lines if line.rstrip(" *_`").endswith("?")]
    if len(lines) < 2 or len(asking) != 1 or is_error(command.rest):
        return command
    found = _of_words(Command(ASK, _LABEL.sub("", asking[0])), names, is_error, tags)
    return found if found.verb == "status" else command


def _status_of_one(text: str, orgs: Sequence[str]) -> Command | None:
    """The status of the one org that is asked about, or all that is known of it."""
    if len(orgs) != 1 or orgs[0] in (org_questions.ALL, org_questions.SANDBOXES, org_questions.NOT_READY):
        return None
    if org_questions.speaks_of_details(text):
        return Command("status", orgs[0] + DETAILS)
    return Command("status", orgs[0] + (STEPS if org_questions.speaks_of_steps(text) else ""))


def _status(text: str, orgs: Sequence[str]) -> Command:
    """The status of what is asked about; of several orgs none is left out."""
    if len(orgs) > 1:
        some = selection.read(", ".join(orgs), orgs, ())
        return Command("status", some.line) if some else Command(ASK, text)
    return _status_of_one(text, orgs) or Command("status", orgs[0])


def _some_in(text: str, known: Sequence[str], tags: Sequence[str]) -> selection.Selection | None:
    """The orgs that are asked about, or chosen behind the verb in what looked like a sentence."""
    name, rest = split(text)
    return (selection.read(rest, known, tags) if name == "status" else None) or selection.asked_about(text, known, tags)


def _behind_a_verb(text: str, known: Sequence[str]) -> Command | None:
    """A verb and the name of an org, which only look like an error or a sentence together."""
    name, rest = split(_SIGN.sub(r"\1 ", org_questions.without_fillers(text) or text))
    name = name.strip("/:.,!?")
    if name == _AGAIN:
        return _beginning("connect", rest, known)
    verb = BY_NAME.get(name)
    if verb is None or not verb.names_org:
        return None
    return _beginning(name, rest, known)


def _is_to_each(text: str, known: Sequence[str]) -> bool:
    """Whether something is to be done to each of several orgs, however many words that are: no question begins so."""
    name, rest = split(text)
    verb = BY_NAME.get(name)
    return verb is not None and verb.each and name_lists.several_leading(rest, known) is not None


def _beginning(verb: str, rest: str, known: Sequence[str]) -> Command | None:
    """The command about the org that ``rest`` begins with, the name as it is written; what follows must fit."""
    if name_lists.may_list(rest) and (several := name_lists.several_leading(rest, known)):
        listed, more = several
        if verb != "status":
            return Command(verb, rest)  # said where it is carried out: one at a time
        return None if more else _status(rest, listed)
    joined = name_lists.joined_to_names(rest, known)[1] if verb != "status" else rest
    if joined != rest and selection.may_stand_for_some(joined):
        return Command(verb, rest)  # said there, too: which orgs these are
    strange = name_lists.strange_second(rest, known) if verb != "status" else None
    if strange and (BY_NAME[verb].is_too_much("", *strange[1:]) or (verb == "tag" and strange[2])):
        return Command(verb, rest)  # said there, too, where it is no org
    found = org_questions.leading(rest, known)
    if found is None:
        return None
    org, more = found
    if verb == "status" and more:
        return None
    fillers = _POLITE if verb in _TAKES_WORDS else _BEHIND
    if more and all(word in fillers for word in more.casefold().replace(",", " ").strip(" ?!.").split()):
        more = ""
    return Command(verb, f"{org} {more}".strip())


_WRONG = 5
"""Words behind a verb, from which on it is no command with some too many."""


def of_strange_org(text: str) -> Command | None:
    """The command that begins with a verb about an org, whatever follows it, to say what is wrong with that."""
    name, rest = split(text)
    verb = BY_NAME.get(name)
    if verb is None or not verb.names_org or verb.is_pressed or "\n" in text.strip() or len(rest.split()) > _WRONG:
        return None
    bare = org_questions.without_articles(rest)
    return Command(name, bare) if name != "status" or not bare else None


def named_in(text: str) -> tuple[str, str] | None:
    """The first word where a line of a verb has an org's name, and the line with ``{org}`` for it; None for others.

    So a button is read whose org had a name of several words: with those it looks like a sentence.
    """
    name, rest = split(text)
    verb = BY_NAME.get(name)
    if verb is None or len(rest.split()) > _NAMED or "\n" in text.strip():
        return None
    before = ""
    if verb.is_about_org(rest):
        before, rest = f" {verb.org_after}", rest.partition(" ")[2]
    elif not verb.names_org:
        return None
    org, _, more = rest.partition(" ")
    return (org, f"{name}{before} {{org}} {more}") if more else None


_NAMED = 20
"""Words of a line that a button says at most; an error that begins with a verb may be longer."""


def _is_plain(rest: str) -> bool:
    """Whether it is a name as it is written, without quotes and small words around it."""
    return set(rest.casefold()) <= _PLAIN and not any(map(org_questions.is_small, rest.casefold().split()))
