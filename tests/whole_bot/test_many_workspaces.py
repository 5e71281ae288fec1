"""Many workspaces: adding the bot, its tokens, leaving again. Real Bolt, real store, HTTP in every direction."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.setting_readers import READERS
from bot.adapters.settings import given
from bot.domain.errors import NotInstalled, OperatorError, SlackRefused
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack import payloads
from bot.sandbox.slack.distribution import GONE
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.user import Delivery
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_scopes
from bot.wiring.parts import utc_now
from bot.wiring.slack_app import ManyWorkspaces
from tests.databases import NewDatabase
from tests.digests import the_digest
from tests.shared_bot import GRID, NORTH, PUBLIC, SOUTH, SharedBot, bot_shared_by

XOXB = "xoxb-"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[SharedBot]:
    """Workspaces that have not added the bot yet."""
    with bot_shared_by(tmp_path, NORTH, SOUTH) as shared_bot:
        yield shared_bot


def methods(shared_bot: SharedBot, name: str) -> list[str]:
    return [call.method for call in shared_bot.workspaces[name].calls]


def slack_connection(shared_bot: SharedBot) -> ManyWorkspaces:
    assert isinstance(shared_bot.bot.slack_connection, ManyWorkspaces)
    return shared_bot.bot.slack_connection


# --- adding --------------------------------------------------------------------------------------------


def test_the_install_link_asks_slack_for_what_the_manifest_says(empty: SharedBot) -> None:
    page = empty.get("/slack/install")

    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}
    assert page.status == 302
    assert set(asked["scope"].split(",")) == set(bot_scopes())
    assert asked["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
    assert page.cookie.endswith(asked["state"])
    assert len(asked["state"]) > 40


def test_a_workspace_that_adds_the_bot_is_answered(empty: SharedBot) -> None:
    page = empty.add(empty.north)

    assert (page.status, "Flosum is in North now" in page.body) == (200, True)
    assert empty.ask(empty.north, "help").text.startswith("I help Salesforce orgs")
    (change,) = empty.bot.store.changes(NORTH.id)
    assert (change.user, change.action) == ("U0YOU", "added Flosum to Slack")


def test_a_workspace_that_has_not_is_told_so(empty: SharedBot) -> None:
    receipt = empty.south.person("ada").command("help")

    assert receipt.acked
    assert "not installed in this workspace" in empty.shown(empty.south)[-1].text


BACK = "/slack/oauth_redirect"


@pytest.mark.parametrize(
    ("part", "instead", "cookie", "reason"),
    [
        ("", "", "", "another browser"),
        ("", "", "slack-app-oauth-state=made-up", "another browser"),
        (BACK, f"{BACK}?error=access_denied&", None, "cancelled"),
        (BACK, f"{BACK}?error=<script>&", None, "no reason that can be read"),
        ("code=", "cod=", None, "no code"),
        ("code=T", "code=X", None, "did not confirm"),
    ],
)
def test_each_refusal_has_its_own_words(
    empty: SharedBot, part: str, instead: str, cookie: str | None, reason: str
) -> None:
    begun = empty.get("/slack/install")
    path = empty.slack.approve(empty.north, begun.location)

    page = empty.get(path.replace(part, instead, 1).replace("&?", "&"), begun.cookie if cookie is None else cookie)

    assert reason in page.body
    assert "<script>" not in page.body
    assert empty.bot.store.installations() == []


def test_a_state_that_is_used_twice_is_refused(empty: SharedBot) -> None:
    begun = empty.get("/slack/install")
    back = empty.slack.approve(empty.north, begun.location)
    assert empty.get(back, begun.cookie).status == 200

    page = empty.get(back, begun.cookie)

    assert (page.status, "used already" in page.body) == (401, True)


def test_of_many_callbacks_with_one_state_exactly_one_goes_through(empty: SharedBot) -> None:
    begun = empty.get("/slack/install")
    state = parse_qs(urlsplit(begun.location).query)["state"][0]
    paths = [f"/slack/oauth_redirect?state={state}&code={empty.north.tokens.new_code('commands')}" for _ in range(200)]

    with ThreadPoolExecutor(64) as pool:
        pages = list(pool.map(lambda path: empty.get(path, begun.cookie), paths))

    assert sorted(page.status for page in pages) == [200] + [401] * 199
    assert len(empty.slack.exchanges) == 1


def test_nothing_of_an_installation_is_kept_in_clear_text_or_logged(empty: SharedBot) -> None:
    empty.north.tokens.rotating = True
    begun = empty.get("/slack/install")
    back = empty.slack.approve(empty.north, begun.location)
    empty.get(back.replace("code=T", "code=X"), begun.cookie)
    empty.add(empty.north)
    empty.ask(empty.north, "help")

    installation = slack_connection(empty).installations.read((None, NORTH.id))
    assert installation is not None
    assert installation.bot_token
    assert installation.bot_refresh_token
    stored = b"".join(path.read_bytes() for path in empty.folder.iterdir() if path.name.startswith("shared.db"))
    for secret in (installation.bot_token, installation.bot_refresh_token, empty.slack.client_secret, XOXB, "xoxe"):
        assert secret.encode() not in stored
        assert secret not in empty.log.getvalue()
    assert parse_qs(urlsplit(back).query)["code"][0] not in empty.log.getvalue()


def test_adding_it_again_replaces_the_token(empty: SharedBot) -> None:
    empty.add(empty.north)
    before = slack_connection(empty).installations.token(NORTH.id)

    empty.add(empty.north)

    assert slack_connection(empty).installations.token(NORTH.id) != before
    assert empty.bot.store.installations() == [(None, NORTH.id)]
    assert empty.ask(empty.north, "help").text


def test_a_command_costs_no_call_of_slack_beyond_its_answer(shared_bot: SharedBot) -> None:
    shared_bot.ask(shared_bot.north, "help")
    before = len(shared_bot.north.calls)

    for _ in range(5):
        shared_bot.ask(shared_bot.north, "help")

    assert [call.method for call in shared_bot.north.calls[before:]] == ["response_url"] * 5


def test_when_the_database_is_gone_slack_is_asked_to_come_again(shared_bot: SharedBot) -> None:
    shared_bot.bot.store.close()
    path = shared_bot.folder / "shared.db"
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    path.write_bytes(b"this is no database" * 400)

    assert shared_bot.north.person("ada").say("error=OAUTH_APP_BLOCKED").status == 500


# --- Enterprise Grid -----------------------------------------------------------------------------------


def test_an_organization_is_served_in_all_its_workspaces_by_one_installation(tmp_path: Path) -> None:
    sister = replace(GRID, id="T0GRID2", name="Grid-two")
    with bot_shared_by(tmp_path, GRID, sister) as shared_bot:
        one, two = shared_bot.workspaces.values()
        page = shared_bot.add(one)
        assert "choose the workspaces" in page.body
        assert shared_bot.bot.store.installations() == [("E0GRID", None)]
        shared_bot.connect(one, ("prod",), "E0GRID")

        assert "prod" in shared_bot.ask(one, "orgs").text
        receipt = two.person("ada").command("orgs")

        assert receipt.acked
        assert "prod" in shared_bot.shown(two)[-1].text


def test_people_and_groups_of_an_organization_are_asked_of_its_workspaces(tmp_path: Path) -> None:
    with bot_shared_by(tmp_path, GRID) as shared_bot:
        (one,) = shared_bot.workspaces.values()
        shared_bot.add(one)

        refused = shared_bot.ask(one, "settings trust @ada", "ben").text
        assert "is for workspace admins. Today that is Ada Lindt." in refused
        assert "@crm-team may change things here now" in shared_bot.ask(one, "settings trust @crm-team").text
        assert "is off" in shared_bot.ask(one, "remind off", "ben").text, "he is in that group"

        listed = ("users.list", "usergroups.list", "usergroups.users.list")
        asked = [call for call in one.calls if call.method in listed]
        assert {call.args.get("team_id") for call in asked} == {GRID.id}
        assert {call.method for call in asked} == set(listed)


def test_a_workspace_without_the_bot_is_told_where_to_add_it(tmp_path: Path) -> None:
    with bot_shared_by(tmp_path, NORTH, replace(GRID, org_wide=False)) as shared_bot:
        for workspace in shared_bot.workspaces.values():
            assert workspace.person("ben").command("status prod").acked

            (told,) = [each.message for each in workspace.log if each.message]
            assert told.audience == "U0BEN"
            assert f"<{PUBLIC}/slack/install|Add Flosum>" in told.text


def test_a_workspace_of_an_organization_may_install_it_for_itself_alone(tmp_path: Path) -> None:
    alone = replace(GRID, org_wide=False)
    with bot_shared_by(tmp_path, alone) as shared_bot:
        (one,) = shared_bot.workspaces.values()
        shared_bot.add(one)
        shared_bot.connect(one, ("prod",))

        assert shared_bot.bot.store.installations() == [("E0GRID", alone.id)]
        assert "prod" in shared_bot.ask(one, "orgs").text
        assert slack_connection(shared_bot).client_for(alone.id).auth_test()["ok"]


# --- tokens that rotate --------------------------------------------------------------------------------


@pytest.fixture
def rotating(empty: SharedBot) -> SharedBot:
    """The north has added the bot, with a token that ends within the hour."""
    empty.north.tokens.rotating, empty.north.tokens.life = True, 3600
    empty.add(empty.north)
    empty.slack.exchanges.clear()  # whoever added it was greeted, with a fresh token
    empty.north.tokens.life = 43_200
    return empty


def refreshes(shared_bot: SharedBot) -> int:
    return sum(1 for call in shared_bot.slack.exchanges if call.args.get("grant_type") == "refresh_token")


def test_a_job_that_nobody_triggered_refreshes_a_token_that_ends_soon(rotating: SharedBot) -> None:
    rotating.connect(rotating.north, ("prod",))
    rotating.remind(rotating.north)
    reminder = the_digest(rotating.bot.store, NORTH.id)
    assert reminder is not None

    rotating.bot.uses.reminders.post_now(reminder)

    assert refreshes(rotating) == 1
    assert rotating.shown(rotating.north)[-1].text.startswith("✅ Flosum apps: the org is ready")
    slack_connection(rotating).client_for(NORTH.id)
    assert refreshes(rotating) == 1


def test_many_at_once_refresh_it_once(rotating: SharedBot) -> None:
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(lambda _: slack_connection(rotating).installations.token(NORTH.id), range(64)))

    assert (refreshes(rotating), len(tokens)) == (1, 1)


def test_two_replicas_refresh_it_once_between_them(tmp_path: Path, postgresql: NewDatabase) -> None:
    with bot_shared_by(tmp_path, NORTH, url=postgresql()) as shared_bot:
        shared_bot.north.tokens.rotating, shared_bot.north.tokens.life = True, 3600
        shared_bot.add(shared_bot.north)
        shared_bot.slack.exchanges.clear()
        shared_bot.north.tokens.life = 43_200
        with CommandLineParts(settings=shared_bot.bot.settings).bot() as replica, ThreadPoolExecutor(16) as pool:
            doors = [shared_bot.bot.slack_connection, replica.slack_connection]
            clients = list(pool.map(lambda number: doors[number % 2].client_for(NORTH.id), range(64)))

        assert (refreshes(shared_bot), len({client.token for client in clients})) == (1, 1)


def test_no_client_outlives_its_token_or_serves_another_workspace(rotating: SharedBot) -> None:
    """Clients are kept by their tokens, so what is kept for one that was rotated or taken away is never found."""
    connection, ends = slack_connection(rotating), timedelta(minutes=5)
    first = connection.client_for(NORTH.id)
    assert connection.client_for(NORTH.id) is first
    rotating.add(rotating.south)
    assert connection.client_for(SOUTH.id).token != first.token

    key = (None, NORTH.id)
    installation = connection.installations.read(key)
    assert installation is not None
    installation.bot_token_expires_at = int((utc_now() + ends).timestamp())
    connection.installations.save(installation)
    second = connection.client_for(NORTH.id)

    assert second.token != first.token
    assert second.auth_test()["team_id"] == NORTH.id
    connection.installations.drop(key)
    with pytest.raises(NotInstalled):
        connection.client_for(NORTH.id)
    assert connection.client_for(SOUTH.id).auth_test()["team_id"] == SOUTH.id


def test_a_command_refreshes_it_too(rotating: SharedBot) -> None:
    assert rotating.ask(rotating.north, "help").text

    assert refreshes(rotating) == 1


def test_a_refresh_that_fails_leaves_the_old_token_in_use(rotating: SharedBot) -> None:
    assert rotating.north.settle()  # whoever added the bot was greeted, with a fresh token
    before = refreshes(rotating)
    rotating.north.tokens.end("x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rotating.slack, "client_secret", "changed")
        first = slack_connection(rotating).installations.token(NORTH.id)
        assert slack_connection(rotating).installations.token(NORTH.id) == first

    assert refreshes(rotating) <= before + 1  # and not for every command


def test_a_token_that_ended_and_cannot_be_refreshed_is_said_to_be_refused(empty: SharedBot) -> None:
    empty.north.tokens.rotating, empty.north.tokens.life = True, 30
    empty.add(empty.north)
    empty.north.tokens.end()

    with pytest.raises(SlackRefused, match="invalid_refresh_token"):
        slack_connection(empty).client_for(NORTH.id)
    # Slack's response_url needs no token; who asks cannot be looked up, so nothing but errors is told of. Ada was
    # looked up when she was greeted.
    assert "Slack does not tell me right now who you are" in empty.ask(empty.north, "help", "ben").text
    assert empty.ask(empty.north, "orgs", "ben").text.startswith("Slack does not tell me right now who you are")


# --- leaving -------------------------------------------------------------------------------------------


def kept(shared_bot: SharedBot, workspace: str) -> object:
    store = shared_bot.bot.store
    return store.orgs(workspace), the_digest(store, workspace), store.changes(workspace), store.trusted(workspace)


@pytest.mark.parametrize("events", [*permutations(GONE), GONE[:1], GONE[1:], GONE * 2])
def test_a_workspace_that_leaves_is_forgotten_at_once_whatever_order_slack_tells_it_in(
    shared_bot: SharedBot, events: tuple[str, ...]
) -> None:
    south = kept(shared_bot, SOUTH.id)

    receipts = shared_bot.slack.uninstall(shared_bot.north, events)

    assert all(receipt.acked for receipt in receipts)
    assert kept(shared_bot, NORTH.id) == ([], None, [], [])
    assert shared_bot.bot.store.installations() == [(None, SOUTH.id)]
    assert kept(shared_bot, SOUTH.id) == south
    assert "qa" in shared_bot.ask(shared_bot.south, "orgs").text
    with pytest.raises(SlackRefused, match="not installed"):
        slack_connection(shared_bot).client_for(NORTH.id)


def test_revoked_tokens_of_people_do_not_end_the_bot(shared_bot: SharedBot) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U0YOU"], "bot": []}}
    body = payloads.event_body(event, "Ev1", int(time.time()), NORTH)

    assert shared_bot.north.person("ada").send(Delivery(json.dumps(body).encode(), "application/json")).acked

    assert len(shared_bot.bot.store.orgs(NORTH.id)) == 3


def test_what_was_under_way_when_a_workspace_left_is_neither_posted_nor_kept(shared_bot: SharedBot) -> None:
    shared_bot.salesforce.break_org("prod", OrgFault(hang=1.0))
    shared_bot.north.person("ada").command("status prod")
    reminder = the_digest(shared_bot.bot.store, NORTH.id)
    assert reminder is not None
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(shared_bot.bot.uses.reminders.post_now, reminder)
        time.sleep(0.3)

        shared_bot.slack.uninstall(shared_bot.north)

        with pytest.raises(SlackRefused):
            digest.result(timeout=30)
    # What an org is being read for may have been said before, where the machine is slow.
    (greeting,) = [each for each in shared_bot.shown(shared_bot.north) if not each.text.startswith("Reading ")]
    assert greeting.text.startswith("Flosum is in this workspace now")
    shared_bot.bot.uninstalls.sweep()
    assert kept(shared_bot, NORTH.id) == ([], None, [], [])
    assert shared_bot.bot.store.past_digests(NORTH.id, "weekly") == []


def test_a_late_event_does_not_undo_a_new_installation(shared_bot: SharedBot) -> None:
    left_at = int(time.time())
    shared_bot.slack.uninstall(shared_bot.north, at=left_at)
    time.sleep(1.1)  # Slack dates events by the second
    shared_bot.add(shared_bot.north)
    shared_bot.connect(shared_bot.north, ("prod",))

    repeated = [shared_bot.slack.tell(shared_bot.north, kind, left_at) for kind in GONE]

    assert all(receipt.acked for receipt in repeated)
    shared_bot.bot.uninstalls.sweep()
    assert [org.name for org in shared_bot.bot.store.orgs(NORTH.id)] == ["prod"]
    assert "prod" in shared_bot.ask(shared_bot.north, "orgs").text


def test_a_replica_that_saw_it_leave_notices_that_it_is_back(shared_bot: SharedBot) -> None:
    with CommandLineParts(settings=shared_bot.bot.settings).bot() as replica:
        replica.uninstalls.left(NORTH.id)
        assert replica.uninstalls.is_gone(NORTH.id)
        shared_bot.add(shared_bot.north)
        shared_bot.connect(shared_bot.north, ("prod",))

        replica.uninstalls.sweep()

        assert not replica.uninstalls.is_gone(NORTH.id)
        assert [org.name for org in shared_bot.bot.store.orgs(NORTH.id)] == ["prod"]


def test_a_deletion_that_fails_is_asked_for_again(shared_bot: SharedBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(workspace: str) -> None:
        raise OperatorError(f"the database is locked, {workspace} stays")

    with monkeypatch.context() as patch:
        patch.setattr(type(shared_bot.bot.store), "forget_workspace", lambda _, workspace: fail(workspace))
        (receipt,) = shared_bot.slack.uninstall(shared_bot.north, GONE[:1])
    assert receipt.status == 500  # so that Slack comes again
    assert len(shared_bot.bot.store.orgs(NORTH.id)) == 3

    assert shared_bot.slack.tell(shared_bot.north, GONE[0]).acked

    assert kept(shared_bot, NORTH.id) == ([], None, [], [])


# --- settings ------------------------------------------------------------------------------------------

MANY = {"slack_client_id": "1.2", "slack_client_secret": "s", "slack_signing_secret": "x", "flosum_public_url": PUBLIC}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slack_app_token": "xapp-1"}, "SLACK_APP_TOKEN (Socket Mode) does not go with Add to Slack"),
        ({"slack_signing_secret": None}, "SLACK_SIGNING_SECRET is missing"),
        ({"flosum_public_url": None}, "FLOSUM_PUBLIC_URL is missing"),
        ({"slack_client_secret": None}, "SLACK_CLIENT_SECRET is missing"),
    ],
)
def test_what_does_not_go_together_is_said_in_one_sentence(tmp_path: Path, change: dict[str, str], said: str) -> None:
    settings = given(**{**MANY, **change, "flosum_database_url": f"sqlite:///{tmp_path / 'x.db'}"})

    with CommandLineParts(settings=settings).bot() as bot, pytest.raises(OperatorError) as refusal:
        bot.start()

    assert refusal.value.text.splitlines()[0].startswith(said)


def test_bolt_does_nothing_of_its_own_accord_with_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-0", "SLACK_CLIENT_ID": "9.9", "SLACK_CLIENT_SECRET": "other"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLACK_REDIRECT_URI", "https://elsewhere.example.com")
    monkeypatch.setenv("SLACK_USER_SCOPES", "admin")

    with bot_shared_by(tmp_path, NORTH) as shared_bot:
        asked = parse_qs(urlsplit(shared_bot.get("/slack/install").location).query)
        shared_bot.add(shared_bot.north)

        assert asked["client_id"] == [shared_bot.slack.client_id]
        assert "user_scope" not in asked
        assert shared_bot.ask(shared_bot.north, "help").text
    assert not list(tmp_path.glob(".bolt*"))


def test_a_slack_that_does_not_answer_installs_nothing(empty: SharedBot) -> None:
    empty.north.fail("auth.test", WebApiFault(FaultKind.SERVER_ERROR), times=3)

    assert "did not confirm" in empty.add(empty.north).body
    assert empty.bot.store.installations() == []


def test_a_state_is_good_for_minutes_only(empty: SharedBot) -> None:
    begun = empty.get("/slack/install")
    state = parse_qs(urlsplit(begun.location).query)["state"][0]

    assert empty.bot.store.take_ticket("slack-install", state, utc_now() + timedelta(minutes=11)) is None


# --- doctor --------------------------------------------------------------------------------------------


NOWHERE = "https://127.0.0.1:9"
"""An address where nobody answers, in place of one that a test may not look up."""


def examined(shared_bot: SharedBot, **changes: object) -> dict[str, tuple[bool | None, str]]:
    values = {name: getattr(shared_bot.bot.settings, name) for name in READERS}
    wiring = CommandLineParts(
        settings=given(**(values | {"flosum_public_url": NOWHERE} | changes)), route=shared_bot.salesforce.route
    )
    return {finding.name: (finding.ok, finding.text) for finding in wiring.doctor()}


def test_doctor_asks_each_workspace_whether_all_is_well(shared_bot: SharedBot) -> None:
    found = examined(shared_bot)

    assert found["slack"] == (True, "2 installed, each answers")
    not_proven = {"signing secret", "client secret", "request url"}
    assert {name: ok for name, (ok, _) in found.items() if ok is not True} == dict.fromkeys(not_proven)
    assert found["request url"] == (None, f"nobody answers at {NOWHERE}/slack/events from here")


def test_doctor_names_the_workspaces_that_granted_less_or_refuse(shared_bot: SharedBot) -> None:
    shared_bot.north.tokens.scopes -= {"usergroups:read"}
    shared_bot.south.tokens.end()

    found = examined(shared_bot)

    assert found["scopes"] == (False, "T0NORTH lacks usergroups:read")
    assert examined(shared_bot, slack_client_secret="0f" * 16)["client secret"] == (
        False,
        "Slack does not take SLACK_CLIENT_ID with SLACK_CLIENT_SECRET",
    )
    assert found["slack"] == (False, "T0SOUTH: Slack refused (account_inactive).")


def test_doctor_claims_nothing_where_slack_is_not_there(shared_bot: SharedBot) -> None:
    found = examined(shared_bot, slack_api_url="http://127.0.0.1:9/")

    assert found["slack"][0] is False
    assert found["client secret"] == (None, "not tried: Slack did not answer. Try again in a minute.")
    assert found["scopes"] == (None, "Slack did not say which scopes are granted")
    assert found["clock"][0] is None


def test_doctor_tells_where_to_begin_and_what_is_missing(empty: SharedBot) -> None:
    assert examined(empty)["slack"][0] is None
    assert examined(empty)["slack"][1].endswith(f"{NOWHERE}/slack/install")
    assert examined(empty, flosum_public_url="http://127.0.0.1:9")["address"][0] is False
    assert examined(empty, slack_app_token="xapp-1")["slack"][1].startswith("SLACK_APP_TOKEN")


# --- the terminal --------------------------------------------------------------------------------------


def test_the_terminal_means_the_one_workspace_that_is_installed(empty: SharedBot) -> None:
    assert slack_connection(empty).default_workspace() == "local"

    empty.add(empty.north)
    assert slack_connection(empty).default_workspace() == NORTH.id

    empty.add(empty.south)
    with pytest.raises(OperatorError, match="cannot tell whose orgs are meant"):
        slack_connection(empty).default_workspace()
