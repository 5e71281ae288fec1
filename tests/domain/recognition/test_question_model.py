"""Questions answered by the trained model, and by a team's own sample questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.library import load
from bot.adapters.library.sample_questions import read_sample_questions
from bot.domain.recognition.guidance import AROUND_TOPICS, ARTICLE_TOPICS, SECTION_TOPICS
from bot.domain.recognition.linear import LinearModel
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import Family, Meaning, QuestionModel, SampleQuestion
from tests.paths import ROOT
from tests.recognition_helpers import GUIDANCE, topic

ENTRY_IDS = [entry.id for entry in GUIDANCE.entries]
SAMPLES = read_sample_questions(ROOT / "bot" / "guidance" / "asked", ENTRY_IDS)[0]
INSTALL, UNBLOCK, NEITHER = Meaning(Family.ASKS, "install"), Meaning(Family.ASKS, "unblock"), Meaning(Family.NEITHER)
FEW = QuestionModel(
    {
        INSTALL: LinearModel({"install": 25.0, "c:inst": 1.0}),
        UNBLOCK: LinearModel({"unblock": 25.0}),
        NEITHER: LinearModel({"u1": 2.0, "u2": 2.0}, bias=0.5),
    },
    known=frozenset(("how", "install", "unblock", "app")),
)


def likely(text: str) -> dict[Meaning, float]:
    return FEW.probabilities(text, ())


def test_the_words_of_a_question_speak_for_their_section() -> None:
    found = likely("who unblocked this app?")

    assert max(found, key=lambda meaning: found[meaning]) == UNBLOCK


def test_words_that_the_guide_does_not_know_speak_for_none_of_its_sections() -> None:
    found = likely("cost of licences")

    assert max(found, key=lambda meaning: found[meaning]) == NEITHER


@given(st.text(max_size=200))
def test_the_probabilities_of_any_text_sum_to_one(text: str) -> None:
    probabilities = likely(text)

    assert set(probabilities) == {INSTALL, UNBLOCK, NEITHER}
    assert sum(probabilities.values()) == pytest.approx(1)


def test_the_share_of_a_topic_goes_to_its_entries_by_their_words() -> None:
    expired, by_policy = Meaning(Family.TELLS, "expired"), Meaning(Family.TELLS, "by-policy")
    finer = {expired: {expired: LinearModel({"admin": -25.0}), by_policy: LinearModel({"admin": 25.0})}}
    model = QuestionModel({expired: LinearModel({"token": 250.0}), NEITHER: LinearModel({"x": 1.0})}, finer=finer)

    found = model.probabilities("admin token", ())

    assert set(found) == {expired, by_policy, NEITHER}
    assert sum(found.values()) == pytest.approx(1)
    assert found[by_policy] > 0.9
    assert sum(model.probabilities("the token", ()).values()) == pytest.approx(1)


def test_without_training_nothing_is_said() -> None:
    assert QuestionModel().probabilities("how do I install it", ()) == {}


def test_every_section_was_trained() -> None:
    asked = {meaning.entry_id for meaning in GUIDANCE.load_questions().meanings if meaning.family is Family.ASKS}

    assert asked >= set(SECTION_TOPICS)


def test_every_meaning_is_an_entry_of_the_guidance() -> None:
    model = GUIDANCE.load_questions()
    meant = [meaning for meaning in model.meanings if meaning != NEITHER]
    meant += [meaning for parts in model.finer.values() for meaning in parts]

    assert {meaning.entry_id for meaning in meant} <= set(ENTRY_IDS)
    assert set(model.finer) <= set(model.meanings)


def test_every_section_and_what_the_guide_leaves_out_have_samples() -> None:
    counted = {section: sum(sample.entry_id == section for sample in SAMPLES) for section in SECTION_TOPICS}

    assert min(counted[section] for section in ARTICLE_TOPICS) >= 100
    assert min(counted[section] for section in AROUND_TOPICS) >= 30
    assert sum(sample.entry_id is None for sample in SAMPLES) >= 800


def test_no_sample_stands_in_two_files() -> None:
    texts = [sample.text.casefold() for sample in SAMPLES]

    assert sorted({text for text in texts if texts.count(text) > 1}) == []


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("the auditors ask how one sees that the installation of the app succeeded", "confirm-installed"),
        ("half of the crew sits on one profile, I want the app for those people", "grant-profile"),
        ("is it dangerous to leave everyone free to sign up to the app by themselves?", "permitted-users"),
        ("security pressed the block button by mistake, take it back please", "unblock"),
        ("in which corner of flosum can I read whether our org's token lives", "token-valid"),
        ("what hosts of flosum shall the proxy team open", "flosum-addresses"),
        ("flosum's package is inside the org already, is the connected app then needed too?", "native-package"),
        ("whose salesforce login does flosum want, and with which permissions", "flosum-user"),
    ],
)
def test_a_question_without_any_known_pattern_finds_its_section(question: str, section: str) -> None:
    assert topic(question, asked=True) == section


@pytest.mark.parametrize(
    "question",
    ["what does Flosum cost", "how do I upgrade the flosum managed package", "which IP addresses does Fivetran use?"],
)
def test_what_the_guide_leaves_out_of_flosum_gets_no_section(question: str) -> None:
    assert topic(question, asked=True) == "none"


def test_a_folder_of_samples_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "install.txt").write_text("where do I get it\n\n  put it in  \n", encoding="utf-8")
    (tmp_path / "none.txt").write_text("what is for lunch\n", encoding="utf-8")
    (tmp_path / "instal.txt").write_text("how\n", encoding="utf-8")
    (tmp_path / "why.txt").write_bytes(b"\xff\xfe\x00")

    samples, mistakes = read_sample_questions(tmp_path, ENTRY_IDS)

    assert samples == [
        SampleQuestion("install", "where do I get it"),
        SampleQuestion("install", "put it in"),
        SampleQuestion(None, "what is for lunch"),
    ]
    assert [mistake.split(":")[0] for mistake in mistakes] == ["asked/instal.txt", "asked/why.txt"]
    assert "name the file after one of why, check-installed" in mistakes[0]


def test_a_team_adds_the_questions_of_its_own_people(tmp_path: Path) -> None:
    question = "wann kommt das blaue Ding in meine Org"
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "install.txt").write_text(f"{question}\n" * 3, encoding="utf-8")

    guidance, mistakes = load(tmp_path)

    assert mistakes == ()
    entry = Matcher(guidance).recognise(question, asked=True).entry
    assert entry is not None
    assert entry.topic == "install"


def test_a_teams_question_may_lead_to_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(
        """
        errors:
          - id: acme-vpn
            topic: other-salesforce-auth
            title: The VPN of Acme is off
            cause: Salesforce takes logins from Acme's VPN alone.
            steps: [Turn the VPN on.]
            who: you
            source: Acme's wiki
            page: null
            common_signs: [zebra tunnel collapsed]
        """,
        encoding="utf-8",
    )
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "acme-vpn.txt").write_text("do I need the zebra for logging in\n", encoding="utf-8")

    guidance, mistakes = load(tmp_path)

    assert mistakes == ()
    for text in ("do I need the zebra for logging in?", "Salesforce login fails: zebra tunnel collapsed"):
        found = Matcher(guidance).recognise(text, asked=True)
        assert (found.entry and found.entry.id, found.is_guess) == ("acme-vpn", False)


@pytest.mark.parametrize(
    "chatter",
    ["they talk a lot and nothing changes", "is this some kind of joke again?", "could you show me an example of that"],
)
def test_chatter_that_names_nothing_of_salesforces_gets_no_section(chatter: str) -> None:
    assert topic(chatter, asked=True) == "none"


def test_a_mistake_in_a_teams_samples_is_told_and_takes_nothing_down(tmp_path: Path) -> None:
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "installing.txt").write_text("how do we get it\n", encoding="utf-8")

    guidance, mistakes = load(tmp_path)

    assert [mistake.split(":")[0] for mistake in mistakes] == ["asked/installing.txt"]
    assert guidance.own_questions == ()
