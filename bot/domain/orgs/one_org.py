"""Several orgs in one command: done to each, or said that one is awaited, with a line for each that there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Button, Item, Items, State
from bot.domain.answers.humanize import listed, shortened
from bot.domain.answers.markup import as_typed, code
from bot.domain.command import MYSELF, shorten
from bot.domain.errors import AskerError
from bot.domain.model import Org
from bot.domain.name_lists import joined_to_names, names_beside, several_leading, strange_next, strange_second
from bot.domain.org_questions import exact, folded, leading
from bot.domain.orgs.tags import read_change, says_outright
from bot.domain.selection import stands_for, tags_of
from bot.domain.verbs import APP_WORDS, Verb

_BUTTONS, _LABEL = 3, 60


def one_at_a_time(line: str, names: Sequence[str]) -> AskerError:
    """``line`` was said of the orgs of these ``names``; it has ``{org}`` in the place of a name."""
    lines = [line.replace("{org}", name) for name in names]
    verb, *_ = line.split()
    return AskerError(
        f"{code(verb)} takes one org at a time. Say it for each of {listed([code(shorten(name)) for name in names])}, "
        f"as in {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(shorten(each, _LABEL), command=each) for each in lines[:_BUTTONS]),
    )


def one_is_unknown(strange: str, *lines: str, alone: bool = True) -> AskerError:
    """``strange`` was joined to an org and is none. ``lines``: the command without it, and what else may be meant.

    ``alone``: the verb takes one org at a time.
    """
    verb, *_ = lines[0].split()
    one = f", and {code(verb)} takes one org at a time" if alone else ""
    return AskerError(
        f"I know no org called {code(shorten(strange))}{one}. Without it: {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(shorten(each, _LABEL), command=each) for each in lines),
    )


def for_each(verb: Verb, rest: str, orgs: Sequence[Org]) -> Mapping[str, str]:
    """What follows the verb for each org, by their names; nothing where ``rest`` begins with one, said once, or none.

    Raises AskerError where the verb takes one at a time, where one of them is none: it would be taken for a reason, a
    tag, and where nothing joins them: all but the first would.
    """
    before = ""
    if verb.is_about_org(rest):
        before, _, rest = rest.partition(" ")
    elif not verb.names_org or verb.chooses or verb.is_pressed:
        return {}
    known = [org.name for org in orgs]
    names, more = several_leading(rest, known) or ([], "")
    said = bool(names)
    if (first := leading(rest, known)) and not names:
        names, more = [first[0]], first[1]
    beside, after = _beside(verb, (names, more), orgs)
    if strange := [name for name in dict.fromkeys(beside) if name not in names]:
        raise _not_joined(verb, before, names, strange, (more, after))
    more, said = (after, True) if beside else (more, said)
    if len(names) > 1 and not (verb.each and more):
        raise one_at_a_time(_line(verb, before, "{org}", more), names)
    if verb.each and (some := _with_some(verb, before, rest, orgs)):
        raise some
    several = (names, more) if said else ([], "")
    if unknown := _unknown(verb, rest, before, several, orgs):
        raise unknown
    return {name: " ".join(filter(None, (before, name, more))) for name in names} if said else {}


_HAS_NAMES = frozenset({"rename", "connect"})
"""Verbs behind whose org another name is awaited, which may be one's that there is, to say so."""


def _beside(verb: Verb, several: tuple[Sequence[str], str], orgs: Sequence[Org]) -> tuple[list[str], str]:
    """The orgs that stand behind ``several`` with nothing between, where nothing else can be meant by them."""
    names, more = several
    if not names or verb.name in _HAS_NAMES:
        return [], more
    if verb.name == "tag":
        return _among_tags(more, orgs)
    beside, after = names_beside(more, [org.name for org in orgs])
    first, *_ = (*after.casefold().split(), "")
    is_else = {
        "grant": folded(beside[0]) in APP_WORDS if beside else True,
        "access": first not in MYSELF and not first.startswith("<@"),  # a person may be called like an org
    }.get(verb.name, any(usage.fits(["org", *more.split()]) for usage in verb.usages))
    return ([], more) if is_else else (beside, after)


def _among_tags(more: str, orgs: Sequence[Org]) -> tuple[list[str], str]:
    """The orgs among what would be tags, and the other words; none where they are tags already, or said to be some."""
    known = [org.name for org in orgs if folded(org.name) not in tags_of(orgs)]
    beside, after = names_beside(more, known)
    words = after.split()
    named = [exact(word, known) for word in words]
    if (not beside and not any(named)) or says_outright(more):
        return [], more
    others = " ".join(word for word, name in zip(words, named, strict=True) if name is None)
    return [*beside, *filter(None, named)], others


def _not_joined(
    verb: Verb, before: str, names: Sequence[str], beside: Sequence[str], more_after: tuple[str, str]
) -> AskerError:
    """Orgs that stand one behind the other: what may be meant, as lines to press."""
    more, after = more_after
    every = list(dict.fromkeys([*names, *beside]))
    if not verb.each or (not after and verb.name != "tag"):
        return one_at_a_time(_line(verb, before, "{org}", after), every)
    lines = [_line(verb, ", ".join(every), after)] if after else []
    if verb.name == "tag":  # said outright, an org's name is a tag as any other
        lines.append(_line(verb, ", ".join(names), "add", ", ".join(more.replace(",", " ").split())))
    whose = f"{listed([code(shorten(name)) for name in beside])} {'is an org' if len(beside) == 1 else 'are orgs'}, too"
    meant = " or ".join(code(f"/flosum {as_typed(line)}") for line in lines)
    if not after:
        told = f"{whose}. As a tag all the same: {meant}. Several orgs are joined by commas, with the tag behind them."
    else:
        told = f"{whose}; several are joined by commas. Did you mean {meant}?"
    return AskerError(
        told,
        tuple(Button(shorten(line, _LABEL), command=line) for line in lines),
    )


def _with_some(verb: Verb, before: str, rest: str, orgs: Sequence[Org]) -> AskerError | None:
    """What is said of names that a word for some of the orgs is joined to: which orgs these are together."""
    names, joined = joined_to_names(rest, [org.name for org in orgs])
    is_tag = verb.name == "tag" and folded(joined.partition(" ")[0]) in tags_of(orgs)
    found = stands_for(joined, orgs) if names and not is_tag else None
    if found is None or not found[1]:
        return None
    chosen, more = found
    return these(_line(verb, before, "{orgs}", more), [*names, *chosen] if chosen else [], orgs)


def these(line: str, names: Sequence[str], orgs: Sequence[Org]) -> AskerError:
    """Which of ``orgs`` are meant, to be pressed, so that nobody changes more than they know of; how they are named
    where they are none, or many.

    ``line`` has ``{orgs}`` in the place of their names.
    """
    every, all_orgs = list(dict.fromkeys(names)), Button("All orgs", command="orgs")
    if not 0 < len(every) <= _EACH:
        some = ", ".join((every or [org.name for org in orgs])[:2])
        return AskerError(f"Name the orgs, as in {code('/flosum ' + line.replace('{orgs}', some))}.", (all_orgs,))
    meant = line.replace("{orgs}", ", ".join(every))
    label = f"For these {len(every)}" if len(every) > 1 else shorten(f"For {every[0]}")
    return AskerError(
        f"Did you mean {code(f'/flosum {shortened(meant, _LINE)}')}?", (Button(label, command=meant), all_orgs)
    )


_EACH, _LINE = 12, 200  # orgs that a button may stand for, and letters in which they are named


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
