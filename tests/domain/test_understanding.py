"""What lines mean beside the names of real orgs and the errors of the built-in guidance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain import selection
from bot.domain.command import ASK, TALK, Command, parse
from bot.domain.understanding import understood
from tests.recognition_helpers import MATCHER

ORGS = ["prod", "emea-prod", "uat", "EMEA Full Copy", "acme.com", "Ada's org", "prod 🚀", "größe", "q_a"]


def is_error(text: str) -> bool:
    return bool(MATCHER.recognise(text, asked=True).evidence)


def meaning(text: str, orgs: Sequence[str] = ORGS) -> Command:
    return understood(parse(text), lambda: orgs, is_error)


@pytest.mark.parametrize(
    "text",
    [
        "access token expired",
        "access denied",
        "access denied: user not approved",
        "connect failed: OAUTH_APP_BLOCKED",
        "connect OAUTH_APP_BLOCKED",
        "connect failed",
        "connect invalid_grant",
        "connect error: invalid_client",
        "disconnect failed",
        "grant type not supported",
        "status code 401",
        "remind us: access denied",
        "status 401 unauthorized",
        "status INVALID_SESSION_ID",
        "status of my token",
        "status is invalid_grant",
        "status no response",
        "status 401 unauthorized in production",
        "status page says the sandbox is not ready since the deployment",
        "status: Token Expired",
        "reconnect failed",
        "apps not installed",
        "apps missing",
        "owner not found",
        "rename failed",
        "settings INVALID_SESSION_ID: Session expired or invalid",
        "remind OAUTH_APP_BLOCKED",
        "orgs OAUTH_APP_BLOCKED",
        "guide invalid_client: app must be installed into org",
        "is the build ready?",
        "check the logs",
        "check the deployment",
        "status of the deployment",
        "is it ready?",
        "are we ready?",
        "how do I install the app in prod?",
        "why is prod blocked",
        "who broke prod",
        "the prod deployment failed",
        "prod says invalid_grant",
        "lunch?",
        "what is uatx",
    ],
)
def test_what_only_sounds_like_a_command_is_a_question_or_an_error(text: str) -> None:
    assert meaning(text).verb == ASK
    assert meaning(text).rest == text


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("prod", "prod"),
        ("Prod", "prod"),
        ("PROD!", "prod"),
        ("prod?", "prod"),
        ("prod.", "prod"),
        ("`prod`", "prod"),
        ("*prod*", "prod"),
        ("_prod_", "prod"),
        ('"prod"', "prod"),
        ("'prod'", "prod"),
        ("“prod”", "prod"),
        ("„prod“", "prod"),
        ("«prod»", "prod"),
        ("‘prod’?", "prod"),
        ("(prod)", "prod"),
        ("#prod", "prod"),
        ("prod :pray:", "prod"),
        ("prod 🙏", "prod"),
        ("hey, prod please", "prod"),
        ("is prod ready?", "prod"),
        ("is “prod” ready", "prod"),
        ("Is prod OK now?", "prod"),
        ("check prod", "prod"),
        ("Check prod now", "prod"),
        ("please check prod again", "prod"),
        ("can you check prod for me?", "prod"),
        ("status of prod", "prod"),
        ("status of the prod org, please", "prod"),
        ("status `prod`", "prod"),
        ("status “prod”", "prod"),
        ("status prod?", "prod"),
        ("status: prod", "prod"),
        ("Status, prod!", "prod"),
        ("/status prod", "prod"),
        ("status prod please", "prod"),
        ("status for prod", "prod"),
        ("prod status", "prod"),
        ("prod's status", "prod"),
        ("what’s the status of prod?", "prod"),
        ("how is prod doing?", "prod"),
        ("how's prod", "prod"),
        ("what about prod?", "prod"),
        ("and prod?", "prod"),
        ("what does prod still need?", "prod"),
        ("what is next for prod", "prod"),
        ("are the apps installed in prod?", "prod"),
        ("is prod connected", "prod"),
        ("show me prod", "prod"),
        ("emea-prod", "emea-prod"),
        ("emea–prod", "emea-prod"),
        ("emea prod", "emea-prod"),
        ("is emea-prod ready", "emea-prod"),
        ("status emea prod?", "emea-prod"),
        ("emea full copy", "EMEA Full Copy"),
        ("is EMEA  Full Copy ready?", "EMEA Full Copy"),
        ("status “emea full copy”", "EMEA Full Copy"),
        ("status of emea-full-copy", "EMEA Full Copy"),
        ("http://acme.com", "acme.com"),
        ("is http://acme.com ready?", "acme.com"),
        ("is acme.com ready?", "acme.com"),
        ("Ada's org", "Ada's org"),
        ("Ada’s org?", "Ada's org"),
        ("status prod 🚀", "prod 🚀"),
        ("is prod 🚀 ready?", "prod 🚀"),
        ("is GRÖSSE ready?", "größe"),
        ("check qa", "q_a"),
    ],
)
def test_an_org_is_asked_about_in_anybodys_words(text: str, org: str) -> None:
    found = meaning(text)

    assert (found.verb, found.rest.strip(" ?!“”`")) == ("status", org) or (found.verb, found.rest.casefold()) == (
        "status",
        org.casefold(),
    )


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("check all", Command("status", "all")),
        ("status all orgs", Command("status", "all")),
        ("status of all orgs", Command("status", "all")),
        ("are all orgs ready?", Command("status", "all")),
        ("how are our orgs?", Command("status", "all")),
        ("reconnect prod", Command("connect", "prod")),
        ("Reconnect “prod”, please", Command("connect", "prod")),
        ("connect prod again", Command("connect", "prod")),
        ("connect to prod", Command("connect", "prod")),
        ("connect emea full copy acme", Command("connect", "EMEA Full Copy acme")),
        ("connect brand-new", Command("connect", "brand-new")),
        ("connect brand-new acme", Command("connect", "brand-new acme")),
        (
            "connect emea https://acme--uat.sandbox.lightning.force.com/lightning",
            Command("connect", "emea https://acme--uat.sandbox.lightning.force.com/lightning"),
        ),
        ("disconnect `prod`", Command("disconnect", "prod")),
        ("disconnect from prod", Command("disconnect", "prod")),
        ("disconnect prod yes", Command("disconnect", "prod yes")),
        ("rename “prod” live", Command("rename", "prod live")),
        ("apps of prod", Command("apps", "prod")),
        ("apps 'emea full copy' both", Command("apps", "EMEA Full Copy both")),
        ("owner of prod?", Command("owner", "prod")),
        ("owner `prod` <@U1>", Command("owner", "prod <@U1>")),
        ("status prdo", Command("status", "prdo")),
        ("settings quiet", Command("settings", "quiet")),
    ],
)
def test_commands_hold_the_name_as_it_is_written(text: str, command: Command) -> None:
    assert meaning(text) == command


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("status code 401", "code 401"),
        ("access denied", "access denied"),
        ("is the build ready?", "the build"),
        ("is the build ready?", "build"),
        ("check the logs", "logs"),
        ("status of my token", "my token"),
        ("hello", "hello"),
        ("status status", "status"),
        ("check ready", "ready"),
        ("is it ready?", "it"),
    ],
)
def test_the_names_of_real_orgs_decide(text: str, org: str) -> None:
    assert meaning(text, [org]) == Command("status", org)
    assert meaning(text, []) != Command("status", org) or text == f"status {org}"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("status all but prod", "all but prod"),
        ("status all except prod and uat", "all but prod or uat"),
        ("status all orgs except for uat, qa", "all but uat or qa"),
        ("status everything but uat?", "all but uat"),
        ("check all except prod", "all but prod"),
        ("how are all orgs except prod", "all but prod"),
        ("status prod, uat and all but the kitchen", ""),
        ("status all but the kitchen", ""),
        ("everything works but prod", ""),
    ],
)
def test_all_but_some_are_the_others(text: str, rest: str) -> None:
    found = meaning(text, ["prod", "uat", "qa"])

    assert (found == Command("status", rest)) is bool(rest)
    assert rest or found.rest != "all"


@pytest.mark.parametrize("verb", ["status", "orgs"])
@pytest.mark.parametrize("joint", [", ", " or ", " and "])
@pytest.mark.parametrize("behind", ["", " page 2"])
def test_many_orgs_are_named_in_a_line(verb: str, joint: str, behind: str) -> None:
    many = [f"org-{number}" for number in range(40)]
    found = meaning(f"{verb} {joint.join(many)}{behind}", many)

    assert found.verb == verb
    assert selection.read(selection.paged(found.rest)[0], many) == selection.Selection(
        groups=(selection.Group((), tuple(many)),)
    )
    assert found.rest.endswith(behind)


def test_whoever_asks_about_themselves_is_asked_about_in_an_org_of_any_name() -> None:
    assert meaning("access code 401 me", ["code 401"]) == Command("access", "code 401 me")


@pytest.mark.parametrize("text", ["can you test it?", "thanks for the test", "is it done"])
def test_an_org_that_is_called_like_a_small_word_is_not_found_in_any_sentence(text: str) -> None:
    assert meaning(text, ["test", "done"]).verb in (ASK, TALK)


def test_the_names_are_not_read_where_nothing_depends_on_them() -> None:
    def read() -> Sequence[str]:
        raise AssertionError("the names of orgs were read")

    for text in ("status prod", "status all", "orgs", "help", "remind monday 9:00", "disconnect prod yes", "x " * 200):
        understood(parse(text), read, is_error)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("do I have access to uat?", Command("access", "uat me")),
        ("am I allowed to log in to prod", Command("access", "prod me")),
        ("can <@U0BEN|ben> log in to the prod org?", Command("access", "prod <@U0BEN|ben>")),
        ("does ben have access to prod", Command("access", "prod ben")),
        ("who has access to EMEA Full Copy?", Command("status", "EMEA Full Copy details")),
        ("who can log in to uat", Command("status", "uat details")),
        ("who installed the app in prod?", Command("status", "prod details")),
        ("who is responsible for uat", Command("owner", "uat")),
        ("who can help me with uat?", Command("owner", "uat")),
        ("whom do I ask about uat", Command("owner", "uat")),
        ("when was prod last checked?", Command("status", "prod")),
        ("when will uat be ready", Command("status", "uat")),
        ("how do I fix emea-prod?", Command("status", "emea-prod steps")),
        ("list all orgs that are not ready", Command("status", "not ready")),
        ("status prod detials", Command("status", "prod details")),
        ("status uat stpes", Command("status", "uat steps")),
        ("when is the next digest?", Command("remind")),
    ],
)
def test_what_a_verb_answers_may_be_asked(text: str, command: Command) -> None:
    assert meaning(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "who has access to the app?",
        "can everybody log in to prod?",
        "can I log in to salesforce?",
        "fix the build",
        "when will lunch be ready?",
        "do I have access to prod after the restriction came?",
        "who can log in to prod: OAUTH_APP_BLOCKED",
    ],
)
def test_and_what_none_answers_stays_a_question(text: str) -> None:
    assert meaning(text).verb == ASK


@pytest.mark.parametrize("text", ["prod and uat", "is prod or uat ready?", "prod, uat?"])
def test_of_several_orgs_none_is_left_out(text: str) -> None:
    assert meaning(text) == Command("status", "prod or uat")


def test_what_is_not_asked_of_several_orgs_is_a_question() -> None:
    assert meaning("compare prod with uat").verb == ASK


TAGS = ["emea", "blocked", "critical"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("status emea", Command("status", "emea")),
        ("status blocked", Command("status", "blocked")),
        ("status of the emea orgs", Command("status", "emea")),
        ("status not ready sandboxes", Command("status", "not ready sandboxes")),
        ("status emea critical not ready sandboxes", Command("status", "emea critical not ready sandboxes")),
        ("status emea not ready page 2", Command("status", "emea not ready page 2")),
        ("status prod, uat", Command("status", "prod or uat")),
        ("orgs emea or blocked not ready page 3", Command("orgs", "emea or blocked not ready page 3")),
        ("orgs blocked", Command("orgs", "blocked")),
        ("are the emea orgs ready?", Command("status", "emea")),
        ("is emea ready?", Command("status", "emea")),
        ("emea", Command("status", "emea")),
        ("which emea orgs are not ready", Command("status", "emea not ready")),
        ("check all sandboxes", Command("status", "sandboxes")),
        ("is emea-prod ready?", Command("status", "emea-prod")),
        ("tags", Command("tag", "")),
        ("tags prod", Command("tag", "prod")),
        ("tags of prod", Command("tag", "prod")),
        ("untag prod emea", Command("tag", "prod emea off")),
        ("tag “prod” emea", Command("tag", "prod emea")),
        ("tag emea full copy a b c d e", Command("tag", "EMEA Full Copy a b c d e")),
    ],
)
def test_tags_are_meant_like_orgs(text: str, command: Command) -> None:
    assert understood(parse(text), lambda: ORGS, is_error, lambda: TAGS) == command


@pytest.mark.parametrize("text", ["who broke emea", "the emea deployment failed", "app blocked by admin"])
def test_a_word_that_is_a_tag_is_not_found_in_any_sentence(text: str) -> None:
    assert understood(parse(text), lambda: ORGS, is_error, lambda: TAGS).verb == ASK


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("hi all\nwe deployed the new version\nis prod ready?", "prod"),
        ("Question: is uat ready?\nThanks, Eva", "uat"),
        ("*Summary*: is uat ready?\n*From*: Eva", "uat"),
        ("is uat ready?\nwho knows?", None),
        ("we get OAUTH_APP_BLOCKED\nis prod ready?", None),
        ("we deployed\nis the build ready?", None),
        ("we deployed to prod\ndid it work for you?", None),
        ("we are done with it\ndisconnect prod?", None),
    ],
)
def test_one_line_that_asks_about_an_org_is_enough(text: str, org: str | None) -> None:
    assert meaning(text) == (Command(ASK, text) if org is None else Command("status", org))


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("why isn't uat ready", "uat"),
        ("isn’t uat ready yet?", "uat"),
        ("why doesnt uat work?", "uat"),
        ("uat won't work", "uat"),
        ("which orgs aren't ready?", "not ready"),
        ("which orgs won't be ready?", "not ready"),
        ("don't check uat", ""),
        ("uat doesn't deploy the package", ""),
    ],
)
def test_a_not_that_is_joined_to_a_verb_is_a_small_word_in_a_question(text: str, rest: str) -> None:
    assert (meaning(text, ["prod", "uat"]) == Command("status", rest)) is bool(rest)
