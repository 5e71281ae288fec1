"""Which name a text asks about that no org has."""

from __future__ import annotations

import pytest

from bot.domain.name_lists import listed_names, several_leading, strange_second
from bot.domain.org_questions import asked_about, unknown_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("check staging", "staging"),
        ("Check `staging` please", "staging"),
        ("can you check on staging for me?", "staging"),
        ("show staging", "staging"),
        ("show me the staging org", "staging"),
        ("how is staging?", "staging"),
        ("how’s staging doing", "staging"),
        ("how is emea-2 today?", "emea-2"),
        ("how is Nowhere-Prod", "Nowhere-Prod"),
        ("check `ACME`, please", "ACME"),
        ("show me the Zürich org", "Zürich"),
        ("is Nowhere ready?", "Nowhere"),
        ("is the staging org ready yet?", "staging"),
        ("is staging up", "staging"),
        ("what about staging?", "staging"),
        ("status of Staging", "Staging"),
        ("staging status", "staging"),
        ("is the build ready?", ""),
        ("is it ready?", ""),
        ("is anyone ready", ""),
        ("is slack down?", ""),
        ("status of my token", ""),
        ("what about the weather", ""),
        ("token status", ""),
        ("check the build", ""),
        ("how is the weather?", ""),
        ("how is everyone?", ""),
        ("show settings", ""),
        ("check", ""),
        ("show me everything", ""),
        ("how is it", ""),
        ("check 401", ""),
        ("how do I install the app?", ""),
        ("check staging before the deployment", ""),
        ("check staging\nerror=invalid_grant", ""),
    ],
)
def test_a_name_that_is_asked_about_is_told_from_anything_else(text: str, name: str) -> None:
    assert unknown_name(text) == name


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("uat, prod 7", (["uat", "prod"], "7")),
        ("uat AND prod until friday, holidays", (["uat", "prod"], "until friday, holidays")),
        ("the “uat”; prod & r and d", (["uat", "prod", "r and d"], "")),
        ("uat/prod", (["uat", "prod"], "")),
        ("prod, uat and nowhere", (["prod", "uat"], "nowhere")),
        ("uat, uat 7", (["uat"], "7")),
        ("uat, holidays 7", None),
        ("uat for prod and r and d", None),
        ("r and d, uat 7", None),
        ("uat prod", None),
    ],
)
def test_a_text_may_begin_with_several_names(text: str, several: tuple[list[str], str] | None) -> None:
    assert several_leading(text, ["prod", "uat", "r and d"]) == several


@pytest.mark.parametrize(
    ("text", "known", "strange"),
    [
        ("prod and nowhere", ["prod"], ["nowhere"]),
        ("prod, UAT and nowhere", ["prod", "uat"], ["nowhere"]),
        ("prod, uat, and nowhere", ["prod", "uat"], ["nowhere"]),
        ("nowhere", [], []),
        ("prod and the build is red", [], []),
        ("nowhere and elsewhere", [], []),
    ],
)
def test_a_list_of_names_holds_those_that_there_are_and_others(text: str, known: list[str], strange: list[str]) -> None:
    assert listed_names(text, ["prod", "uat"]) == (known, strange)


@pytest.mark.parametrize(
    "text",
    [
        "ist prod bereit?",
        "wie ist der Stand von prod?",
        "prod geht nicht",
        "est-ce que prod est prêt ?",
        "où en est prod ?",
        "¿está listo prod?",
        "qual o estado de prod",
        "come sta prod?",
        "hoe staat het met prod?",
        "är prod redo?",
        "czy prod jest gotowy?",
        "статус prod",
        "prod готов?",
        "prod hazır mı?",
        "prod 准备好了吗",
        "prod の状態は？",
        "prod 상태는?",
    ],
)
def test_an_org_is_asked_about_in_other_languages(text: str) -> None:
    assert asked_about(text, ["prod", "uat"]) == ("prod",)


@pytest.mark.parametrize("text", ["das ist das", "hat der Kunde prod gelöscht?", "prod est en panne", "es geht los"])
def test_what_says_more_in_another_language_asks_about_none(text: str) -> None:
    assert asked_about(text, ["prod", "uat"]) == ()


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("prod, qa2 now", ("prod", "qa2", "now")),
        ("prod /", None),
        ("prod,", None),
        ("prod + ", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_second_name_is_strange_where_there_is_one(text: str, second: tuple[str, str, str] | None) -> None:
    assert strange_second(text, ["prod"]) == second
