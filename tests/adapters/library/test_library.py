"""Guidance files: what a team may add and override, and how a mistake is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters import library
from bot.adapters.library import load
from bot.adapters.library.yaml_nodes import GuidanceError, parse
from bot.domain.conversations.entry_reply import About, guidance_buttons
from bot.domain.errors import OperatorError
from bot.domain.orgs.setup_links import PAGES
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import Context, Guidance
from bot.domain.recognition.matcher import Matcher
from tests.store_helpers import PROD

OWN_ERROR = """
errors:
  - id: our-gateway
    topic: ip-restricted
    title: Our gateway is not on the list
    cause: The CRM gateway refuses the caller.
    steps:
      - Ask in **#crm-help**.
      - use: refresh-token
    who: The platform team.
    source: Our runbook
    signs:
      - crm gateway says no
"""


def _load(tmp_path: Path, **files: str) -> tuple[Guidance, tuple[str, ...]]:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return load(tmp_path)


def _entry(guidance: Guidance, entry_id: str) -> Entry:
    entry = guidance.entry(entry_id)
    assert entry is not None
    return entry


def test_the_built_in_guidance_holds_no_mistake() -> None:
    guidance, mistakes = load()

    assert mistakes == ()
    assert len(guidance.entries) > 60


def test_a_teams_own_error_is_found_by_its_pattern(tmp_path: Path) -> None:
    guidance, mistakes = _load(tmp_path, ours=OWN_ERROR)

    found = Matcher(guidance).recognise("ERROR: CRM gateway says no", asked=False).entry

    assert mistakes == ()
    assert found is not None
    assert found.steps[0] == "Ask in **#crm-help**."
    assert "**Update Token**" in found.steps[1]


def test_a_pattern_may_name_a_concept_and_a_team_may_add_words_to_it(tmp_path: Path) -> None:
    own = "concepts:\n  expired: [went stale again]\n  gateway: [crm gateway, relay]\n"
    guidance, mistakes = _load(tmp_path, ours=own + OWN_ERROR.replace("crm gateway says no", "<gateway> .. says no"))
    matcher = Matcher(guidance)

    relay = matcher.recognise("the relay now says no", asked=False).entry
    token = matcher.recognise("our Salesforce token went stale again", asked=False).entry

    assert mistakes == ()
    assert relay is not None
    assert relay.id == "our-gateway"
    assert token is not None
    assert token.topic == "token-expired-or-revoked"


def test_the_context_may_name_a_concept_wherever_in_the_file_that_stands(tmp_path: Path) -> None:
    own = "context:\n  others: [<relay> says]\nconcepts:\n  relay: [acme relay, acme gate]\n"
    guidance, mistakes = _load(tmp_path, ours=own)

    assert mistakes == ()
    assert Matcher(guidance).recognise("Acme gate says the user is locked", asked=True).entry is None


def test_a_concept_that_the_context_names_and_nobody_wrote_is_a_mistake(tmp_path: Path) -> None:
    _, mistakes = _load(tmp_path, ours="context:\n  others: [<tokem> says]\n")

    assert mistakes == ("ours.yml, line 2: there is no concept tokem; token is meant, perhaps",)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (OWN_ERROR.replace("crm gateway", "<tokem>"), "line 13: there is no concept tokem; token is meant, perhaps"),
        ("concepts: [token]\n", "line 1: write names here, each with a colon and a list"),
        ("concepts:\n  token: stale\n", "line 2: write a list here"),
    ],
)
def test_a_mistake_in_a_concept_is_told_with_its_line(tmp_path: Path, text: str, mistake: str) -> None:
    guidance, mistakes = _load(tmp_path, ours=text)

    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"ours.yml, {mistake}")
    assert guidance.entry("our-gateway") is None
    assert guidance.entry("session-expired") is not None


def test_a_team_overrides_single_fields_of_an_entry(tmp_path: Path) -> None:
    guidance, mistakes = _load(
        tmp_path, ours="errors:\n  - id: app-blocked\n    who: The platform team; ask in \\#crm-help.\n"
    )

    entry = _entry(guidance, "app-blocked")

    assert mistakes == ()
    assert entry.who.startswith("The platform team")
    assert entry.steps == _entry(load()[0], "app-blocked").steps


def test_an_overridden_section_changes_the_errors_that_point_to_it(tmp_path: Path) -> None:
    guidance, _ = _load(tmp_path, ours="sections:\n  - id: install\n    brief:\n      - Ask Ann to install it.\n")

    assert "Ask Ann to install it." in _entry(guidance, "app-must-be-installed").steps


def test_more_words_can_be_taught(tmp_path: Path) -> None:
    guidance, mistakes = _load(tmp_path, ours="context:\n  salesforce:\n    - blue cloud\n")

    assert mistakes == ()
    ours = [pattern.text for pattern in guidance.context if pattern.entry_id == Context.SALESFORCE]
    assert "blue cloud" in ours
    assert "salesforce" in ours


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "errors:\n  - id: x\n    tittle: a\n",
            "ours.yml, line 3: there is no field tittle; title is meant, perhaps",
        ),
        (
            "errors:\n  - id: x\n",
            "ours.yml, line 2: the entry x lacks topic, title, cause, steps, who, source; add them",
        ),
        (
            "errors:\n  - topic: app-blocked\n",
            "ours.yml, line 2: this entry has no id; give it a short one of its own",
        ),
        (
            "errors: x\n",
            "ours.yml, line 1: write a list here, each item on a line of its own that begins with a dash",
        ),
        ("errors:\n  - id: [\n", "ours.yml, line 3: this is not YAML"),
        ("eror:\n", "ours.yml, line 1: there is no field eror; errors is meant, perhaps"),
        (
            OWN_ERROR.replace("ip-restricted", "ip-restrictd"),
            "ours.yml, line 4: there is no error topic ip-restrictd",
        ),
        (
            OWN_ERROR.replace("refresh-token", "refresh-tokn"),
            "ours.yml, line 9: there is no section refresh-tokn",
        ),
        (
            OWN_ERROR + "    page: usge\n",
            "ours.yml, line 14: there is no Setup page usge; usage is meant, perhaps",
        ),
        (OWN_ERROR + "    depth: 9\n", "ours.yml, line 14: write a whole number from 1 to 4 here, not 9"),
        (OWN_ERROR.replace("crm gateway says no", "x y"), "ours.yml, line 13: the sign x y is too short"),
        (OWN_ERROR + "    title: again\n", "ours.yml, line 14: the field title stands here twice; keep one"),
        (
            "sections:\n  - id: app-blocked\n",
            "ours.yml, line 2: app-blocked is the id of another kind of entry; choose another id",
        ),
        (
            "errors:\n  - id: app-blocked\n    asks_for_url: maybe\n",
            "ours.yml, line 3: write true or false here, not maybe",
        ),
        ("errors:\n  - id: a\x01b\n", "ours.yml, line 1: this is not YAML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_fix_and_costs_only_itself(
    tmp_path: Path, text: str, mistake: str
) -> None:
    guidance, mistakes = _load(tmp_path, ours=text, good=OWN_ERROR.replace("our-gateway", "good-gateway"))

    assert len(mistakes) == 1, mistakes
    assert mistakes[0].startswith(mistake)
    assert guidance.entry("good-gateway") is not None
    assert _entry(guidance, "app-blocked") == _entry(load()[0], "app-blocked")


def test_an_override_with_a_mistake_leaves_the_built_in_entry(tmp_path: Path) -> None:
    guidance, mistakes = _load(tmp_path, ours="errors:\n  - id: app-blocked\n    page: nowhere\n    who: Ann\n")

    assert len(mistakes) == 1
    assert _entry(guidance, "app-blocked") == _entry(load()[0], "app-blocked")
    assert Matcher(guidance).recognise("OAUTH_APP_BLOCKED", asked=False).entry is not None


def test_the_same_id_twice_in_one_file_is_a_mistake(tmp_path: Path) -> None:
    _, mistakes = _load(tmp_path, ours=OWN_ERROR + OWN_ERROR.replace("errors:\n", "").lstrip("\n"))

    assert mistakes == ("ours.yml, line 14: the id our-gateway stands in this file twice; give one another id",)


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    guidance, mistakes = load(tmp_path / "nowhere")

    assert mistakes == (f"{tmp_path / 'nowhere'}: there is no such directory; correct FLOSUM_GUIDANCE_DIR",)
    assert guidance.entries == load()[0].entries


def test_a_file_that_is_no_text_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_bytes(b"\xff\xfe\x00errors")

    guidance, mistakes = _load(tmp_path, ours=OWN_ERROR)

    assert mistakes == ("broken.yml: the file is saved as UTF-16; save it as UTF-8",)
    assert guidance.entry("our-gateway") is not None


def test_an_empty_file_is_no_mistake(tmp_path: Path) -> None:
    assert _load(tmp_path, ours="# nothing yet\n")[1] == ()


def test_files_that_are_not_yaml_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("errors: none", encoding="utf-8")

    assert load(tmp_path)[1] == ()


def test_a_mistake_in_the_built_in_guidance_is_the_operators_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_BUILT_IN", ("guide.yml", "guide.yml", "errors.yml"))
    monkeypatch.setattr(library, "_KINDS", {"sections": Kind.ERROR, "errors": Kind.ERROR})

    with pytest.raises(OperatorError, match=r"guide\.yml, line \d+"):
        load()


def test_the_pure_python_loader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    expected = load()
    monkeypatch.setattr("bot.adapters.library.yaml_nodes._Loader", yaml.SafeLoader)

    assert load() == expected


def test_a_mistake_carries_its_place() -> None:
    content = parse("f", "errors:\n  - x\n")
    assert content is not None
    first = next(content.fields(("errors",))["errors"].items())

    with pytest.raises(GuidanceError, match="f, line 2: write fields here"):
        first.fields(("id",))


@pytest.mark.parametrize("phrase", ["so that", "the", "your app|so the"])
def test_a_phrase_of_filler_words_is_a_mistake_of_its_line(tmp_path: Path, phrase: str) -> None:
    _, mistakes = _load(tmp_path, ours=f"context:\n  foreign:\n    - coming with the spring release\n    - {phrase}\n")

    assert len(mistakes) == 1
    assert mistakes[0].startswith("ours.yml, line 4: ")
    assert "filler words" in mistakes[0]


def test_a_team_words_the_step_that_an_org_is_told(tmp_path: Path) -> None:
    guidance, mistakes = _load(tmp_path, ours="sections:\n  - id: refresh-token\n    step: Ask Ann about {app}.\n")

    assert mistakes == ()
    assert guidance.article == {**load()[0].article, "refresh-token": "Ask Ann about {app}."}


@pytest.mark.parametrize("step", ["'Ask about {org}.'", "'Ask about {app.'", "'{}'"])
def test_a_step_with_other_braces_is_a_mistake_and_the_built_in_one_stays(tmp_path: Path, step: str) -> None:
    guidance, mistakes = _load(tmp_path, ours=f"sections:\n  - id: install\n    step: {step}\n")

    assert mistakes == ("ours.yml, line 3: only {app} stands for something here; write the rest without braces",)
    assert guidance.article == load()[0].article


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_a_file_may_name_has_its_address(tmp_path: Path, page: str) -> None:
    guidance, mistakes = _load(tmp_path, ours=OWN_ERROR + f"    page: {page}\n")

    buttons = guidance_buttons(_entry(guidance, "our-gateway"), About(PROD, [PROD]))

    assert mistakes == ()
    assert [button.url for button in buttons if button.url] == [f"https://{PROD.host}{PAGES[page]}"]


MANY = "|".join(f"word{number}" for number in range(23))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (OWN_ERROR.replace("crm gateway says no", f"{MANY} {MANY}"), 13),
        (OWN_ERROR.replace("crm gateway says no", f"gateway .. {MANY} {MANY}"), 13),
        (f"context:\n  foreign:\n    - {MANY} {MANY}\n", 3),
    ],
)
def test_a_pattern_with_too_many_alternatives_is_a_mistake_of_its_line(tmp_path: Path, text: str, line: int) -> None:
    guidance, mistakes = _load(tmp_path, ours=text)

    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"ours.yml, line {line}: the alternatives of ")
    assert mistakes[0].endswith(" make 529 readings, and 512 is the most; write fewer of them, or several patterns")
    assert guidance.patterns == load()[0].patterns
    assert guidance.context == load()[0].context


def test_of_the_most_alternatives_that_are_allowed_none_is_lost(tmp_path: Path) -> None:
    words = " ".join(["a|b"] * 9)
    guidance, mistakes = _load(tmp_path, ours=OWN_ERROR.replace("crm gateway says no", f"{words} gateway"))

    assert mistakes == ()
    assert Matcher(guidance).recognise("ERROR: b b b b b b b b b gateway", asked=True).entry == _entry(
        guidance, "our-gateway"
    )


def test_a_concept_that_grows_too_large_leaves_the_entries_that_use_it_as_built_in(tmp_path: Path) -> None:
    words = ", ".join(f"word{number}" for number in range(1_100))
    guidance, mistakes = _load(tmp_path, ours=f"concepts:\n  token: [{words}]\n")

    assert mistakes
    assert all("<token>" in mistake for mistake in mistakes)
    assert guidance.entries == load()[0].entries
    assert Matcher(guidance).recognise("our Salesforce token has expired", asked=True).entry is not None


def _question_file(name: str) -> Callable[[Path], None]:
    def make(beside: Path) -> None:
        (beside.parent / "asked").mkdir()
        (beside.parent / "asked" / name).write_text("how do I install it")

    return make


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (os.mkfifo, "own.yml: that is no file"),
        (lambda path: path.mkdir(), "own.yml: the file cannot be read (Is a directory)"),
        (lambda path: path.symlink_to("gone"), "own.yml: the file cannot be read (No such file or directory)"),
        (lambda path: (path.parent / "asked").touch(), "asked: the folder cannot be read (Not a directory)"),
        (_question_file("install.md"), "asked/install.md: it is not read; a file of questions ends in .txt"),
        (_question_file("nobody.txt"), "asked/nobody.txt: no entry has this id; name the file after one of "),
        (_question_file(".install.md.swp"), None),
        (_question_file("install.txt~"), None),
    ],
)
def test_what_is_no_file_of_guidance_is_told(tmp_path: Path, made: Callable[[Path], None], said: str | None) -> None:
    made(tmp_path / "own.yml")

    _, mistakes = load(tmp_path)

    assert [mistake[: len(said or "")] for mistake in mistakes] == ([said] if said else [])


def test_a_folder_that_may_not_be_listed_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)  # as root, one may

    _, mistakes = load(tmp_path)

    assert mistakes == (f"{tmp_path}: the folder cannot be read (Permission denied); let the bot's user read it",)
