"""The guidance put into words, and the bot's words about itself. The finding comes first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from bot.domain import other_words
from bot.domain.answers import Answer, Button, Item, Items, Part, Text
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.markup import code
from bot.domain.answers.plain_text import part_lines
from bot.domain.command import EXPLAIN, Command, parse, shorten
from bot.domain.conversations import small_talk
from bot.domain.conversations.entry_reply import ALL_COMMANDS, About, nothing_known, whole
from bot.domain.conversations.error_reply import LINES, brief
from bot.domain.how_to import HowTo, how_to
from bot.domain.model import Org
from bot.domain.org_questions import asked_about, near, one_word, says_nothing
from bot.domain.orgs.which_org import at_address, connected_orgs, which_org
from bot.domain.phrases import greets
from bot.domain.program import to_type
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.guidance import ARTICLE_TOPICS
from bot.domain.understanding import understood
from bot.domain.verbs import BY_NAME, VERBS, Group, Verb, Who

T = TypeVar("T")


def guidance(found: Recognition, entry: Entry, about: About) -> Answer:
    """What an error means and the first steps; a section of the guide, as much of it as fits a phone."""
    if entry.kind is Kind.ERROR:
        return brief(found, entry, about, _how_sure(found, entry))
    return _on_a_phone(whole(found, entry, about), entry, about)


def _on_a_phone(answer: Answer, entry: Entry, about: About) -> Answer:
    """A section with all of its steps, and as much of its reasons and tips as there is room for beside them."""
    steps, tips = answer.parts[:1], answer.parts[1:]
    room = LINES - height(answer.headline) - height(answer.note, SMALL) - _BUTTONS - sum(map(_part_height, steps))
    told = " ".join(_first(_SENTENCES.split(answer.lead), height, room)) or _SENTENCES.split(answer.lead)[0]
    shown = _first(tips, _part_height, room - height(told))
    if (told, len(shown)) == (answer.lead, len(tips)):
        return answer
    more = Button("The rest", command=f"entry {entry.id} {about.only.name}" if about.only else f"entry {entry.id}")
    return replace(answer, lead=told, parts=(*steps, *shown), buttons=(*answer.buttons, more))


def _first(things: Sequence[T], lines: Callable[[T], int], room: int) -> Sequence[T]:
    """As many of them, from the first on, as have room together."""
    taken = accumulate(map(lines, things))
    return things[: sum(1 for height_so_far in taken if height_so_far <= room)]


_SENTENCES = re.compile(r"(?<=[.;]) (?=[A-Z*])")
_BUTTONS = 2  # rows of them


def _part_height(part: Part) -> int:
    return sum(map(height, part_lines(part)))


def _how_sure(found: Recognition, entry: Entry) -> str:
    signs = (found.code, *found.evidence) if found.code else found.evidence
    spellings = {sign.replace("_", " ").casefold(): sign for sign in reversed(signs)}
    evidence = ", ".join(code(sign) for sign in [*reversed(spellings.values())][:2])
    source = entry.source.split(";")[0] if entry.kind is Kind.ERROR else entry.source
    return " · ".join(word for word in (f"From the text: {evidence}" if evidence else "", source) if word)


def not_recognised(command: Command, nearest: Sequence[Entry], orgs: Sequence[Org]) -> Answer:
    """Asked, and nothing was recognised, perhaps because a verb or an org's name was mistyped."""
    verb, names = BY_NAME.get(command.meant or ""), [org.name for org in orgs]
    text = command.rest
    if here := _done_here(text, names):
        return here
    if verb is not None:
        _, *more = text.split(maxsplit=1)
        text = " ".join(more)
        put_right = understood(parse(f"{verb.name} {text}"), lambda: names, lambda _: False)
        if put_right.verb == verb.name:
            return mistyped(shorten(command.rest), f"{verb.name} {put_right.rest}".strip())
    if meant := asked_about(text, names) or near(text, names) or at_address(text, orgs):
        return which_org(meant)
    if greets(text) and not nearest:
        return replace(small_talk.answer(text, orgs), unknown=True)
    answer = nothing_known(() if says_nothing(command.rest) else nearest)
    if names and command.verb != EXPLAIN and (typed := one_word(command.rest)):
        headline = f"I have no guidance for {code(shorten(typed))}, and no org is called so"
        return replace(answer, headline=headline, parts=(Text(connected_orgs(typed, names)), *answer.parts))
    return answer


def _done_here(text: str, names: Sequence[str]) -> Answer | None:
    """What does here what somebody asks how to do, or says in other words; None where that says something else."""
    if other_words.asks_for_file(text):
        return files_elsewhere()
    if line := other_words.of_terminal(text):
        return in_terminal(line)
    if asked := how_to(text, names):
        return shown_how(asked)
    lines = other_words.meant_by(text, names)
    return mistyped(shorten(text), *lines) if lines else None


def in_terminal(line: str) -> Answer:
    """A command of the terminal's, typed in Slack."""
    return Answer(
        f"{code(line.split()[0])} belongs to the terminal, not to Slack",
        f"Whoever runs the bot types {code(to_type(*line.split()))} there.",
        buttons=(ALL_COMMANDS,),
        unknown=True,
    )


def files_elsewhere() -> Answer:
    """Orgs as a file, or from one: that is for whoever runs the bot, who types it in a terminal."""
    table, kept, read = (code(to_type(*words.split())) for words in _FILES)
    return Answer(
        "Files are made where the bot runs, not in Slack",
        f"Whoever runs it types {table} for a table of orgs and apps, {kept} for a file that connects them again, and "
        f"{read} to connect orgs from one.",
        buttons=(Button("All orgs", command="orgs", primary=True), ALL_COMMANDS),
        unknown=True,
    )


_FILES = ("status --all --csv", "orgs export", "orgs import FILE.csv")


def without_guess(found: Recognition, text: str, orgs: Sequence[Org]) -> Recognition:
    """What was recognised; nothing where a text asks about an org, says nothing more, and only sounds like an error."""
    names = [org.name for org in orgs]
    if not names or not is_guess(found) or not (asked_about(text, names) or other_words.meant_by(text, names)):
        return found
    return replace(found, entry=None)


def is_guess(found: Recognition) -> bool:
    """Whether an error was recognised by its wording alone."""
    return found.entry is not None and found.entry.kind is Kind.ERROR and not found.evidence


def is_open(found: Recognition) -> bool:
    """Whether the guidance knows nothing of a text, or guesses."""
    return found.entry is None or is_guess(found)


def mistyped(typed: str, *meant: str) -> Answer:
    """A verb that is nearly one of ours, or another app's, and a text that the guidance does not know either."""
    shown = [f"/flosum {_MENTION.sub(_as_typed, line)}" for line in meant]
    first, *others = (Button(said, command=line) for said, line in zip(shown, meant, strict=True))
    return Answer(
        headline=f"There is no command {code(typed.split()[0])}",
        lead=f"Did you mean {' or '.join(map(code, shown))}?",
        buttons=(replace(first, primary=True), *others, ALL_COMMANDS),
        unknown=True,
    )


_MENTION = re.compile(r"<([#@])\w+(?:\|([^>]*))?>")


def _as_typed(mention: re.Match[str]) -> str:
    """A channel or a person as one types them; Slack may leave out what they are called."""
    sign, name = mention.groups()
    return f"{sign}{name or ('channel' if sign == '#' else 'person')}"


def help_text(orgs: Sequence[Org]) -> Answer:
    """The short help: every verb that works, by what one wants, for a command and a direct message alike."""
    return _help(orgs[0].name if orgs else "prod")


@lru_cache(16)
def _help(example: str) -> Answer:
    return Answer(
        headline="I help Salesforce orgs through the connected-app restrictions for Flosum",
        lead="Paste a Salesforce login error, ask in your own words, or type one of these: after `/flosum`, or as it "
        "stands where you write to me.",
        parts=tuple(Text(f"**{group.value}**: {' · '.join(_brief(group, example))}") for group in Group),
    )


def _brief(group: Group, example: str) -> list[str]:
    return [
        code(f"{verb.name} {usage.brief.replace('<org>', example)}".strip())
        for verb in VERBS
        if verb.group is group
        for usage in verb.usages
        if usage.brief is not None
    ]


def verb_help(verb: Verb) -> Answer:
    """Every form of one verb."""
    parts: list[Part] = []
    for who, told in _FOR_WHOM.items():
        forms = [usage for usage in verb.usages if usage.who is who]
        parts += [Text(told)] if forms and told else []
        items = (Item(code(f"{verb.name} {usage.words}".strip()), usage.help) for usage in forms)
        parts += [Items(tuple(items))] if forms else []
    return Answer(f"What {code(verb.name)} takes", parts=tuple(parts), buttons=(ALL_COMMANDS,))


_FOR_WHOM = {
    Who.EVERYBODY: "",
    Who.TRUSTED: "For who may change things:",
    Who.ADMINS: "For workspace admins:",
}
"""What stands above the forms of a verb that are not for everybody."""


def shown_how(asked: HowTo) -> Answer:
    """Every form of the verb that does what somebody asked how to do, with the line that begins it."""
    shown = f"/flosum {asked.line}"
    begun = (Button(shown, command=asked.line, primary=True),) if asked.line else ()
    return replace(verb_help(asked.verb), buttons=(*begun, ALL_COMMANDS), unknown=True)


def which_section(sections: Sequence[Entry]) -> Answer:
    """One word of the names of several."""
    shown = Items(tuple(Item(code(entry.topic), entry.title) for entry in sections))
    buttons = (Button(f"Guide: {entry.topic.replace('-', ' ')}", command=f"guide {entry.topic}") for entry in sections)
    return Answer("Which section of the guide?", parts=(shown,), buttons=tuple(buttons)[:_SECTIONS])


_SECTIONS = 3  # buttons


def guide_contents(sections: Sequence[Entry], *, by_name: bool = False) -> Answer:
    """The table of contents: the article's sections, then in a line what stands around it.

    ``by_name``: somebody asked for one by a number, which they do not have.
    """
    article = [entry for entry in sections if entry.topic in ARTICLE_TOPICS]
    around = " · ".join(code(entry.topic) for entry in sections if entry.topic not in ARTICLE_TOPICS)
    return Answer(
        headline="The sections of the guide have names" if by_name else "The guide, section by section",
        lead="Show one: `/flosum guide install`. An administrator goes through them once in each org.",
        parts=(
            Items(tuple(Item(code(entry.topic), entry.title) for entry in article)),
            *((Text(f"On Flosum's side: {around}"),) if around else ()),
        ),
        note="Source: Flosum's article on installing its connected apps",
    )
