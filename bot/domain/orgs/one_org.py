"""Several orgs in one command: done to each, or said that one is awaited, with a line for each that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Button, Item, Items, State
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code
from bot.domain.command import as_typed, shorten
from bot.domain.errors import AskerError
from bot.domain.model import Org
from bot.domain.org_questions import folded, several_leading, strange_next, strange_second
from bot.domain.orgs.tags import read_change
from bot.domain.selection import tags_of
from bot.domain.verbs import Verb

_BUTTONS, _LABEL = 3, 60


def one_at_a_time(line: str, names: Sequence[str]) -> AskerError:
    """``line`` was said of the orgs of these ``names``; it has ``{org}`` in the place of a name."""
    lines = [line.replace("{org}", name) for name in names]
    verb, *_ = line.split()
    return AskerError(
        f"{code(verb)} takes one org at a time. Say it for each of {listed([code(shorten(name)) for name in names])}, "
        f"as in {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(as_typed(each)[:_LABEL], command=each) for each in lines[:_BUTTONS]),
    )


def one_is_unknown(strange: str, *lines: str, alone: bool = True) -> AskerError:
    """``strange`` was joined to an org and is none. ``lines``: the command without it, and what else may be meant.

    ``alone``: the verb takes one org at a time.
    """
    verb, *_ = lines[0].split()
    one = f", and {code(verb)} takes one org at a time" if alone else ""
    return AskerError(
        f"I know no org called {code(shorten(strange))}{one}. Without it: {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(as_typed(each)[:_LABEL], command=each) for each in lines),
    )


def for_each(verb: Verb, rest: str, orgs: Sequence[Org]) -> Mapping[str, str]:
    """What a verb is said of each org with, by their names; nothing where ``rest`` begins with one or none.

    Raises AskerError where the verb takes one at a time, or one of them is none: it would be taken for a reason, a tag.
    """
    before = ""
    if verb.is_about_org(rest):
        before, _, rest = rest.partition(" ")
    elif not verb.names_org or verb.chooses or verb.is_pressed:
        return {}
    names, more = several_leading(rest, [org.name for org in orgs]) or ([], "")
    if names and not (verb.each and more):
        raise one_at_a_time(_line(verb, before, "{org}", more), names)
    if unknown := _unknown(verb, rest, before, (names, more), orgs):
        raise unknown
    return dict.fromkeys(names, more)


def _unknown(
    verb: Verb, rest: str, before: str, several: tuple[Sequence[str], str], orgs: Sequence[Org]
) -> AskerError | None:
    """What is said of a word that is joined to ``several`` orgs that ``rest`` begins with, or to one, and is none."""
    names, more = several
    if names:
        word, after = strange_next(rest, more)
    else:
        org, word, after = strange_second(rest, [org.name for org in orgs]) or ("", "", "")
        names = [org]
    if not word or not (verb.is_too_much(before, word, after) or _is_half_a_list(verb, rest, f"{word} {after}", orgs)):
        return None
    named = ", ".join(names)
    lines = [_line(verb, before, named, after)]
    if verb.name == "snooze":  # the time stood last
        lines.append(_line(verb, named, after, word))
    if verb.name == "tag":
        lines.append(_line(verb, named, word, after))
    return one_is_unknown(word, *lines, alone=not verb.each)


def _line(verb: Verb, *words: str) -> str:
    return " ".join(filter(None, (verb.name, *words)))


def _is_half_a_list(verb: Verb, rest: str, more: str, orgs: Sequence[Org]) -> bool:
    """Whether the first of what would be tags is rather joined to the orgs: the others are not joined to it."""
    word, after = strange_next(rest, more)
    if verb.name != "tag" or not after or folded(word) in tags_of(orgs):
        return False
    try:
        change = read_change(more)
    except AskerError:
        return False
    return len(change.put) > 1 and not change.off


def done_to_each(told: Mapping[str, Answer | AskerError]) -> Answer:
    """What came of the same command for several orgs, by their names. Raises AskerError where none was done."""
    failed = {name: came for name, came in told.items() if isinstance(came, AskerError)}
    done = {name: came for name, came in told.items() if isinstance(came, Answer)}
    if not done:
        raise next(iter(failed.values()))
    first = next(iter(done.values()))
    if not failed and {came.headline for came in done.values()} == {first.headline}:
        return replace(first, buttons=())  # what was asked back is about none of them
    lines = [Item(came.headline, came.lead) for came in done.values()]
    lines += [Item(came.text, "") for came in failed.values()]
    headline = f"Done for {listed([code(shorten(name)) for name in done])}"
    if failed:
        headline += f", not for {listed([code(shorten(name)) for name in failed])}"
    return Answer(headline, state=State.NEEDS_STEP if failed else State.READY, parts=(Items(tuple(lines)),))
