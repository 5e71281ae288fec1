"""Which org is meant, where what was named is none, or several: asked back, with the line to press for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.answers import Answer, Button
from bot.domain.answers.humanize import age, listed
from bot.domain.answers.markup import as_typed, code
from bot.domain.command import NAMED_AT_MOST, parse, shorten
from bot.domain.errors import AskerError, UnknownOrg
from bot.domain.model import Org, short_id
from bot.domain.name_lists import listed_names, one_or_more_leading, without_joint
from bot.domain.org_questions import (
    DETAIL_WORDS,
    STEPS_WORD,
    ending,
    folded,
    is_every,
    is_org_word,
    nearest,
    nearly,
    one_word,
)
from bot.domain.orgs.connection import CONNECT_AN_ORG
from bot.domain.orgs.my_domain import is_address, my_domain_host
from bot.domain.orgs.one_org import these
from bot.domain.orgs.tags import org_first
from bot.domain.patterns import late
from bot.domain.selection import Selection, stands_for, tags_of
from bot.domain.verbs import BY_NAME

NO_ORG, FIRST = "No org is connected yet", "Connect the first one: `/flosum connect prod`"

ALL_ORGS = Button("All orgs", command="orgs")


def unknown_org(name: str, orgs: Sequence[Org], line: str = "status {org}") -> AskerError:
    """A name that no org of the workspace has: what was meant by it, or the orgs whose names are most like it.

    ``line`` is the command that was typed, with ``{org}`` for the name; after ``status`` a tag may be meant, too.
    """
    name = _bare(name)
    names, tags = [org.name for org in orgs], list(tags_of(orgs) if line == "status {org}" else ())
    if no_org := names and _no_org(name, names, tags, line):
        return no_org
    name, line = _one_of_several(name, [*names, *tags], line)
    if first := _named_last(name, names, line):
        return org_first(first)
    if line != "status {org}" and (several := _one_at_a_time(name, orgs, line)):
        return several
    if names and line == "status {org}" and folded(name) in DETAIL_WORDS | {STEPS_WORD}:
        return AskerError(f"Which org? For example: {code(f'/flosum status {names[0]} {name}')}", (ALL_ORGS,))
    unknown = f"I know no org {'or tag ' if tags else ''}called {code(shorten(name))}."
    if not names:
        return UnknownOrg(f"{unknown} {NO_ORG}. {FIRST}", (CONNECT_AN_ORG,), name, line)
    there = at_address(name, orgs)
    if meant := there or nearly(name, [*names, *tags]):
        told = f"That is {_alternatives(meant)}." if there else f"{unknown} Did you mean {_alternatives(meant)}?"
        return UnknownOrg(told, meant_buttons(meant, line), name, line)
    return _no_org_of_id(name, orgs, line) if _ORGANIZATION.fullmatch(name) else _strange(name, names, unknown, line)


def _strange(name: str, names: Sequence[str], unknown: str, line: str) -> UnknownOrg:
    """A name that is like no other: which orgs there are, and how that one is connected."""
    connect = f"connect {shorten(name)}"
    is_new = line.startswith("status ") and one_word(name) and len(name) <= NAMED_AT_MOST
    new = (Button(f"Connect {shorten(name)}", connect),) if is_new and parse(connect).verb == "connect" else ()
    return UnknownOrg(f"{unknown} {connected_orgs(name, names)}", (ALL_ORGS, *new), name, line)


def at_address(named: str, orgs: Sequence[Org]) -> Sequence[str]:
    """The orgs that an address or an id is of, by their names: people copy both from Salesforce's pages."""
    named = named.strip(_AROUND)
    if _ORGANIZATION.fullmatch(named):
        return [org.name for org in orgs if _is_id_of(named, org)]
    if not is_address(named):
        return ()
    try:
        host = my_domain_host(named)
    except AskerError:  # of a page that all orgs share, or of somebody else's
        return ()
    return [org.name for org in orgs if org.host == host]


def _is_id_of(named: str, org: Org) -> bool:
    """Whether an id is an org's; of one with 18 letters it tells nothing which of them are capitals."""
    known, short = short_id(org.organization_id), short_id(named)
    return known == short or (len(named) == _WHOLE_ID and folded(known or "") == folded(short or ""))


_ORGANIZATION = late(r"00D\w{12}(?:\w{3})?", re.IGNORECASE)
_WHOLE_ID = 18
_AROUND = " \"'“”„`?!.,;"


def _no_org_of_id(named: str, orgs: Sequence[Org], line: str) -> UnknownOrg:
    """An id that no org is known to have; an org's is known from its first reading on."""
    unread = [org.name for org in orgs if not org.organization_id]
    if not unread:
        others = connected_orgs(named, [org.name for org in orgs])
        return UnknownOrg(f"No org here has the id {code(named)}. {others}", (ALL_ORGS,), named, line)
    more = [f"{len(unread) - _TOLD} more"] if len(unread) > _TOLD else []
    told = listed([*map(code, unread[:_TOLD]), *more])
    every = Button("Check all now", command="status all", primary=True)
    check = (
        every if len(unread) > 1 else Button(shorten(f"Check {unread[0]}"), command=f"status {unread[0]}", primary=True)
    )
    return UnknownOrg(
        f"None of the orgs that were read has the id {code(named)}. Not read yet: {told}. An org's id is known from "
        "its first reading on.",
        (check,),
        named,
        line,
    )


def _bare(name: str) -> str:
    """A name without what people put around one. What is no name but signs is left whole, to be said again."""
    bare = name.strip(_AROUND)
    return name.strip() if not bare or set(bare) & set('`"“”„<>&*~;') else bare


def connected_orgs(name: str, names: Sequence[str]) -> str:
    """Which orgs there are, those first that are most like ``name``."""
    shown = [known for known in names if known in nearest(name, names)]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"Connected orgs: {', '.join(map(code, shown))}{more}."


_BEHIND_THE_ORG: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("apps", "grant"), late("backup|devops|both")),
    "snooze": late(
        r"\d+[dwmy]?|never|forever|indefinitely|until|till|til|next|an?|one|two|three|four|five|six|today|tomorrow|half"
        r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    ),
    "owner": late("<[@#].*|[@#].+|me"),
}
"""What stands behind the name of an org, by the verb: said first, no org is named."""


def _no_org(name: str, names: Sequence[str], tags: Sequence[str], line: str) -> AskerError | None:
    """What is said where something else than an org was named: a tag, what belongs behind an org, several unknown."""
    return _gone_tag(name, line) or _without_org(name, names, line) or _several_unknown(name, [*names, *tags], line)


def _without_org(name: str, names: Sequence[str], line: str) -> AskerError | None:
    """What belongs behind an org's name, and no org before it."""
    verb, _, more = line.partition(" {org}")
    behind = _BEHIND_THE_ORG.get(verb)
    if behind is None or not behind.fullmatch(name.casefold()) or ending(more.split(), names):
        return None
    said = f"{verb} {{org}} {name}{more}"
    example = as_typed(said.replace("{org}", names[0]))
    return AskerError(
        f"Which org? For example: {code(f'/flosum {example}')}", meant_buttons(names[: _BUTTONS - 1], said)
    )


def _one_of_several(name: str, known: Sequence[str], line: str) -> tuple[str, str]:
    """The one of several names that nobody knows, and what is wanted of it beside the others."""
    others, strange = listed_names(name, known)
    if line != "status {org}" or len(strange) != 1 or not others:
        return name, line
    return strange[0], f"status {', '.join(others)}, {{org}}"


_MARKED = late(r"(?:(?:all|orgs?|the) )*tag(?:ged)?:? #?(?P<tag>\S+)", re.IGNORECASE)


def _gone_tag(name: str, line: str) -> AskerError | None:
    """That no org has a tag, where a tag was said: a button may be older than that. None for anything else."""
    said = _MARKED.fullmatch(name) if line == "status {org}" else None
    if said is None:
        return None
    return AskerError(f"No org is tagged {code(shorten(said['tag']))}.", (Button("All tags", "tag"), ALL_ORGS))


def _several_unknown(name: str, known: Sequence[str], line: str) -> AskerError | None:
    """That two or more of several names are nobody's, and the others to press; None where that is not so."""
    others, strange = listed_names(name, known)
    if line != "status {org}" or len(strange) < 2:
        return None
    more = [f"{len(strange) - _TOLD} more"] if len(strange) > _TOLD else []
    told = listed([*(code(shorten(each)) for each in strange[:_TOLD]), *more])
    check = Button(shorten(f"Check {listed(others)}"), command=f"status {', '.join(others)}")
    return AskerError(f"I know no orgs called {told}.", (check, ALL_ORGS))


def one_or_the_other(lists: Sequence[Selection]) -> AskerError:
    """Names of orgs, and what chooses among all, in one list."""
    told = [
        listed([code(shorten(name)) for name in each.names]) or ("all orgs" if each.is_all else each.words())
        for each in lists
    ]
    shown = [(", ".join(each.names) or each.line, f"status {each.line}") for each in lists]
    return AskerError(
        f"Which do you mean: {', or '.join(told)}? I do not show them in one list.",
        tuple(Button(shorten(f"Check {label}"), command=line) for label, line in shown[:_BUTTONS]),
    )


def no_page(number: str) -> AskerError:
    """A page of the list of orgs that cannot be: before the first, or none at all."""
    return AskerError(f"There is no page {code(shorten(number))}. The list begins with `/flosum orgs`.", (ALL_ORGS,))


_ID = late(r"\b0\w{14,17}\b")
"""An id of Salesforce's, which nobody reads."""


def renamed(unknown: UnknownOrg, now: str) -> AskerError:
    """An org that had that name until somebody renamed it, as where a button is older than that."""
    line = _named_once(unknown.line, now)
    label = f"Check {now}" if unknown.line == "status {org}" else as_typed(line)
    if _ID.search(unknown.line):  # what only buttons say
        label = f"Go on with {now}"
    return AskerError(
        f"{code(unknown.name)} is called {code(now)} now.", (Button(shorten(label), command=line, primary=True),)
    )


def _named_once(line: str, now: str) -> str:
    """The line with the name of today, beside which the former one may have stood."""
    others = line.removesuffix(", {org}")
    if others != line and now in others.partition(" ")[2].split(", "):
        return others
    again = rf"(?:[ ,;]+(?:and)?)+{re.escape(now)}(?![^ ,;])"
    return re.sub(re.escape("{org}") + again, "{org}", line).replace("{org}", now)


def not_connected(name: str, since: datetime, now: datetime) -> AskerError:
    """An org that was disconnected, as where a button is older than that."""
    line = f"connect {name}"
    return AskerError(
        f"{code(name)} is not connected any more: it was disconnected {age(since, now)}. Connect it again: "
        f"{code(f'/flosum {line}')}",
        (Button(shorten(f"Connect {name} again"), command=line, primary=True), ALL_ORGS),
    )


def _one_at_a_time(name: str, orgs: Sequence[Org], line: str) -> AskerError | None:
    """What chooses several orgs where one is awaited."""
    word = folded(name)
    if (verb := BY_NAME.get(line.partition(" ")[0])) and verb.each:
        return _name_each(word, orgs, line)
    if tagged := tags_of(orgs).get(word):
        return AskerError(f"{code(word)} is a tag, and this is for one org at a time.", meant_buttons(tagged[:2], line))
    if is_every(word) or is_org_word(word) or word in ("production", "sandbox"):
        return AskerError("This is for one org at a time.", (ALL_ORGS,))
    return None


def _name_each(word: str, orgs: Sequence[Org], line: str) -> AskerError | None:
    """The same where it is done to each of them: which these are, with those that are named beside."""
    verb, _, more = line.partition(" {org}")
    more = more.strip()
    found = stands_for(f"{word} {more}".strip(), orgs)
    if found is None:
        return None
    (chosen, more), names = found, [org.name for org in orgs]
    beside, after = one_or_more_leading(without_joint(more), names)
    chosen, more = ([*chosen, *beside], after) if beside and after else (chosen, more)
    return these(f"{verb} {{orgs}} {more}".strip(), chosen if more else chosen[:0], orgs)


def _named_last(name: str, names: Sequence[str], line: str) -> str:
    """The line with the org in front, where what was said first is none and the last words are one; else ""."""
    verb, _, more = line.partition(" {org} ")
    if (found := ending(more.split(), names)) is None:
        return ""
    before, org = found
    words = [name, *before]
    while words and words[-1].casefold() in _LEADING_TO:
        words.pop()
    is_grant = verb == "grant" and not any(map(_BEHIND_THE_ORG["grant"].fullmatch, map(str.casefold, words)))
    return " ".join((verb, org, *([] if is_grant else words)))  # of "grant Ben access to uat" the org alone is clear


_LEADING_TO = frozenset("for in into of on to".split())
"""What people say before an org that they name last."""


def which_org(meant: Sequence[str]) -> Answer:
    """Asked about an org by a name that is nearly one, or about several at once."""
    several = "" if len(meant) == 1 else " I read one at a time, or all."
    return Answer(
        headline=f"Did you mean {_alternatives(meant)}?{several}",
        buttons=meant_buttons(meant[:_BUTTONS], "status {org}"),
        unknown=True,
    )


_BUTTONS = _TOLD = 3


def meant_buttons(meant: Sequence[str], line: str) -> tuple[Button, ...]:
    """One for each org that may be meant, and one for all orgs where there is room."""
    is_check = line == "status {org}"
    buttons = [
        Button(f"Check {name}" if is_check else name, command=line.replace("{org}", name), primary=len(meant) == 1)
        for name in meant
    ]
    return tuple([*buttons, ALL_ORGS][:_BUTTONS])


def _alternatives(names: Sequence[str]) -> str:
    *first, last = map(code, names)
    return f"{', '.join(first)} or {last}" if first else last
