"""Tags of orgs: what may be one, how people say that one is put on or taken off, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import selection
from bot.domain.answers import Answer, Button, Choice, Item, Items, Menu, Part, State, Text
from bot.domain.answers.humanize import counted, listed
from bot.domain.answers.markup import as_typed, code, literal
from bot.domain.answers.offered import for_others
from bot.domain.command import shorten
from bot.domain.errors import AskerError
from bot.domain.model import Org
from bot.domain.org_questions import ending, exact, folded, is_every, is_org_word, words_of
from bot.domain.orgs.urgency import natural

LONGEST, MOST = 24, 10
"""Letters of a tag, so that several stand in one line of a phone; and tags of an org."""

_LISTED = 15  # tags in one answer; each has a line or two
_NAMED = 5  # orgs named beside a tag

_EVERYBODY = re.compile(r"<!(channel|here|everyone)\b")
_TAG = re.compile(r"[^\W_][\w.:+-]*")
_RESERVED = selection.MEANT | frozenset(
    "a add again an any are as called clear delete details drop empty everybody everywhere false for from in is it me"
    " my next nothing now null of off on org owner page previous put remove show status thanks that the then these this"
    " those to true untagged"
    " with yes".split()
)
"""Words that mean something else in a command; one that is kept beside them would never be found again."""

_ON = frozenset("add as called has in is on put set to with".split())
_OFF = frozenset("delete drop off remove without".split())
_NONE = frozenset("clear empty none nothing".split())
_NOUNS = frozenset({"tag", "tags", "tagged"})
_ASIDE = frozenset("a also an and from it me of org orgs please pls the".split()) | _NOUNS
_BESIDE_TAGS = frozenset("also and please pls".split()) | _NOUNS
"""Those of the words that are no tags which say nothing of what the tags are, wherever they stand."""
_BEFORE_NOUN = frozenset("a an it of the".split())


@dataclass(frozen=True, slots=True)
class TagChange:
    """What somebody wants done to the tags of an org. ``clear``: all of them are taken off first."""

    put: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    clear: bool = False

    def applied(self, tags: Sequence[str]) -> tuple[str, ...]:
        """The tags after it, in the order in which they came. Raises AskerError where that are too many."""
        kept = [] if self.clear else [tag for tag in tags if tag not in self.off]
        after = tuple(dict.fromkeys([*kept, *self.put]))
        if len(after) > MOST and len(after) > len(tags):
            raise AskerError(f"An org has {MOST} tags at most; this one would have {len(after)}. Take some off first.")
        return after


def read_change(typed: str) -> TagChange:
    """What ``emea, crm``, ``off crm``, ``crm off``, ``+emea -crm``, ``none`` want.

    Raises AskerError for what no tag can be.
    """
    if called := _EVERYBODY.search(typed):
        raise AskerError(f"{code(f'@{called[1]}')} cannot be a tag. Use one word of letters, figures and dashes.")
    words = [word for raw in re.split(r"[\s,;]+", as_typed(typed)) if (word := _signed(raw))]
    meant = _without_small_words(words)
    if not meant or all(word in _ASIDE for word in meant):
        raise AskerError("Which tag? A short word, for example `emea` or `wave-2`.")
    if meant[0] in _NONE | _OFF and all(word in _NONE | _OFF or is_every(word) for word in meant):
        return TagChange(clear=True)
    first, last = meant[0], meant[-1]
    if first in _OFF | _NONE or last in _OFF:
        rest = meant[1:] if first in _OFF | _NONE else meant[:-1]
        return TagChange(off=tuple(_bare(word) for word in rest))
    meant = meant[1:] if first in _ON and len(meant) > 1 else meant
    off = tuple(_bare(word) for word in meant if word.startswith("-"))
    return TagChange(put=tuple(_checked(word) for word in meant if not word.startswith("-")), off=off)


def _without_small_words(words: Sequence[str]) -> list[str]:
    """The words that are tags or say what is done with them.

    A small word is none where it stands in a sentence: behind "as" or "remove", before "tag", before the only tag. In
    a list of tags it may be meant as one, so that it is left to be refused by name.
    """
    meant: list[str] = []
    for at, word in enumerate(words):
        before, after = words[at - 1] if at else "", words[at + 1 : at + 2]
        in_sentence = before in _ON | _OFF | _NOUNS | _BEFORE_NOUN or bool(_NOUNS.intersection(after))
        is_article = (
            at == 0 and word in _BEFORE_NOUN and (not _NOUNS.isdisjoint(words) or (word == "the" and len(words) == 2))
        )
        if word in _BESIDE_TAGS or (word in _ASIDE and (in_sentence or is_article)):
            continue
        meant.append(word)
    return meant


def says_outright(typed: str) -> bool:
    """Whether it says what is to be done with the words, put on or taken off, so that each of them is a tag."""
    words = [word for raw in re.split(r"[\s,;]+", typed) if (word := _signed(raw))]
    signed = any(raw.startswith(("+", "-")) for raw in typed.split())
    return signed or (bool(words) and (words[0] in _ON | _OFF | _NONE or words[-1] in _OFF | _NONE))


def listed_in(cell: str) -> tuple[str, ...] | None:
    """All tags of an org as a list of orgs has them: ``emea; crm``, ``none``; None where it says nothing of them.

    Raises AskerError for what no tag can be, and where they are too many.
    """
    words = [word for raw in re.split(r"[\s,;|]+", cell) if (word := " ".join(words_of(raw)))]
    if not words:
        return None
    if len(words) == 1 and words[0] in _NONE:
        return ()
    return TagChange(tuple(_checked(word) for word in words), clear=True).applied(())


def _signed(raw: str) -> str:
    """A word as it is compared, with the sign that takes it off kept in front."""
    word = " ".join(words_of(raw.lstrip("+-")))
    return f"-{word}" if word and raw.startswith(("-", "\N{EN DASH}", "\N{MINUS SIGN}")) else word


def _bare(word: str) -> str:
    return word.removeprefix("-")


def _checked(tag: str) -> str:
    if tag in _RESERVED or is_every(tag) or is_org_word(tag) or tag in _NONE:
        raise AskerError(f"{code(tag)} means something else in my commands. Choose another word as a tag.")
    if len(tag) > LONGEST:
        raise AskerError(f"{code(shorten(tag))} is too long for a tag: {LONGEST} letters at most.")
    if not _TAG.fullmatch(tag) or tag.isdecimal():
        raise AskerError(
            f"{code(shorten(tag))} cannot be a tag. Use one word of letters, figures and dashes, such as `wave-2`."
        )
    return tag


def swapped(words: Sequence[str], names: Sequence[str]) -> AskerError | None:
    """Where the tag was said first and the org last, "emea on prod": how it is typed, as a button."""
    if len(words) < 2 or any(exact(" ".join(words[:end]), names) for end in range(len(words), 0, -1)):
        return None
    if (found := ending(words, names)) is None:
        return None
    before, org = found
    tag = " ".join(word for word in before if folded(word) not in _ASIDE | _ON | {"for"})
    return org_first(f"tag {org} {tag}")


def org_first(line: str) -> AskerError:
    """Said the wrong way round: how it is typed, as a button."""
    shown = as_typed(line)
    return AskerError(
        f"The org comes first. Did you mean {code(f'/flosum {shown}')}?", (Button(shown, line, primary=True),)
    )


# --- in words ------------------------------------------------------------------------------------------


def tag_words(tags: Sequence[str]) -> str:
    """The tags of an org beside other things that are known of it: ``tags `emea`, `crm` ``."""
    return f"{'tag' if len(tags) == 1 else 'tags'} {', '.join(map(code, tags))}" if tags else ""


def shown(org: Org, orgs: Sequence[Org], *, may: bool) -> Answer:
    """The tags of one org; with what changes them for who ``may``."""
    name = literal(org.name)
    if not org.tags:
        return Answer(
            f"{code(org.name)} has no tags",
            f"Tag it: `/flosum tag {name} emea`, several words at once if you like" if may else for_others("tags it"),
            note="Then /flosum status emea shows all orgs of that tag.",
        )
    return Answer(
        f"{code(org.name)} is tagged {listed([code(tag) for tag in org.tags])}",
        _same_name(org.tags, orgs),
        buttons=tuple(_check(tag) for tag in org.tags[:2]),
        note=f"Take one off: /flosum tag {name} off {literal(org.tags[0])}" if may else "",
    )


def changed(org: Org, before: Sequence[str], orgs: Sequence[Org]) -> Answer:
    """What became of a change; ``org`` has its tags of now, ``orgs`` are all of the workspace."""
    if not org.tags:
        if not before:
            return Answer(f"{code(org.name)} has no tags already")
        back = Button("Put them back", command=f"tag {org.name} add {', '.join(before)}", replaces=True)
        return Answer(
            f"{code(org.name)} has no tags now",
            f"Before: {', '.join(map(code, before))}",
            State.READY,
            buttons=(back,),
        )
    new = [tag for tag in org.tags if tag not in before] or org.tags
    is_new = tuple(before) != org.tags
    return Answer(
        f"{code(org.name)} is tagged {listed([code(tag) for tag in org.tags])} {'now' if is_new else 'already'}",
        _same_name(new, orgs),
        State.READY if is_new else None,
        buttons=(_check(new[0]),),
        note=f"Anywhere: /flosum status {literal(new[0])}" if not _same_name(new[:1], orgs) else "",
    )


def not_on(org: Org, words: Sequence[str]) -> AskerError:
    """None of the tags that somebody wants taken off is there."""
    known = f"Its tags: {', '.join(map(code, org.tags))}." if org.tags else "It has no tags."
    return AskerError(f"{code(org.name)} is not tagged {listed([code(shorten(word)) for word in words])}. {known}")


def overview(orgs: Sequence[Org], *, may: bool) -> Answer:
    """Every tag with its orgs, those with the most orgs first; where there is none, how to begin for who ``may``."""
    found = selection.tags_of(orgs)
    example = orgs[0].name if orgs else "prod"
    if not found:
        begin = f"Tag one: `/flosum tag {literal(example)} emea`." if may else for_others("tags them")
        return Answer(
            "No org has a tag yet",
            f"{begin} Then `/flosum status emea` shows the orgs of that tag.",
        )
    ordered = sorted(found, key=lambda tag: (-len(found[tag]), natural(tag)))
    parts: list[Part] = [Items(tuple(Item(code(tag), _orgs(found[tag])) for tag in ordered[:_LISTED]))]
    if len(ordered) > _LISTED:
        more = counted(len(ordered) - _LISTED, "more tag", "more tags")
        parts.append(Text(f"And {more}, which the menu has as well"))
    parts.append(Menu("Choose a tag…", tuple(Choice(f"{tag} ({len(found[tag])})", _status(tag)) for tag in ordered)))
    untagged = sum(1 for org in orgs if not org.tags)
    return Answer(
        f"{counted(len(found), 'tag', 'tags')} on {counted(len(orgs) - untagged, 'org', 'orgs')}",
        parts=tuple(parts),
        note=f"{counted(untagged, 'org has', 'orgs have')} no tag" if untagged else "Every org has a tag",
    )


def _orgs(names: Sequence[str]) -> str:
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return listed([*map(code, sorted(names, key=natural)[:_NAMED]), *more])


def _check(tag: str) -> Button:
    return Button(f"Check {tag}", command=_status(tag))


def _status(tag: str) -> str:
    return f"status {selection.tagged(tag).line}"


def also_a_tag(name: str, orgs: Sequence[Org]) -> str:
    """What an org's new name means where a tag is called that, too."""
    tag = folded(name)
    return f"A tag is called that, too: `status tag {tag}` shows its orgs." if tag in selection.tags_of(orgs) else ""


def _same_name(tags: Sequence[str], orgs: Sequence[Org]) -> str:
    """What a tag's word means where an org is called that, too."""
    taken = next((tag for tag in tags for org in orgs if folded(org.name) == tag), None)
    if taken is None:
        return ""
    return f"An org is called {code(taken)}, too: `status {taken}` shows that org, `status tag {taken}` the tag."
