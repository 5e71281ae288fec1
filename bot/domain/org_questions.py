"""Names of orgs in anybody's words: in quotes, in a sentence, with a slip of the finger.

Only names of orgs that there are decide: "is prod ready?" asks about an org, "is the build ready?" does not.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.domain.foreign_small_words import IN_OTHER_LANGUAGES
from bot.domain.patterns import late

ALL = "all"
"""What stands for every org; none can be called that."""

SANDBOXES, NOT_READY = "sandboxes", "not ready"
"""What stands for some of them."""

_BEFORE = frozenset("are can could do is what which who".split())

DETAIL_WORDS = frozenset("detail details".split())
STEPS_WORD = "steps"

_MOST_WORDS, _MOST_LETTERS = 14, 200
"""Who asks about an org says little else. Chosen by hand, not tuned."""

_NEAR = 0.7  # of the letters, in order; "prdo" and "prod" share 0.75, "logs" and "prod" a quarter
_NEAREST = 5
_NO_NAME = frozenset("=<>{}[]|\\")  # of settings, tags and what was masked
_STRANGE = 3  # words that can be a name

_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇"
EDGES = _QUOTES + ".,:;!?…¿¡？！，。、()[]{}<>*_~#|-"
_DASHES = late("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+|--+")
_OWNS = late(r"['’]s\b", re.IGNORECASE)
_EMOJI = late(r":[\w+-]+:(?::skin-tone-\d:)?|\W+")
_ADDRESS = late(r"https?://(?P<host>.*?)/?")

_STRONG = frozenset("check checked checking ready state status".split())
_WELL = frozenset("fine good ok okay".split())
_EVERY = frozenset("all every everything".split())
_ORGS = frozenset("environments orgs sandboxes".split())
_ASKING = _STRONG | frozenset(
    "alive app apps are connected did does doing done down fine going good has have how installed is look looking"
    " missing need needs next ok okay read see set show step steps test testing through up was were what which"
    " broken fixed green happy healthy issue issues list many not problem problems red why work working works"
    " wrong".split()
)
NEGATED = frozenset(
    spelled
    for word in "aren't can't couldn't didn't doesn't hasn't haven't isn't wasn't weren't won't".split()
    for spelled in (word, word.replace("'", "\u2019"), word.replace("'", ""))
)
"""Words that hold a "not", as people spell them."""
_FILLERS = frozenset(
    "a about again already an and any anything at be by can colleague could currently do env environment even everybody"
    " flosum for from get give hello hey hi i if in it just kindly know let like me my next now of on only or org our"
    " please pls plz quick quickly right salesforce sandbox so still tell thanks that the their then there this to"
    " today too us want we whether with would yet you your details go hows left since there's whats yesterday".split()
)
_SMALL = _ASKING | NEGATED | _FILLERS | _EVERY | _ORGS
"""Words that may stand beside the name of an org in a question about it."""


def folded(name: str) -> str:
    """A name as it is compared where it stands alone."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def exact(text: str, names: Iterable[str]) -> str | None:
    """The name that a text is, quotes and a mark at its end aside."""
    as_typed, bare = folded(text), words_of(text)
    names = list(names)
    found = next((name for name in names if folded(name) == as_typed), None)
    return found or next((name for name in names if bare and words_of(name) == bare), None)


def leading(text: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The name that a text begins with, after small words such as "of the", and what follows it."""
    raw = text.split()
    for skipped, word in enumerate(raw):
        if found := beginning(raw[skipped:], names):
            return found
        if _word(word) not in _FILLERS:
            return None
    return None


def beginning(words: Sequence[str], names: Sequence[str]) -> tuple[str, str] | None:
    """The longest name that words begin with, and what follows it."""
    for end in range(len(words), 0, -1):
        if found := exact(" ".join(words[:end]), names):
            return found, " ".join(words[end:])
    return None


def ending(words: Sequence[str], names: Sequence[str]) -> tuple[list[str], str] | None:
    """The words before the name that they end with, and that name, the longest of those that fit."""
    for start in range(len(words)):
        if found := exact(" ".join(words[start:]), names):
            return list(words[:start]), found
    return None


def asked_about(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The orgs that a text asks about and does little else, or ``all``; none where it says more."""
    if not is_short(text):
        return ()
    if found := exact(text, names) or _loosely(text, names):
        return (found,)
    words = words_of(text)
    found_names, others = _taken_out(words, names)
    if not all(map(is_small, others)) and not (found_names and IN_OTHER_LANGUAGES.issuperset(others)):
        return ()
    if found_names:
        return tuple(found_names)
    is_asked = not _ASKING.isdisjoint(others)
    return (_which_of_all(set(others)),) if is_asked and _speaks_of_all(set(others)) else ()


def _which_of_all(words: set[str]) -> str:
    """All orgs, or the ones that are asked about among them."""
    if words & _ORGS == {"sandboxes"}:
        return SANDBOXES
    return NOT_READY if {"not", "ready"} <= words else ALL


def speaks_of_details(text: str) -> bool:
    """Whether somebody wants to see more than a status."""
    return not DETAIL_WORDS.isdisjoint(words_of(text))


def speaks_of_steps(text: str) -> bool:
    """Whether somebody wants every step; "the next steps" are the first one."""
    words = words_of(text)
    return STEPS_WORD in words and "next" not in words


def without_articles(text: str) -> str:
    """A text without the small words before a name: "of the", "our"; a single letter may be one that is meant."""
    words = text.split()
    while words and len(words[0]) > 1 and _word(words[0]) in _FILLERS:
        words.pop(0)
    return " ".join(words)


_NOTHING = frozenset(
    "anybody anyone anything here kidding no nobody none nope nothing nowhere somebody someone something somewhere"
    " stuff thing things whatever yes".split()
)


def says_nothing(text: str) -> bool:
    """Whether a text speaks of nothing at all: "help nothing", "something"."""
    words = words_of(text)
    return is_short(text) and not _NOTHING.isdisjoint(words) and (_NOTHING | _FILLERS).issuperset(words)


def one_word(text: str) -> str:
    """The word that a text is and that may be a name, as it was typed; "" where it says something else."""
    bare = text.strip().strip(EDGES)
    is_name = len(bare.split()) == 1 and any(map(str.isalpha, bare)) and not is_small(bare.casefold())
    is_name = is_name and _NO_NAME.isdisjoint(text)  # what was masked has brackets around it
    return bare if is_name and bare.casefold() not in _NO_ORGS else ""


def without_fillers(text: str) -> str:
    """A text without the small words that it begins with, such as "please" and "can you"."""
    words = text.split()
    while words and _word(words[0]) in _FILLERS | _BEFORE:
        words.pop(0)
    return " ".join(words)


def near(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that what a text speaks of is nearly, the nearest first; none where it speaks of something else."""
    if not is_short(text):
        return ()
    strange = [word for word in words_of(text) if not is_small(word)]
    meant = " ".join(strange)
    return nearly(meant, names) if 0 < len(strange) <= _STRANGE else ()


def nearly(meant: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that are a slip of the finger, or a part, away from ``meant``; three at most."""
    close = [name for name in nearest(meant, names) if _likeness(meant, name) >= _NEAR]
    return tuple(close[:3])


def nearest(meant: str, names: Sequence[str]) -> tuple[str, ...]:
    """The five names that are most like ``meant``, the nearest first."""
    ranked = sorted(names, key=lambda name: (-_likeness(meant, name), folded(name)))
    return tuple(ranked[:_NEAREST])


def is_short(text: str) -> bool:
    """Whether a text may do nothing but ask about an org."""
    return len(text) <= _MOST_LETTERS and len(text.split()) <= _MOST_WORDS


def asks_whether_ready(text: str) -> bool:
    """Whether something of one name is asked for, which is an org's where there is one: "is prod ready?"."""
    words = words_of(text)
    return is_short(text) and "ready" in words and len([word for word in words if not is_small(word)]) == 1


_NAME = r"[^\W_][\w.-]*"
_TAIL = r"(?: (?:doing|looking|now|yet|again|today|already|please|for me))*"
_SHOWN = r"check(?: on)?|show(?: me)?|how(?: is)?|(?:what|how) about|status(?: of| for)?"
_STATES = "ready|ok|okay|fine|good|connected|working|healthy|broken|done|up|down|set up"
_ITS_NAME = rf"(?:(?P<name>{_NAME})(?: org| sandbox)?|(?:the|our) (?P<org>{_NAME}) (?:org|sandbox))"
_UNKNOWN = [
    late(rf"(?:(?:please|pls|can you|could you) )*(?:{_SHOWN}) {_ITS_NAME}{_TAIL}"),
    late(rf"is {_ITS_NAME} (?:{_STATES}){_TAIL}"),
    late(rf"(?P<name>{_NAME})(?P<org>) status{_TAIL}"),
]
_NO_ORGS = frozenset(
    "access account admin administrator alert anybody anyone api article backup backups business channel code"
    " connection customers deployment deployments devops digest documentation error errors everybody everyone"
    " flow help history instance job jobs life log login logins logs more oauth options package packages"
    " password permission permissions policies policy privacy profile profiles reminders salesforce section"
    " sections server session sessions settings setup slack support system tags team that these they things"
    " token tokens user users version weather work you".split()
)
"""What people look at by the same words, and is no org where none is called so."""


def unknown_name(text: str) -> str:
    """The name of an org that a text asks to see the state of, where none is called so; "" where it asks otherwise."""
    if not is_short(text) or "\n" in text.strip():
        return ""
    said = " ".join("how is" if word == "how's" else word for word in _spelled(text))
    found = next(filter(None, (form.fullmatch(said) for form in _UNKNOWN)), None)
    name = (found["name"] or found["org"]) if found else ""
    if is_small(name) or name in _NO_ORGS or not any(map(str.isalpha, name)):
        return ""
    return next((typed for raw in text.split() if _word(raw) == name and (typed := raw.strip(EDGES))), name)


def _spelled(text: str) -> list[str]:
    return [_word(raw) for raw in text.replace("’", "'").split() if _word(raw)]


def _taken_out(words: Sequence[str], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names among the words, each the longest that stands there, and the words beside them."""
    keys = {name: words_of(name) for name in names}
    # What only consists of small words is a name where somebody asks outright for its status.
    strange = {name: key for name, key in keys.items() if not all(map(is_small, key))}
    found, others = _found(words, strange)
    if found or _STRONG.isdisjoint(words):
        return found, others
    return _found(words, {name: key for name, key in keys.items() if key and name not in strange and key != words})


def _found(words: Sequence[str], keys: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    others: list[str] = []
    at = 0
    while at < len(words):
        here = [name for name, key in keys.items() if key and list(words[at : at + len(key)]) == key]
        if here:
            longest = max(here, key=lambda name: len(keys[name]))
            found += [longest] if longest not in found else []
            at += len(keys[longest])
        else:
            others.append(words[at])
            at += 1
    return found, others


def _loosely(text: str, names: Sequence[str]) -> str | None:
    """The one name that has the same letters and figures as the words that are not small."""
    meant = _letters(" ".join(word for word in words_of(text) if not is_small(word)))
    found = [name for name in names if meant and _letters(name) == meant]
    return found[0] if len(found) == 1 else None


def _speaks_of_all(words: set[str]) -> bool:
    return not words.isdisjoint(_ORGS) or (not words.isdisjoint(_EVERY) and not words.isdisjoint(_STRONG | _WELL))


def _likeness(meant: str, name: str) -> float:
    one, other = _letters(meant), _letters(name)
    if not one or not other:
        return 0.0
    alike = difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    short, long = sorted((one, other), key=len)
    is_part = len(short) > 2 and 2 * len(short) >= len(long) and short in long
    return max(alike, _NEAR) if is_part else alike


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(text))


def is_small(word: str) -> bool:
    """Whether a word only stands beside names."""
    return word in _SMALL or _EMOJI.fullmatch(word) is not None


def is_filler(word: str) -> bool:
    """Whether a word says nothing of its own beside what is spoken of: "all our orgs"."""
    return word in _FILLERS


def is_every(word: str) -> bool:
    """Whether a word stands for all there are."""
    return word in _EVERY


def is_org_word(word: str) -> bool:
    """Whether a word says that several orgs are spoken of."""
    return word in _ORGS


def is_strong(word: str) -> bool:
    """Whether a word asks how an org is."""
    return word in _STRONG


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without quotes, marks at their ends, and an owner's s."""
    return [word for raw in _OWNS.sub(" ", text).split() if (word := _word(raw))]


def _word(raw: str) -> str:
    if _EMOJI.fullmatch(raw) and any(letter.isalnum() for letter in raw):
        return raw.casefold()  # :tada:, as Slack sends it
    address = _ADDRESS.fullmatch(raw.strip(EDGES))  # a name with a dot, of which Slack has made a link
    bare = address["host"] if address else raw
    return _DASHES.sub("-", folded(bare.strip(EDGES))).strip(EDGES)
