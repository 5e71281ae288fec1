"""``/flosum grant``: shown, pressed, written once, read back, taken back. The whole bot over the built-in orgs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from bot.domain.answers import Answer
from bot.domain.command import Command
from bot.domain.errors import AskerError, OrgUnreachable
from bot.domain.model import BACKUP_APP, DEVOPS_APP, Asker, Credentials, Login, Org
from bot.domain.orgs.granting import GrantReading
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.org_writes import LEASE, LOOKED_UP_FOR, OrgWrite, WriteKind, WriteStatus
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.faults import DATA, OrgFault
from bot.sandbox.salesforce.orgs import CONNECTION_USER
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.salesforce.setup_apis import SETTINGS
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.browsers import Browser
from tests.databases import NewDatabase
from tests.running_bot import ADA, RunningBot
from tests.settings_of import settings_of
from tests.store_helpers import at_once

pytest_plugins = ["tests.databases"]

WRITES = f"{DATA}v67.0/sobjects/"
"""Where records are written; questions go elsewhere."""

NOT_APPROVED = "OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app"


def host(salesforce: BuiltInSalesforce, name: str = "uat") -> str:
    return next(org.host for org in salesforce.orgs.values() if org.name == name)


def records(salesforce: BuiltInSalesforce, table: str, name: str = "uat", **values: object) -> list[Record]:
    rows = salesforce.orgs[host(salesforce, name)].database.tables.get(table, ())
    return [row for row in rows if values.items() <= row.items()]


def id_of(salesforce: BuiltInSalesforce, table: str, **values: object) -> str:
    (row,) = records(salesforce, table, "uat", **values)
    return str(row["Id"])


def organization(salesforce: BuiltInSalesforce) -> str:
    """The id of the Salesforce org behind uat, as buttons say it."""
    return str(records(salesforce, "Organization")[0]["Id"])[:15]


def changed(salesforce: BuiltInSalesforce, table: str, name: str = "uat", **values: object) -> None:
    """Give every record of a table these values."""
    database = salesforce.orgs[host(salesforce, name)].database
    rows = [{**row, **values} for row in database.tables[table]]
    salesforce.change(name, database=OrgRecords({**database.tables, table: rows}, database.hidden))


def press(running_bot: RunningBot, answer: SlackMessage, label: str) -> SlackMessage:
    """What a press leads to, in its place or below it."""
    before = len(running_bot.shown())
    running_bot.ada.press(answer, label)
    return running_bot.shown()[before:][-1]


def trail(running_bot: RunningBot) -> list[tuple[str, str]]:
    return [(change.action, change.subject) for change in running_bot.bot.store.changes(TEAM)]


def labels(answer: SlackMessage) -> list[str]:
    elements = [element for block in answer.blocks for element in block.get("elements", ()) if "text" in element]
    return [element["text"]["text"] for element in elements if isinstance(element["text"], dict)]


def writes(running_bot: RunningBot) -> list[str]:
    return [each.method for each in running_bot.salesforce.requests if each.path.startswith(WRITES)]


# --- the whole story -----------------------------------------------------------------------------------


def test_from_an_error_to_a_ready_org_and_back(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.posting_now.ONCE_IN", timedelta(0))
    bot = running_bot
    assert "nobody is granted" in bot.ask("status uat").text
    bot.ask("remind now")

    (explained,) = bot.say(f"uat says {NOT_APPROVED}")
    assert "uat: nobody is granted access to either Flosum app yet" in explained.text
    assert "no profile or permission set of theirs is granted" in bot.ask("access uat dana").text

    assert "Grant access" in labels(bot.ask("access uat dana"))
    assert "Grant access" not in labels(bot.ask("access prod ben@acme.example"))
    choices = press(bot, explained, "Grant access")
    assert choices.audience == bot.ada.member.id
    preview = press(bot, choices, "Flosum Users")
    assert preview.text.startswith(
        "⚠️ Grant both Flosum apps to Flosum Users in uat?\n2 active users have it: they may connect from then on."
    )
    assert writes(bot) == []
    done = press(bot, preview, "Grant to 2 people")
    assert done.text.startswith("✅ Both Flosum apps are granted to Flosum Users in uat\n2 active users")
    assert writes(bot) == ["POST", "POST"]

    assert press(bot, done, "Check uat now").text.startswith("✅ uat is ready")
    assert "Dana Voss may connect to uat through each Flosum app" in bot.ask("access uat dana").text
    bot.ask("remind now")
    digests = [shown.text for shown in bot.shown() if "Flosum apps: " in shown.text]
    assert ["2 of 7 orgs ready" in digests[0], "3 of 7 orgs ready" in digests[-1]] == [True, True]

    undone = press(bot, done, "Undo")
    assert undone.text == f"✅ Taken back in uat: {BACKUP_APP} → Flosum Users and {DEVOPS_APP} → Flosum Users"
    assert records(bot.salesforce, "SetupEntityAccess") == []
    assert "nobody is granted" in bot.ask("status uat").text
    granted = [f"uat: {app} → Flosum Users" for app in (BACKUP_APP, DEVOPS_APP)]
    told = trail(bot)
    assert [subject for action, subject in told if action == "granted"] == granted[::-1]
    assert [subject for action, subject in told if action == "took back grant"] == granted[::-1]
    assert "is taken back already" in press(bot, done, "Undo").text


def test_a_permission_set_of_its_own_is_made_granted_assigned_and_taken_back(running_bot: RunningBot) -> None:
    preview = press(running_bot, running_bot.ask("grant uat both"), "Make Flosum Connected Apps")
    assert "Makes the permission set Flosum Connected Apps, which nobody has yet" in preview.text
    done = press(running_bot, preview, "Make it and grant")
    assert "Nobody has it yet: assign it to whoever connects to Flosum" in done.text
    (made,) = records(running_bot.salesforce, "PermissionSet", Name="Flosum_Connected_Apps")

    running_bot.ada.press(done, "Assign it to somebody")
    assert running_bot.workspace.settle(timeout=30)
    view = [shown.view for shown in running_bot.workspace.log if shown.view][-1]
    assert view
    running_bot.ada.submit(view, {"person": {"line": {"type": "plain_text_input", "value": "Ben Okoro"}}})
    asked = running_bot.shown()[-1]
    assert asked.text.startswith("⚠️ Assign Flosum Connected Apps to Ben Okoro in uat?\nIt lets them into both Flosum")
    assigned = press(running_bot, asked, "Assign it to Ben Okoro")
    assert assigned.text.startswith("✅ Flosum Connected Apps is assigned to Ben Okoro in uat")
    assert "Ben Okoro may connect to uat" in running_bot.ask("access uat ben@acme.example").text
    again = running_bot.ask(f"grant uat assign {made['Id']} ben@acme--uat.example")
    assert again.text.startswith("✅ Ben Okoro has Flosum Connected Apps in uat already")

    left = press(running_bot, done, "Undo")
    assert "The permission set Flosum Connected Apps stays, because somebody has it" in left.text
    assert press(running_bot, assigned, "Undo").text.startswith("✅ Taken back in uat: Ben Okoro")
    assert records(running_bot.salesforce, "PermissionSet", Name="Flosum_Connected_Apps") == [made]
    press(running_bot, done, "Undo")
    assert records(running_bot.salesforce, "PermissionSet", Name="Flosum_Connected_Apps") == []


OVER = "2020-01-01T00:00:00.000+0000"


def test_whose_assignment_has_ended_is_let_in_by_no_grant(running_bot: RunningBot) -> None:
    changed(running_bot.salesforce, "PermissionSetAssignment", ExpirationDate=OVER)

    assert "No active user has it, so nobody gets in" in running_bot.ask("grant uat both Flosum Users").text
    holder = id_of(running_bot.salesforce, "PermissionSet", Label="Flosum Users")
    person = records(running_bot.salesforce, "PermissionSetAssignment", PermissionSetId=holder)[0]
    (user,) = records(running_bot.salesforce, "User", Id=person["AssigneeId"])
    told = running_bot.ask(f"grant uat assign {holder} {user['Username']}")
    assert "until a day that is over\nGive their assignment another end in Setup" in told.text
    assert labels(told) == [f"Access of {user['Name']}"]


def test_a_permission_set_stays_where_nobody_can_tell_what_it_grants(running_bot: RunningBot) -> None:
    preview = press(running_bot, running_bot.ask("grant uat both"), "Make Flosum Connected Apps")
    done = press(running_bot, preview, "Make it and grant")
    salesforce = running_bot.salesforce
    salesforce.change("uat", database=without(salesforce, "SetupEntityAccess"))

    left = press(running_bot, done, "Undo")

    assert "The permission set Flosum Connected Apps stays: what is granted to it cannot be read" in left.text
    assert len(records(salesforce, "PermissionSet", Name="Flosum_Connected_Apps")) == 1


# --- what is told before anything is tried -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("grant", "Grant what, in which org?"),
        ("grant nowhere both Flosum Users", "I know no org called nowhere"),
        ("grant uat", "Which app should be granted in uat?"),
        ("grant uat cli Flosum Users", "I know no app called cli Flosum Users"),
        ("grant uat devops", "Which permission set should Flosum DevOps: Web App Production be granted to in uat?"),
        ("grant UAT “Flosum DevOps: Web App Production” Flosum Users", "Grant Flosum DevOps: Web App Production to"),
        ("grant uat flosum backup org auth to flosum_users", "Grant Flosum Backup Org Auth to Flosum Users in uat?"),
        ("grant uat backup FLOSUM USERS", "Grant Flosum Backup Org Auth to Flosum Users"),
        ("grant uat backup “Flosum Users”", "Grant Flosum Backup Org Auth to Flosum Users"),
        ("grant uat backup Flosum", "uat has no permission set called Flosum\nChoose one"),
        ('grant uat backup O\'Neil "x" % _ \\', "uat has no permission set called O'Neil"),
        ("grant uat backup 100%", "uat has no permission set called 100%"),
        ("grant uat backup System Administrator", "System Administrator is a profile; those are added by hand"),
        ("grant uat backup Package Users", "Package Users belongs to the package acme_pkg"),
        ("grant uat backup acme_pkg__Package_Users", "Package Users belongs to the package acme_pkg"),
        ("grant uat backup other__Flosum_Users", "uat has no permission set called other__Flosum_Users"),
        ("grant uat backup " + "x" * 81, "longer than the name of any permission set"),
        ("grant uat backup 0PSKd0000099999IAO", "That permission set is not in uat any more\nChoose one"),
        ("grant uat both new yes 7", "so look again. Makes the permission set"),
        ("grant uat undo 0J0Kd0000000001IAO", "I know of nothing like that in uat that I could take back"),
        ("grant uat assign 0PSKd0000099999IAO ben", "That permission set is gone"),
        ("grant uat assign Flosum Users ben", "Begin with /flosum grant uat"),
        ("grant qa both Flosum Users", "For now this has no effect for both Flosum apps: Permitted Users is All users"),
        ("grant prod both Flosum Users", "I only read prod: nobody allowed more when it was connected"),
        ("grant legacy both Flosum Users", "I only read legacy"),
    ],
)
def test_what_is_said_before_anything_is_written(running_bot: RunningBot, said: str, told: str) -> None:
    assert told in running_bot.ask(said).text
    assert writes(running_bot) == []
    assert trail(running_bot) == []


@pytest.mark.parametrize(
    ("setting", "hidden", "of_status", "of_grant"),
    [
        (None, (), "qa is ready, and open to all its users", "so everybody may connect already. It"),
        (True, (), "API Access Control is on, so self-authorize is not enough, and nobody is granted", None),
        (
            True,
            (SETTINGS,),
            "unless API Access Control is on, which was not read",
            "already (unless API Access Control",
        ),
    ],
)
def test_self_authorize_opens_nothing_by_itself_where_api_access_control_is_on(
    running_bot: RunningBot, *, setting: bool | None, hidden: tuple[str, ...], of_status: str, of_grant: str | None
) -> None:
    tables = next(org for org in running_bot.salesforce.orgs.values() if org.name == "qa").database.tables
    running_bot.salesforce.change("qa", access_control=setting, database=OrgRecords(tables, frozenset(hidden)))

    assert of_status in running_bot.ask("status qa").text
    told = running_bot.ask("grant qa both Flosum Users").text
    assert of_grant in told if of_grant else "no effect" not in told


def allow(running_bot: RunningBot, name: str) -> None:
    org = running_bot.bot.store.org(TEAM, name)
    assert org
    running_bot.bot.store.save_org(replace(org, grants_allowed=True))


def renamed(salesforce: BuiltInSalesforce) -> None:
    changed(salesforce, "ConnectedApplication", Name="Flosum for us")
    database = salesforce.orgs[host(salesforce)].database
    salesforce.change("uat", database=OrgRecords({**database.tables, "OauthToken": []}, database.hidden))


def same_label(salesforce: BuiltInSalesforce) -> None:
    with salesforce.writing(host(salesforce), CONNECTION_USER) as writer:
        writer.insert("PermissionSet", "0PS", Name="Flosum_Users_2", Label="Flosum Users", IsOwnedByProfile=False)


def outdated(salesforce: BuiltInSalesforce, **values: object) -> None:
    holder = id_of(salesforce, "PermissionSet", Label="Flosum Users")
    with salesforce.writing(host(salesforce), CONNECTION_USER) as writer:
        writer.update("PermissionSet", lambda row: row["Id"] == holder, **values)


WAYS: list[tuple[Callable[[BuiltInSalesforce], None], str]] = [
    (renamed, "uat shows no sign of Flosum Backup Org Auth, so there is nothing to grant yet"),
    (same_label, "2 permission sets of uat are called Flosum Users"),
    (lambda sf: outdated(sf, Type="Group"), "what a permission set group adds up to"),
    (lambda sf: outdated(sf, Type="Standard"), "comes with Salesforce and cannot be changed"),
    (lambda sf: outdated(sf, HasActivationRequired=True), "It counts only while it is activated in a session"),
    (
        lambda sf: changed(sf, "UserPermissionAccess", PermissionsManageProfilesPermissionsets=False),
        "My user in uat may not do that\nIt needs Manage Profiles and Permission Sets",
    ),
    (lambda sf: sf.change("uat", database=without(sf, "PermissionSet")), "The permission sets of uat cannot be read"),
    (
        lambda sf: sf.change("uat", database=without(sf, "SetupEntityAccess")),
        "Whom Flosum Backup Org Auth is granted to in uat cannot be read",
    ),
]


def without(salesforce: BuiltInSalesforce, *hidden: str) -> OrgRecords:
    return replace(salesforce.orgs[host(salesforce)].database, hidden=frozenset(hidden))


@pytest.mark.parametrize(("prepare", "told"), WAYS)
def test_what_stands_in_the_way_is_told_before_the_attempt(
    running_bot: RunningBot, prepare: Callable[[BuiltInSalesforce], None], told: str
) -> None:
    prepare(running_bot.salesforce)

    assert told in running_bot.ask("grant uat both Flosum Users").text
    assert writes(running_bot) == []


def another_org(salesforce: BuiltInSalesforce) -> None:
    changed(salesforce, "Organization", Id="00DKd000000ZZZZMA4")


def deleted(salesforce: BuiltInSalesforce) -> None:
    database = salesforce.orgs[host(salesforce)].database
    rows = [row for row in database.tables["PermissionSet"] if row["Label"] != "Flosum Users"]
    salesforce.change("uat", database=OrgRecords({**database.tables, "PermissionSet": rows}, database.hidden))


def assigned_to_more(salesforce: BuiltInSalesforce) -> None:
    holder = id_of(salesforce, "PermissionSet", Label="Flosum Users")
    taken = {row["AssigneeId"] for row in records(salesforce, "PermissionSetAssignment", PermissionSetId=holder)}
    free = next(row for row in records(salesforce, "User") if row["Id"] not in taken and row["IsActive"])
    with salesforce.writing(host(salesforce), CONNECTION_USER) as writer:
        writer.insert("PermissionSetAssignment", "0Pa", AssigneeId=free["Id"], PermissionSetId=holder)


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        (another_org, "It was shown before this org was connected as it is now"),
        (deleted, "That permission set is not in uat any more"),
        (assigned_to_more, "It changed meanwhile. 3 active users have it"),
        (renamed, "uat shows no sign of Flosum Backup Org Auth"),
    ],
)
def test_a_press_writes_what_was_shown_or_nothing(
    running_bot: RunningBot, meanwhile: Callable[[BuiltInSalesforce], None], told: str
) -> None:
    preview = running_bot.ask("grant uat both Flosum Users")
    meanwhile(running_bot.salesforce)

    assert told in press(running_bot, preview, "Grant to 2 people").text
    assert writes(running_bot) == []


def test_a_set_that_somebody_else_has_made_meanwhile_is_shown_before_it_is_granted_to(running_bot: RunningBot) -> None:
    preview = press(running_bot, running_bot.ask("grant uat both"), "Make Flosum Connected Apps")
    with running_bot.salesforce.writing(host(running_bot.salesforce), CONNECTION_USER) as writer:
        for name, label in (("Flosum_Connected_Apps", "Flosum Connected Apps"), ("New", "New")):
            writer.insert("PermissionSet", "0PS", Name=name, Label=label, IsOwnedByProfile=False)

    answer = press(running_bot, preview, "Make it and grant").text

    assert answer.startswith("⚠️ Grant both Flosum apps to Flosum Connected Apps in uat?\nIt changed meanwhile.")
    assert writes(running_bot) == []


def test_a_press_grants_no_more_apps_than_were_shown(running_bot: RunningBot) -> None:
    done = press(running_bot, running_bot.ask("grant uat backup Flosum Users"), "Grant to 2 people")
    preview = running_bot.ask("grant uat both Flosum Users")
    assert preview.text.startswith(f"⚠️ Grant {DEVOPS_APP} to Flosum Users in uat?")
    press(running_bot, done, "Undo")

    assert press(running_bot, preview, "Grant to 2 people").text.startswith(f"✅ {DEVOPS_APP} is granted to")
    assert len(records(running_bot.salesforce, "SetupEntityAccess")) == 1


def test_what_is_typed_into_the_form_is_shown_before_it_is_assigned(running_bot: RunningBot) -> None:
    holder = id_of(running_bot.salesforce, "PermissionSet", Label="Flosum Users")
    (user,) = records(running_bot.salesforce, "User", Username="ben@acme--uat.example")
    typed = {"person": f"{user['Username']} yes"}

    answer = running_bot.bot.uses.granting.submit(Asker(TEAM, ADA), f"uat {holder}", typed)

    assert answer.headline.startswith("Assign **Flosum Users** to")
    assert writes(running_bot) == []


def test_of_many_permission_sets_none_is_said_to_be_missing(running_bot: RunningBot) -> None:
    with running_bot.salesforce.writing(host(running_bot.salesforce), CONNECTION_USER) as writer:
        for number in range(70):
            name = f"A_Users_{number:02}"
            writer.insert("PermissionSet", "0PS", Name=name, Label=name, IsOwnedByProfile=False)
        writer.insert("PermissionSet", "0PS", Name="Users", Label="Users", IsOwnedByProfile=False)

    assert "Grant Flosum Backup Org Auth to Users in uat?" in running_bot.ask("grant uat backup Users").text
    assert "Flosum Users" in labels(running_bot.ask("grant uat backup"))


@pytest.mark.parametrize("typed", ["Two  Blanks  Here", "two blanks here"])
def test_a_label_is_told_by_its_words_however_many_blanks_stand_between(running_bot: RunningBot, typed: str) -> None:
    with running_bot.salesforce.writing(host(running_bot.salesforce), CONNECTION_USER) as writer:
        label = "Two  Blanks   Here"
        writer.insert("PermissionSet", "0PS", Name="TwoBlanks", Label=label, IsOwnedByProfile=False)

    answer = running_bot.ask(f"grant uat backup {typed}")
    assert "Grant Flosum Backup Org Auth to Two Blanks" in " ".join(answer.text.split())
    assert writes(running_bot) == []


def test_a_name_that_fits_several_labels_but_for_blanks_is_asked_back_about(running_bot: RunningBot) -> None:
    with running_bot.salesforce.writing(host(running_bot.salesforce), CONNECTION_USER) as writer:
        for name, label in {"OneBlank": "Two Blanks", "TwoBlanks": "Two  Blanks"}.items():
            writer.insert("PermissionSet", "0PS", Name=name, Label=label, IsOwnedByProfile=False)

    assert "OneBlank" in str(running_bot.ask("grant uat backup Two Blanks").blocks)


def test_an_app_that_is_not_installed_or_blocked_is_told(running_bot: RunningBot) -> None:
    allow(running_bot, "emea-prod")
    answer = running_bot.ask("grant emea-prod both Flosum Users").text
    assert "Flosum DevOps: Web App Production is not installed in emea-prod, so it cannot be granted" in answer
    with running_bot.salesforce.writing(host(running_bot.salesforce), CONNECTION_USER) as writer:
        writer.note("blockConnectedApplication", f"Blocked Connected App {BACKUP_APP}")
    assert "Flosum Backup Org Auth is blocked in uat" in running_bot.ask("grant uat both Flosum Users").text


def test_only_who_may_change_things_grants_and_only_when_it_is_pressed(running_bot: RunningBot) -> None:
    holder = id_of(running_bot.salesforce, "PermissionSet", Label="Flosum Users")
    for said in ("grant uat both Flosum Users", f"grant uat both {holder} yes 2", "grant uat undo 0J0Kd0000000001IAO"):
        assert "is for workspace admins" in running_bot.ask(said, running_bot.ben).text
    preview = running_bot.ask("grant uat both Flosum Users")
    before = len(running_bot.shown())
    running_bot.ben.press(preview, "Grant to 2 people")
    assert "is for workspace admins" in running_bot.shown()[before:][-1].text

    assert writes(running_bot) == []


def test_where_the_operator_does_not_allow_it_the_bot_only_reads(
    postgresql: NewDatabase, migrated_database: str
) -> None:
    with Pair(postgresql(migrated_database), count=1, writes=False) as pair:
        (answer,) = pair.press("grant uat both Flosum Users")

        assert "whoever runs this assistant has not let it grant access" in answer.headline
        assert "only read" in str(pair.bots[0].uses.assistant.carry_out(pair.who, Command("settings")).parts)


# --- what Salesforce says ------------------------------------------------------------------------------------


def refusing(code: str) -> OrgFault:
    body = f'[{{"errorCode": "{code}", "message": "insufficient access rights on object id", "fields": []}}]'
    return OrgFault(status=400, body=body.encode(), path=WRITES)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("INSUFFICIENT_ACCESS_OR_READONLY", "my user there lacks a right"),
        ("DUPLICATE_VALUE", "it was done by somebody else a moment ago"),
        ("FIELD_INTEGRITY_EXCEPTION", "Salesforce refused it in uat: nothing was changed"),
        ("UNABLE_TO_LOCK_ROW", "somebody changes the same just now"),
    ],
)
def test_a_refusal_is_told_and_nothing_is_noted_as_done(running_bot: RunningBot, code: str, told: str) -> None:
    preview = running_bot.ask("grant uat both Flosum Users")
    running_bot.salesforce.break_org("uat", refusing(code))

    answer = press(running_bot, preview, "Grant to 2 people")

    assert told in answer.text
    assert (writes(running_bot), trail(running_bot)) == (["POST"], [])


def test_an_answer_that_was_lost_is_found_in_the_org(running_bot: RunningBot) -> None:
    preview = running_bot.ask("grant uat backup Flosum Users")
    running_bot.salesforce.break_org("uat", OrgFault(truncate=True, path=WRITES))

    answer = press(running_bot, preview, "Grant to 2 people")

    assert answer.text.startswith("✅ Flosum Backup Org Auth is granted to Flosum Users in uat")
    assert writes(running_bot) == ["POST"]


def test_a_write_that_got_no_answer_is_not_repeated_and_what_became_of_it_is_told_later(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = running_bot.ask("grant uat backup Flosum Users")
    running_bot.salesforce.break_org("uat", OrgFault(truncate=True, path=WRITES))
    with monkeypatch.context() as silent:
        silent.setattr(running_bot.bot.salesforce, "record_of", silence)
        answer = press(running_bot, preview, "Grant to 2 people")

    assert "uat did not answer, so I cannot tell yet whether it was written" in answer.text
    assert writes(running_bot) == ["POST"]
    with time_machine.travel(utc_now() + LEASE + timedelta(seconds=1)):
        assert "it was written" in told_later(running_bot).text


def silence(org: Org, *_: object) -> str:
    raise OrgUnreachable(f"{org.name} does not answer.")


# --- two at once, and a crash ----------------------------------------------------------------------------


class Pair:
    """Processes on one PostgreSQL, over one Slack and the built-in orgs."""

    def __init__(self, url: str, count: int = 2, *, writes: bool = True) -> None:
        self.bots: list[Bot] = []
        self._stack = ExitStack()
        self._url, self._count, self._writes = url, count, writes
        self.who = Asker(TEAM, ADA)

    def __enter__(self) -> Pair:
        workspace = self._stack.enter_context(Workspace(events=bot_events(), scopes=bot_scopes()))
        self.salesforce = self._stack.enter_context(BuiltInSalesforce(utc_now()))
        settings = settings_of(workspace, self._url, flosum_metrics_address="off", flosum_org_writes=self._writes)
        for _ in range(self._count):
            bot = self._stack.enter_context(CommandLineParts(settings=settings, route=self.salesforce.route).bot())
            self.bots.append(bot)
        store = self.bots[0].store
        for org, credentials in self.salesforce.built_in(TEAM):
            store.add_org(org, credentials)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def press(self, line: str) -> list[Answer]:
        """Somebody presses the same in every process at once."""
        answers: list[Answer] = []

        def carry_out(number: int) -> bool:
            uses = self.bots[number].uses
            try:
                answers.append(uses.granting.command(self.who, Command("grant", line.removeprefix("grant "))))
            except AskerError as refusal:
                answers.append(Answer(refusal.text))
            return True

        assert all(at_once(len(self.bots), carry_out))
        return answers


def test_two_who_press_at_once_in_two_processes_write_once(postgresql: NewDatabase, migrated_database: str) -> None:
    with Pair(postgresql(migrated_database)) as pair:
        holder = id_of(pair.salesforce, "PermissionSet", Label="Flosum Users")

        answers = pair.press(f"grant uat both {holder} yes 2 {organization(pair.salesforce)}")

        posts = [each for each in pair.salesforce.requests if each.method == "POST" and each.path.startswith(WRITES)]
        assert len(posts) == 2
        assert len(records(pair.salesforce, "SetupEntityAccess")) == 2
        changes = [change.action for change in pair.bots[0].store.changes(TEAM)]
        assert changes == ["granted", "granted"]
        told = sorted(answer.headline for answer in answers)
        assert any("granted to **Flosum Users**" in headline for headline in told), told
        assert all("granted to" in headline or "the same in `uat` just now" in headline for headline in told), told


LEFT = OrgWrite(TEAM, "uat", WriteKind.ACCESS, "", "", BACKUP_APP, "Flosum Users", ADA, utc_now())


def left_behind(running_bot: RunningBot, *, written: bool, organization_id: str | None = None) -> OrgWrite:
    """A process claimed a write, perhaps wrote it, and ended."""
    salesforce, now = running_bot.salesforce, utc_now()
    app = id_of(salesforce, "ConnectedApplication", Name=BACKUP_APP)
    holder = id_of(salesforce, "PermissionSet", Label="Flosum Users")
    write = replace(LEFT, subject=app, holder=holder, at=now - LEASE, organization_id=organization_id)
    assert running_bot.bot.store.claim_write(write, write.at, now)
    if written:
        with salesforce.writing(host(salesforce), CONNECTION_USER) as writer:
            writer.insert("SetupEntityAccess", "0J0", ParentId=holder, SetupEntityId=app)
    return write


def told_later(running_bot: RunningBot) -> SlackMessage:
    before = len(running_bot.shown())
    running_bot.bot.tick()
    (told,) = running_bot.shown()[before:]
    return told


def test_what_a_crash_left_written_is_found_told_and_can_be_undone(running_bot: RunningBot) -> None:
    left_behind(running_bot, written=True)

    told = told_later(running_bot)

    assert told.text.startswith("✅ I was interrupted while I wrote in uat: it was written\nFlosum Backup Org Auth →")
    assert told.channel == running_bot.workspace.state.direct_channel(ADA).id  # type: ignore[union-attr]
    assert trail(running_bot) == [("granted", f"uat: {BACKUP_APP} → Flosum Users")]
    assert press(running_bot, told, "Undo").text.startswith("✅ Taken back in uat")
    running_bot.bot.tick()
    assert writes(running_bot) == ["DELETE"]


def test_what_a_crash_left_unwritten_is_told_and_can_be_pressed_again(running_bot: RunningBot) -> None:
    write = left_behind(running_bot, written=False)

    told = told_later(running_bot)

    assert "it was not written" in told.text
    assert "Press again, if it is still meant" in told.text
    assert trail(running_bot) == []
    assert running_bot.bot.store.claim_write(write, utc_now(), utc_now() + LEASE)


def test_an_org_that_stays_silent_is_asked_for_a_day(running_bot: RunningBot) -> None:
    write, store = left_behind(running_bot, written=True), running_bot.bot.store
    running_bot.salesforce.break_org("uat", OrgFault(status=503))
    before = len(running_bot.shown())
    running_bot.bot.tick()
    assert len(running_bot.shown()) == before
    org = store.org(TEAM, "uat")
    assert org
    kept = store.org_write(org, write.kind, write.subject, write.holder)
    assert kept
    assert kept.status is WriteStatus.WRITING

    store.end_write(write, WriteStatus.NOT_DONE, None, None)
    past = utc_now() - LOOKED_UP_FOR - timedelta(minutes=1)
    assert store.claim_write(replace(write, at=past), past, past)

    assert "could not be found out" in told_later(running_bot).text


def test_an_undo_that_was_interrupted_is_looked_up_too(running_bot: RunningBot) -> None:
    done = press(running_bot, running_bot.ask("grant uat backup Flosum Users"), "Grant to 2 people")
    store = running_bot.bot.store
    org = store.org(TEAM, "uat")
    (row,) = records(running_bot.salesforce, "SetupEntityAccess")
    assert org
    write = store.org_write_of(org, str(row["Id"]))
    assert write
    assert store.begin_undo(write, utc_now() - LEASE, ADA)

    told = told_later(running_bot)

    assert told.text.startswith("⚠️ I was interrupted while I took something back in uat: it is still there")
    assert press(running_bot, done, "Undo").text.startswith("✅ Taken back in uat")


def test_nothing_is_taken_back_in_another_salesforce_org_of_the_same_name(running_bot: RunningBot) -> None:
    done = press(running_bot, running_bot.ask("grant uat backup Flosum Users"), "Grant to 2 people")
    another_org(running_bot.salesforce)

    answer = press(running_bot, done, "Undo").text

    assert "Nothing was taken back in uat\nIt was written in another Salesforce org" in answer
    assert writes(running_bot) == ["POST"]


def test_what_was_left_in_another_salesforce_org_is_not_said_to_be_unwritten(running_bot: RunningBot) -> None:
    left_behind(running_bot, written=False, organization_id="00DKd000000ZZZZMA4")
    store = running_bot.bot.store
    org = store.org(TEAM, "uat")
    assert org
    store.save_org(replace(org, organization_id=organization(running_bot.salesforce)))

    told = told_later(running_bot).text

    assert "could not be found out" in told
    assert "uat is connected to another Salesforce org by now" in told


def test_who_took_something_back_is_told_and_stands_in_the_trail(running_bot: RunningBot) -> None:
    done = press(running_bot, running_bot.ask("grant uat backup Flosum Users"), "Grant to 2 people")
    running_bot.ask(f"settings trust <@{running_bot.ben.member.id}>")
    running_bot.salesforce.break_org("uat", OrgFault(truncate=True, path=WRITES))
    before = len(running_bot.shown())
    with pytest.MonkeyPatch.context() as silent:
        silent.setattr(running_bot.bot.salesforce, "record_of", silence)
        running_bot.ben.press(done, "Undo")
        assert "I look it up, and tell you in your direct messages" in running_bot.shown()[before:][-1].text

    with time_machine.travel(utc_now() + LEASE + timedelta(seconds=1)):
        told = told_later(running_bot)

    assert told.channel == running_bot.workspace.state.direct_channel(running_bot.ben.member.id).id  # type: ignore[union-attr]
    (change,) = [each for each in running_bot.bot.store.changes(TEAM) if each.action == "took back grant"]
    assert change.user == running_bot.ben.member.id


def test_consent_that_is_taken_back_while_the_org_is_read_keeps_it_from_being_written(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = running_bot.ask("grant uat backup Flosum Users")
    salesforce, store = running_bot.bot.salesforce, running_bot.bot.store
    read = salesforce.grantable

    def meanwhile(org: Org, credentials: Credentials, wanted: str) -> GrantReading:
        store.save_org(replace(org, grants_allowed=False))
        return read(org, credentials, wanted)

    monkeypatch.setattr(salesforce, "grantable", meanwhile)

    assert "I only read uat" in press(running_bot, preview, "Grant to 2 people").text
    assert writes(running_bot) == []


def test_after_an_hour_it_is_left_as_it_is(running_bot: RunningBot) -> None:
    write, store = left_behind(running_bot, written=True), running_bot.bot.store
    store.end_write(write, WriteStatus.NOT_DONE, None, None)
    past = utc_now() - timedelta(hours=1, minutes=1)
    (row,) = records(running_bot.salesforce, "SetupEntityAccess")
    assert store.claim_write(replace(write, at=past), past, past)
    assert store.end_write(write, WriteStatus.DONE, str(row["Id"]), None)

    answer = running_bot.ask(f"grant uat undo {row['Id']}")

    assert "was written more than an hour ago, so I leave it" in answer.text
    assert writes(running_bot) == []


# --- who allowed it ----------------------------------------------------------------------------------------


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


@pytest.mark.parametrize("ticked", [True, False])
def test_whoever_connects_an_org_says_whether_access_may_be_granted_in_it(
    running_bot: RunningBot, browser: Browser, ticked: bool
) -> None:
    answer = running_bot.ask("connect prod")
    (link,) = [each["url"] for block in answer.blocks for each in block.get("elements", ()) if "url" in each]
    browser.open(link)
    assert "it may let people into the two Flosum apps" in browser.text
    assert " checked" not in browser.page.text.partition('name="grants"')[2].partition(">")[0]
    browser.submit(where="my-domain", my_domain="acme", **({"grants": "yes"} if ticked else {}))
    assert browser.status == 200

    asked = running_bot.ask("grant prod both Flosum Users").text

    assert ("are granted to Flosum Users in prod already" in asked) is ticked
    assert ("I only read prod" in asked) is not ticked
    assert ("qa and uat" if not ticked else "prod, qa and uat") in running_bot.ask("settings").text
    assert ("granting access allowed" in str(running_bot.ask("status prod details").blocks)) is ticked


@pytest.mark.parametrize("operator", [True, False], ids=["the operator allows it", "the operator took it back"])
def test_the_form_asks_too(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch, operator: bool) -> None:
    monkeypatch.setattr(running_bot.bot.uses.connections.forms[JWT_FORM], "_writes", operator)
    running_bot.ada.press(running_bot.ask("connect lab"), "Name the user")
    assert running_bot.workspace.settle(timeout=30)
    view = [shown.view for shown in running_bot.workspace.log if shown.view][-1]
    assert view
    uat = next(org for org in running_bot.salesforce.orgs.values() if org.name == "uat")
    typed = {
        key: {"line": {"type": "plain_text_input", "value": value}}
        for key, value in (("username", uat.username), ("host", uat.host))
    }
    chosen = {"type": "static_select", "selected_option": {"value": "yes"}}
    running_bot.ada.submit(view, {**typed, "grants": {"line": chosen}})
    running_bot.shown()

    lab = running_bot.bot.store.org(TEAM, "lab")
    assert lab
    assert (lab.login, lab.grants_allowed) == (Login.JWT, operator)


def test_an_org_that_cannot_be_read_is_tried_again_by_a_press(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("uat", OrgFault(status=503))
    answer = running_bot.ask("grant uat both Flosum Users")
    assert answer.text.startswith("❔ uat could not be read")

    running_bot.salesforce.mend("uat")
    running_bot.ada.press(answer, "Try again")

    assert running_bot.shown()[-1].text.startswith("⚠️ Grant both Flosum apps to Flosum Users in uat?")


def test_where_only_a_new_connection_helps_it_is_offered(running_bot: RunningBot) -> None:
    org = running_bot.bot.store.org(TEAM, "partner")
    assert org is not None
    running_bot.bot.store.save_org(replace(org, grants_allowed=True))

    answer = running_bot.ask("grant partner both")

    assert "Reconnect partner" in str(answer.blocks)
