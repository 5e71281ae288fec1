"""What may be a tag, and how people say that one is put on an org or taken off."""

from __future__ import annotations

import pytest

from bot.domain.answers import Items, Menu, Text
from bot.domain.errors import AskerError
from bot.domain.model import Login, Org
from bot.domain.orgs.tags import LONGEST, MOST, TagChange, changed, overview, read_change, shown, swapped
from bot.domain.selection import read

PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)


def put(*words: str) -> TagChange:
    return TagChange(put=words)


def off(*words: str) -> TagChange:
    return TagChange(off=words)


CLEAR = TagChange(clear=True)


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ("emea", put("emea")),
        ("EMEA", put("emea")),
        ("Größe", put("grösse")),
        ("#emea", put("emea")),
        ("“emea”", put("emea")),
        ("`emea`.", put("emea")),
        ("emea crm", put("emea", "crm")),
        ("emea, crm", put("emea", "crm")),
        ("emea,crm;wave-2", put("emea", "crm", "wave-2")),
        ("emea and crm", put("emea", "crm")),
        ("as emea", put("emea")),
        ("with emea", put("emea")),
        ("is critical", put("critical")),
        ("add the tag emea please", put("emea")),
        ("+emea", put("emea")),
        ("region:emea", put("region:emea")),
        ("v1.2", put("v1.2")),
        ("http://acme.com", put("acme.com")),
        ("us", put("us")),
        ("test", put("test")),
        ("prod", put("prod")),
        ("2026-q4", put("2026-q4")),
        ("wave–2", put("wave-2")),
        ("off emea", off("emea")),
        ("emea off", off("emea")),
        ("off emea, crm", off("emea", "crm")),
        ("remove emea", off("emea")),
        ("remove the tag emea", off("emea")),
        ("the emea", put("emea")),
        ("the emea tag", put("emea")),
        ("as a sandpit", put("sandpit")),
        ("with the tags emea and crm", put("emea", "crm")),
        ("delete emea", off("emea")),
        ("without emea", off("emea")),
        ("-emea", off("emea")),
        ("–emea", off("emea")),
        ("+crm -emea", TagChange(("crm",), ("emea",))),
        ("none", CLEAR),
        ("None.", CLEAR),
        ("nothing", CLEAR),
        ("off", CLEAR),
        ("off all", CLEAR),
        ("remove all tags", CLEAR),
        ("clear", CLEAR),
        ("off sandboxes", off("sandboxes")),
    ],
)
def test_a_change_is_said_in_anybodys_words(typed: str, change: TagChange) -> None:
    assert read_change(typed) == change


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        *((word, word) for word in "all ready sandbox sandboxes production details every next owner yes".split()),
        ("not ready", "not"),
        ("not-ready", "not-ready"),
        ("Not-Ready", "not-ready"),
        ("emea all", "all"),
        ("a b c", "a"),  # nothing of a list is dropped in silence
        ("b a", "a"),
        ("a b", "a"),
        ("emea, the, crm", "the"),
        ("me emea", "me"),
        ("emea it", "it"),
        ("org emea", "org"),
        ("emea of", "of"),
        ("now", "now"),
        ("emea ready", "ready"),
    ],
)
def test_words_of_our_own_commands_are_refused_by_name(typed: str, word: str) -> None:
    with pytest.raises(AskerError, match=f"^`{word}` means something else in my commands. Choose another word"):
        read_change(typed)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("x" * (LONGEST + 1), f"is too long for a tag: {LONGEST} letters at most"),
        ("😀", "cannot be a tag. Use one word of letters"),
        (":tada:", "cannot be a tag"),
        ("<@U123>", "cannot be a tag"),
        ("a/b", "cannot be a tag"),
        ("12", "cannot be a tag"),
        ("“”", "Which tag?"),
        ("please", "Which tag?"),
        ("tag", "Which tag?"),
    ],
)
def test_what_no_tag_can_be_is_said(typed: str, text: str) -> None:
    with pytest.raises(AskerError, match=text):
        read_change(typed)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ((), put("emea", "crm"), ("emea", "crm")),
        (("crm",), put("emea", "crm"), ("crm", "emea")),
        (("crm", "emea"), off("crm", "gone"), ("emea",)),
        (("crm", "emea"), CLEAR, ()),
        (("emea",), TagChange(("crm",), ("emea",)), ("crm",)),
    ],
)
def test_the_order_in_which_tags_came_is_kept(
    before: tuple[str, ...], change: TagChange, after: tuple[str, ...]
) -> None:
    assert change.applied(before) == after


def test_an_org_has_so_many_tags_and_no_more() -> None:
    many = tuple(f"tag-{number}" for number in range(MOST))

    assert put(many[0]).applied(many) == many
    with pytest.raises(AskerError, match="10 tags at most; this one would have 11"):
        put("more").applied(many)


@pytest.mark.parametrize("typed", ["emea on prod", "emea prod", "the tag emea for prod", "emea to EMEA Full Copy"])
def test_the_tag_said_first_is_asked_back(typed: str) -> None:
    error = swapped(typed.split(), ["prod", "EMEA Full Copy"])

    assert error is not None
    (button,) = error.buttons
    assert button.command in ("tag prod emea", "tag EMEA Full Copy emea")


@pytest.mark.parametrize("typed", ["prod emea", "prod uat", "EMEA Full Copy prod", "emea", "nowhere emea"])
def test_an_org_that_comes_first_is_never_asked_back(typed: str) -> None:
    assert swapped(typed.split(), ["prod", "EMEA Full Copy", "uat"]) is None


def test_a_tag_with_the_name_of_an_org_says_which_is_meant() -> None:
    prod = Org("T1", "prod", PROD.host, Login.JWT, tags=("emea",))
    emea = Org("T1", "EMEA", PROD.host, Login.JWT)

    for answer in (changed(prod, (), [prod, emea]), shown(prod, [prod, emea], may=True)):
        assert answer.lead == ("An org is called `emea`, too: `status emea` shows that org, `status tag emea` the tag.")
    assert changed(prod, (), [prod]).lead == ""


def test_all_tags_are_listed_those_of_most_orgs_first_and_each_is_in_the_menu() -> None:
    orgs = [
        Org("T1", f"team-{number}", PROD.host, Login.JWT, tags=("emea", *((f"t{number}",) if number < 20 else ())))
        for number in range(30)
    ]

    answer = overview(orgs, may=True)

    items, more, menu = answer.parts
    assert isinstance(items, Items)
    assert isinstance(menu, Menu)
    assert (answer.headline, answer.note) == ("21 tags on 30 orgs", "Every org has a tag")
    assert items.items[0].detail == "`team-0`, `team-1`, `team-2`, `team-3`, `team-4` and 25 more"
    assert more == Text("And 6 more tags, which the menu has as well")
    assert [choice.label for choice in menu.choices][:3] == ["emea (30)", "t0 (1)", "t1 (1)"]
    assert read(menu.choices[0].command.removeprefix("status "), [], ["emea"]) is not None
