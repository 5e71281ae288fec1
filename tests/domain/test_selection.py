"""Which orgs are meant by anybody's words, and that our own words for them mean the same when they are typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.model import Diagnosis, Login, Org, OrgFacts, Verdict
from bot.domain.selection import (
    Group,
    Selection,
    asked_about,
    mixed,
    paged,
    read,
    reread,
    strange_words,
    tagged,
    tags_of,
    with_new_name,
)

NAMES = ["prod", "emea-prod", "uat", "EMEA Full Copy", "Ada, Inc", "partner"]
TAGS = ["emea", "apac", "critical", "wave-2", "us", "test", "partner"]
ALL = Selection()
SANDBOXES, PRODUCTION = Selection(sandbox=True), Selection(sandbox=False)
READY, NOT_READY = Selection(ready=True), Selection(ready=False)
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def tags(*words: str) -> Group:
    return Group(words)


def names(*words: str) -> Group:
    return Group((), words)


EMEA = Selection(groups=(tags("emea"),))


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("all", ALL),
        ("everything", ALL),
        ("all orgs", ALL),
        ("all of the orgs, please", ALL),
        ("sandboxes", SANDBOXES),
        ("Sandboxes?", SANDBOXES),
        ("the sandbox orgs", SANDBOXES),
        ("sandbox", SANDBOXES),
        ("non-production", SANDBOXES),
        ("not production", SANDBOXES),
        ("production", PRODUCTION),
        ("production orgs", PRODUCTION),
        ("non-sandboxes", PRODUCTION),
        ("no sandboxes", PRODUCTION),
        ("sandboxes and production", ALL),
        ("ready", READY),
        ("the orgs that are ready", READY),
        ("not ready", NOT_READY),
        ("not yet ready", NOT_READY),
        ("not-ready", NOT_READY),
        ("unready", NOT_READY),
        ("orgs that aren't ready", NOT_READY),
        ("orgs that aren’t ready yet", NOT_READY),
        ("still not quite done", None),
        ("orgs that need a step", NOT_READY),
        ("ready and not ready", ALL),
        ("not ready sandboxes", Selection(sandbox=True, ready=False)),
        ("sandboxes not ready", Selection(sandbox=True, ready=False)),
        ("sandboxes that are not ready", Selection(sandbox=True, ready=False)),
        ("which sandboxes are not ready", Selection(sandbox=True, ready=False)),
        ("which sandboxes are ready", SANDBOXES),
        ("emea", EMEA),
        ("EMEA", EMEA),
        ("#emea", EMEA),
        ("“emea”", EMEA),
        ("emea orgs", EMEA),
        ("all emea orgs", EMEA),
        ("tag emea", Selection(groups=(Group(("emea",), (), True),))),
        ("orgs tagged emea", Selection(groups=(Group(("emea",), (), True),))),
        ("wave-2", Selection(groups=(tags("wave-2"),))),
        ("wave–2", Selection(groups=(tags("wave-2"),))),
        ("us", Selection(groups=(tags("us"),))),
        ("test", Selection(groups=(tags("test"),))),
        ("emea not ready", Selection(None, False, (tags("emea"),))),
        ("not ready emea", Selection(None, False, (tags("emea"),))),
        ("emea ready", Selection(None, True, (tags("emea"),))),
        ("emea sandboxes that are not ready", Selection(True, False, (tags("emea"),))),
        ("emea critical", Selection(groups=(tags("emea"), tags("critical")))),
        ("emea emea", EMEA),
        ("emea, apac", Selection(groups=(tags("emea", "apac"),))),
        ("emea,apac", Selection(groups=(tags("emea", "apac"),))),
        ("emea and apac", Selection(groups=(tags("emea", "apac"),))),
        ("emea or apac", Selection(groups=(tags("emea", "apac"),))),
        ("emea & apac", Selection(groups=(tags("emea", "apac"),))),
        ("emea or apac critical not ready", Selection(None, False, (tags("emea", "apac"), tags("critical")))),
        ("prod", Selection(groups=(names("prod"),))),
        ("prod uat", Selection(groups=(names("prod", "uat"),))),
        ("prod, uat and emea full copy", Selection(groups=(names("prod", "uat", "EMEA Full Copy"),))),
        ("emea and uat", Selection(groups=(Group(("emea",), ("uat",)),))),
        ("partner", Selection(groups=(names("partner"),))),
        ("tag partner", Selection(groups=(Group(("partner",), (), True),))),
        ("tag partner or prod", Selection(groups=(Group(("partner",), ("prod",), True),))),
        ("is emea ready?", EMEA),
        ("whether the emea orgs are ready", EMEA),
        ("nowhere", None),
        ("emea nowhere", None),
        ("not", None),
        ("not emea", None),
        ("sandboxes not emea", None),
        ("all but not prod", None),
        ("emea not yet ready", Selection(ready=False, groups=(tags("emea"),))),
        ("please", None),
        ("tag", None),
        ("", None),
        (",", None),
    ],
)
def test_the_orgs_are_chosen_in_anybodys_words(text: str, selection: Selection | None) -> None:
    assert read(text, NAMES, TAGS) == selection


ALL_BUT_PROD = Selection(but=names("prod"))


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("all but prod", ALL_BUT_PROD),
        ("all except prod", ALL_BUT_PROD),
        ("except prod", ALL_BUT_PROD),
        ("all of our orgs except for prod, please", ALL_BUT_PROD),
        ("every org minus prod", ALL_BUT_PROD),
        ("everything apart from prod", ALL_BUT_PROD),
        ("all orgs other than prod", ALL_BUT_PROD),
        ("all but prod, uat and EMEA full copy", Selection(but=names("prod", "uat", "EMEA Full Copy"))),
        ("all but emea", Selection(but=tags("emea"))),
        ("all but partner", Selection(but=names("partner"))),
        ("all but tag partner", Selection(but=Group(("partner",), (), True))),
        ("sandboxes but uat", Selection(sandbox=True, but=names("uat"))),
        ("emea not ready except uat", Selection(None, False, (tags("emea"),), names("uat"))),
        ("all but prod not ready", Selection(ready=False, but=names("prod"))),
        ("not ready but prod", Selection(ready=False, but=names("prod"))),
        ("all but the sandboxes", PRODUCTION),
        ("all but the ready ones", NOT_READY),
        ("all but prod and the sandboxes", Selection(sandbox=False, but=names("prod"))),
        ("is everything ready except prod?", ALL_BUT_PROD),
        ("everything works but prod", None),
        ("all good except prod", None),
        ("all but", None),
        ("all but nowhere", None),
        ("all but not prod", None),
        ("all but sandboxes and production", None),
        ("but prod", None),
    ],
)
def test_what_is_left_out_is_said_behind_what_is_meant(text: str, selection: Selection | None) -> None:
    assert read(text, NAMES, TAGS) == selection


def test_names_that_are_left_out_are_joined_to_nothing_else() -> None:
    assert mixed("all but prod, uat", NAMES, TAGS) == mixed("sandboxes but prod and uat", NAMES, TAGS) == ()


def test_a_kept_line_leaves_out_what_is_gone_and_knows_a_new_name() -> None:
    orgs = [org("uat", "emea"), org("qa")]

    assert reread("all but prod or emea", ["uat", "qa"], ["emea"]) == Selection(but=Group(("emea",), ("prod",)))
    assert reread("all but tag emea", ["uat", "qa"], ["emea"]) == Selection(but=tagged("emea").groups[0])
    assert with_new_name("sandboxes but uat or qa", orgs, "uat", "test") == "sandboxes but test or qa"
    assert with_new_name("all but uat", orgs, "qa", "test") == "all but uat"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("uat and sandboxes", ["uat", "sandboxes"]),
        ("sandboxes, uat", ["uat", "sandboxes"]),
        ("uat or not ready", ["uat", "not ready"]),
        ("prod, uat and all the sandboxes", ["prod or uat", "sandboxes"]),
        ("all and uat", ["uat", "all"]),
        ("is uat ready and the production orgs?", ["uat", "production"]),
        ("uat sandboxes", []),
        ("sandboxes and not ready", []),
        ("prod and uat not ready", []),
        ("prod and uat", []),
        ("emea and sandboxes", []),
        ("uat and sandboxes fail with invalid_grant", []),
    ],
)
def test_names_that_are_joined_to_what_chooses_among_all_are_told_apart(text: str, lines: list[str]) -> None:
    assert [some.line for some in mixed(text, ["prod", "uat"], ["emea"])] == lines


def test_prod_is_short_for_production_where_no_org_and_no_tag_is_called_that() -> None:
    assert read("prod") == read("prod orgs") == PRODUCTION
    assert read("prod", (), ["prod"]) == Selection(groups=(tags("prod"),))


@pytest.mark.parametrize("sandbox", [True, False, None])
@pytest.mark.parametrize("ready", [True, False, None])
@pytest.mark.parametrize(
    "groups",
    [
        (),
        (tags("emea"),),
        (Group(("partner", "apac"), ("prod",), True),),
        (tags("emea", "apac"), tags("critical")),
        (names("prod", "EMEA Full Copy"),),
    ],
)
def test_our_words_for_a_selection_mean_the_same_when_they_are_typed(
    sandbox: bool | None, ready: bool | None, groups: tuple[Group, ...]
) -> None:
    selection = Selection(sandbox, ready, groups)

    for each in (selection, replace(selection, but=Group(("critical", "test"), ("uat", "prod"), True))):
        assert read(each.line, NAMES, TAGS) == each


def test_a_tag_that_has_an_orgs_name_is_typed_as_a_tag() -> None:
    assert tagged("partner").line == "tag partner"
    assert read("tag partner not ready", NAMES, TAGS) == Selection(None, False, tagged("partner").groups)


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("is emea ready?", EMEA),
        ("are the emea orgs ready?", EMEA),
        ("check the emea orgs", EMEA),
        ("check emea", EMEA),
        ("show me only production", PRODUCTION),
        ("just production please", PRODUCTION),
        ("only the ones that are not ready", NOT_READY),
        ("can I see just the not ready ones?", NOT_READY),
        ("which ones", None),
        ("show production logs", None),
        ("emea", EMEA),
        ("how is emea doing?", EMEA),
        ("is emea or apac ready?", Selection(groups=(tags("emea", "apac"),))),
        ("which emea orgs are not ready?", Selection(None, False, (tags("emea"),))),
        ("are the sandboxes ready?", SANDBOXES),
        ("sandboxes", SANDBOXES),
        ("check all sandboxes", SANDBOXES),
        ("which sandboxes are not ready?", Selection(sandbox=True, ready=False)),
        ("is production ready?", PRODUCTION),
        ("check production", PRODUCTION),
        ("which orgs are not ready?", NOT_READY),
        ("are all orgs ready?", None),
        ("are we not ready?", None),
        ("I am not ready", None),
        ("not ready", None),
        ("is it ready?", None),
        ("is the sandbox ready?", None),
        ("in production now", None),
        ("tell us more", None),
        ("is the test done?", None),
        ("who broke emea", None),
        ("the emea deployment failed", None),
        ("is prod or uat ready?", None),
        ("prod and uat", None),
        ("is emea " + "ready " * 20, None),
    ],
)
def test_in_a_sentence_there_must_be_no_doubt(text: str, selection: Selection | None) -> None:
    assert asked_about(text, NAMES, TAGS) == selection


def org(name: str, *tags: str, sandbox: bool | None = None) -> Org:
    return Org("T1", name, "acme.my.salesforce.com", Login.JWT, sandbox=sandbox, tags=tags)


def found(org: Org, verdict: Verdict, read_as: bool | None = None) -> Diagnosis:
    facts = None if read_as is None else OrgFacts(NOW, None, read_as, ())
    return Diagnosis(org, verdict, "", "", (), facts)


ORGS = [
    found(org("prod", "emea", sandbox=False), Verdict.READY),
    found(org("uat", "emea", "critical"), Verdict.ACTION_NEEDED, read_as=True),
    found(org("qa", sandbox=True), Verdict.READY),
    found(org("new"), Verdict.UNKNOWN),
]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (ALL, "prod uat qa new"),
        (SANDBOXES, "uat qa"),
        (PRODUCTION, "prod"),
        (READY, "prod qa"),
        (NOT_READY, "uat new"),
        (EMEA, "prod uat"),
        (Selection(True, False, (tags("emea"),)), "uat"),
        (Selection(groups=(tags("emea"), tags("critical"))), "uat"),
        (Selection(groups=(Group(("critical",), ("QA",)),)), "uat qa"),
        (Selection(True, True, (tags("emea"),)), ""),
        (Selection(but=Group(("critical",), ("QA",))), "prod new"),
        (Selection(sandbox=True, but=names("qa")), "uat"),
    ],
)
def test_orgs_are_chosen_as_they_were_read(selection: Selection, chosen: str) -> None:
    assert [each.org.name for each in selection.of(ORGS)] == chosen.split()


def test_what_is_not_read_yet_may_be_among_them_where_its_kind_is_not_known() -> None:
    orgs = [each.org for each in ORGS]

    assert [each.name for each in orgs if SANDBOXES.may_have(each)] == ["uat", "qa", "new"]
    assert [each.name for each in orgs if EMEA.may_have(each)] == ["prod", "uat"]
    assert [each.name for each in orgs if Selection(but=tags("emea")).may_have(each)] == ["qa", "new"]
    assert all(NOT_READY.may_have(each) for each in orgs)


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (ALL, "orgs"),
        (Selection(True, False, (tags("emea", "apac"),)), "sandboxes tagged `emea` or `apac` that are not ready"),
        (Selection(False, True), "production orgs that are ready"),
        (ALL_BUT_PROD, "all orgs except `prod`"),
        (Selection(sandbox=True, but=names("qa", "uat")), "sandboxes except `qa` and `uat`"),
        (Selection(ready=False, but=tags("emea")), "orgs that are not ready, except those tagged `emea`"),
        (Selection(groups=(Group(("emea",), ("qa",)),)), "orgs tagged `emea` or called `qa`"),
    ],
)
def test_it_is_put_into_words(selection: Selection, words: str) -> None:
    assert selection.words() == words


def test_every_tag_is_known_with_its_orgs() -> None:
    assert tags_of([each.org for each in ORGS]) == {"emea": ["prod", "uat"], "critical": ["uat"]}


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("prod", None),
        ("emea", None),
        ("my token", None),
        ("sandboxes", []),
        ("not ready", []),
        ("emea not ready sandboxes page 2", ["emea"]),
        ("prod or uat", ["prod", "uat"]),
        ("a b c d e f or g", None),
        ("sandboxes" + " " * 100_000 + "page 2", None),
    ],
)
def test_a_line_that_chooses_orgs_is_told_from_a_name_before_names_are_known(
    text: str, strange: list[str] | None
) -> None:
    assert strange_words(text) == strange


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("emea page 2", ("emea", 2)),
        ("all orgs Page 12", ("all orgs", 12)),
        ("page 3", ("", 3)),
        ("emea", ("emea", 1)),
        ("2", ("2", 1)),
        ("emea page two", ("emea page two", 1)),
        ("emea page ²", ("emea page ²", 1)),
        ("emea page 12345", ("emea page 12345", 1)),
        ("", ("", 1)),
        ("a" + " " * 100_000 + "b", ("a" + " " * 100_000 + "b", 1)),
    ],
)
def test_a_page_is_what_stands_last(text: str, found: tuple[str, int]) -> None:
    assert paged(text) == found
