"""The command line, as scripts and operators use it: what it prints, and its exit codes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.domain.model import LOCAL, Credentials, Diagnosis, Login, Org, Verdict
from bot.domain.program import to_type
from bot.entrypoints.cli import output
from bot.entrypoints.cli.org_json import status_json
from bot.entrypoints.cli.parts import CheckResult
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.faults import LOGIN, OrgFault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.wiring.command_line import CommandLineParts
from bot.wiring.parts import utc_now
from tests.digests import weekly
from tests.store_helpers import opened

CONSUMER_KEY = "3MVG9lKcPoNINVBKRn0aBcDeFgHiJkLmNoPq"
NOT_INSTALLED = "error=invalid_client&error_description=app+must+be+installed+into+org"
CONTRACT = {"answered", "kind", "topic", "code", "title", "steps", "source", "redacted"}

Run = Callable[..., int]


@pytest.fixture
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(utc_now()) as salesforce:
        yield salesforce


@pytest.fixture
def run(salesforce: BuiltInSalesforce, tmp_path: Path) -> Run:
    """Runs one command line on a database of its own and the built-in orgs."""
    key = make_key()

    def run(*arguments: str, **settings: object) -> int:
        values = {"flosum_database_url": f"sqlite:///{tmp_path}/cli.db", "flosum_secret_keys": key, **settings}
        return main(CommandLineParts(settings=given(**values), route=salesforce.route), list(arguments))

    return run


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def add(run: Run, salesforce: BuiltInSalesforce, name: str, folder: Path) -> int:
    """``orgs add`` for a built-in org, by whichever way it logs in."""
    org, credentials = next(pair for pair in salesforce.built_in(LOCAL) if pair[0].name == name)
    secret = folder / "secret"
    if org.login is Login.JWT:
        secret.write_text(credentials.private_key or "")
        how = ["--username", org.username or "", "--key-file", str(secret)]
    else:
        secret.write_text(f"{credentials.consumer_secret}\n")
        how = ["--secret-file", str(secret)]
    return run("orgs", "add", name, "--host", org.host, "--consumer-key", credentials.consumer_key, *how)


# --- explain -------------------------------------------------------------------------------------------


def test_explain_prints_the_steps_in_order(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", NOT_INSTALLED) == 0

    printed = capsys.readouterr().out
    assert printed.index("Install") < printed.index("Permitted Users") < printed.index("Update Token")
    assert "**" not in printed


def test_explain_says_that_it_knows_nothing_and_exits_with_1(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "what is the weather in Oslo") == 1
    assert "I have no guidance for that" in capsys.readouterr().out


def test_overheard_talk_prints_nothing(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "--channel", "lunch at noon?") == 1
    assert capsys.readouterr().out == ""


def test_an_error_needs_no_quotes(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", *"app must be installed into org".split()) == 0
    assert "Install" in capsys.readouterr().out
    assert run("explain", "--no-such-option", "app") == 2


def test_which_version_runs_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert re.fullmatch(r"Flosum assistant \d[\w.]+\n", capsys.readouterr().out)
    assert run("-h") == run("status", "-h") == 0
    assert "Show this message and exit." in capsys.readouterr().out


def test_without_an_org_the_terminal_says_what_to_type_there(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    told = f"No org is connected yet. Next: {to_type('orgs', 'add', 'prod')}"

    for line in ("status", "orgs", "orgs list"):
        assert run(*line.split()) == 0
        assert capsys.readouterr().out == f"{told}\n"
    for line in ("status prod", "orgs remove prod"):
        assert run(*line.split()) == 2
        assert capsys.readouterr().err == f"There is no org called prod. {told}\n"


@pytest.mark.parametrize(
    ("typed", "lines", "said"),
    [
        (("status", "--all", "--json"), 0, "No org is connected yet. Next: "),
        (("status", "--all", "--csv"), 1, "No org is connected yet. Next: "),
        (("orgs", "export"), 1, "No org is connected yet, so the file has its columns alone."),
        (("audit",), 0, "Nothing was changed yet, so the trail is empty."),
        (("audit", "--json"), 0, "Nothing was changed yet, so the trail is empty."),
    ],
)
def test_a_file_with_nothing_in_it_says_why_beside_it(
    run: Run, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...], lines: int, said: str
) -> None:
    assert run(*typed) == 0

    out, err = capsys.readouterr()
    assert len(out.splitlines()) == lines
    assert err.startswith(said)


@pytest.mark.parametrize("typed", [("explain",), ("explain", "-")])
def test_explain_reads_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
) -> None:
    type_in(monkeypatch, NOT_INSTALLED)

    assert run(*typed) == 0
    assert "Install" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [(), ("--channel",)])
def test_explain_reads_a_file_that_is_named(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, flags: tuple[str, ...]
) -> None:
    (tmp_path / "job.log").write_text(f"04:00:01 INFO begins\n04:00:07 ERROR {NOT_INSTALLED}\n", encoding="utf-8-sig")

    assert run("explain", *flags, str(tmp_path / "job.log")) == 0
    assert "Install" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["job", "my job", "my job.log", "café 7", "why", "--json.log", "error=invalid_grant"])
def test_a_file_that_is_there_may_be_called_anything(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_text(NOT_INSTALLED)
    monkeypatch.chdir(tmp_path)

    assert run("explain", "--", name) == 0
    assert "click Install beside the Flosum app" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [("log", ": the file log is empty.\n"), ("", ". Give the error: "), (" ", ". Give the error: ")],
)
def test_nothing_is_not_explained(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log").write_text("\n")

    assert run("explain", text) == 1

    told = capsys.readouterr()
    assert told.err.startswith(f"There is nothing to explain{said}")
    assert told.out == ""


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "{file}"),
        ("evaluate", "{file}"),
        ("orgs", "import", "{file}"),
        ("orgs", "add", "prod", "--host", "acme", "--consumer-key", CONSUMER_KEY, "--secret-file", "{file}"),
    ],
    ids=["explain", "evaluate", "import", "add"],
)
def test_every_command_says_the_same_of_a_file_that_cannot_be_read(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "a.log"
    folder.mkdir()
    assert run(*(word.format(file=folder) for word in command)) == 2
    assert capsys.readouterr().err == f"The file {folder} cannot be read: Is a directory.\n"

    (tmp_path / "b.log").write_text("prod", encoding="utf-16")
    assert run(*(word.format(file=tmp_path / "b.log") for word in command)) == 2
    assert capsys.readouterr().err.startswith(f"The file {tmp_path / 'b.log'} is saved as UTF-16; ")


BLOCKED_ONCE = "09:00:01 ERROR OAUTH_APP_BLOCKED: this app is blocked by admin"


@pytest.mark.parametrize(
    "line",
    [
        "09:00:03 INFO Login to Salesforce succeeded",
        "09:00:03 [auth] successfully logged in as deploy@acme.example (API v67.0)",
        "Logged in as deploy@acme.example",
        "Successfully authorized deploy@acme.example with org ID 00D5g000004uZQeEAM",
        "session established",
        '{"level":"info","msg":"authentication successful","org":"prod"}',
        "re-login: ok",
        "token refresh successful",
        "reconnected, connection restored",
    ],
)
def test_explain_says_that_a_login_went_well_further_down(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str
) -> None:
    (tmp_path / "job.log").write_text(f"{BLOCKED_ONCE}\nretrying in 30 s\n{line}\n200 records deployed\n")

    assert run("explain", str(tmp_path / "job.log")) == 0

    finding, after = capsys.readouterr().out.splitlines()[:2]
    assert "has blocked the app" in finding
    assert after == f"Further down it says “{line}”. If that is the same login, this is over."


@pytest.mark.parametrize(
    "log",
    [
        BLOCKED_ONCE,
        f"session established\n{BLOCKED_ONCE}",
        f"{BLOCKED_ONCE}\nlogin succeeded\n{BLOCKED_ONCE}",
        f"{BLOCKED_ONCE}\nlogin not successful",
        f"{BLOCKED_ONCE}\ndeploy@acme.example is not authorized",
        f"{BLOCKED_ONCE}\nlogin success: false",
        f"{BLOCKED_ONCE}\nwaiting until the login works",
        f"{BLOCKED_ONCE}\nlogin ok, then INVALID_SESSION_ID: Session expired or invalid",
        f"{BLOCKED_ONCE}\ndatabase ok\ndone",
    ],
)
def test_explain_says_nothing_of_a_login_that_did_not_go_well_last(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, log: str
) -> None:
    (tmp_path / "job.log").write_text(log)

    assert run("explain", str(tmp_path / "job.log")) == 0

    assert "Further down" not in capsys.readouterr().out


@pytest.mark.parametrize("lines", [3_000, 300_000])
def test_explain_finds_the_error_at_the_end_of_a_long_file(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, lines: int
) -> None:
    log = tmp_path / "job.log"
    log.write_text("04:00:01 INFO one more row\n" * lines + NOT_INSTALLED)
    assert run("explain", str(log)) == 0
    assert "Install" in capsys.readouterr().out

    log.write_text("04:00:01 INFO one more row\n" * 4_000)
    assert run("explain", str(log)) == 1
    assert "only its beginning and its end were looked at" in capsys.readouterr().err


@pytest.mark.parametrize(
    "named",
    [
        "/no/such/folder/job.log",
        "./job.log",
        "../job",
        "~nobody/job.log",
        "job.log",
        r"C:\logs\job.txt",
        f"/{'x' * 300}",
    ],
)
def test_explain_says_that_a_file_is_not_there(run: Run, capsys: pytest.CaptureFixture[str], named: str) -> None:
    assert run("explain", named) == 1

    printed = capsys.readouterr()
    assert printed.err == f"There is no file {named}, so its name was taken for the error: check the path.\n"
    assert "I have no guidance for that" in printed.out


@pytest.mark.parametrize(
    "text",
    [
        "lunch",
        "and/or",
        "OAUTH_APP_BLOCKED",
        "acme.my.salesforce.com",
        "https://acme.my.salesforce.com/services/oauth2/success",
        "/services/oauth2/callback?error=access_denied",
        "the file /tmp/job.log is empty",
    ],
)
def test_what_names_no_file_is_a_text_without_a_word_of_files(
    run: Run, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    run("explain", text)

    assert "file" not in capsys.readouterr().err


def test_explain_says_why_a_file_cannot_be_read(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "job.log").write_text(NOT_INSTALLED, encoding="utf-16")

    assert run("explain", str(tmp_path / "job.log")) == 2
    assert capsys.readouterr().err.endswith("job.log is saved as UTF-16; save it as UTF-8.\n")


def test_a_byte_that_is_no_utf_8_costs_a_log_nothing(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "job.log").write_bytes(b"caf\xe9 opened \xff\0\n" + NOT_INSTALLED.encode() + b"\n")

    assert run("explain", str(tmp_path / "job.log")) == 0
    assert "not installed in the org" in capsys.readouterr().out


def test_what_is_piped_in_another_encoding_is_told_as_of_a_file(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(NOT_INSTALLED.encode("utf-16").decode("utf-8", "replace")))

    assert run("explain") == 2
    assert capsys.readouterr().err.endswith("Standard input is saved as UTF-16; save it as UTF-8.\n")


def test_a_batch_takes_no_file(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "--batch", "texts.jsonl") == 2
    assert "--batch reads standard input alone" in capsys.readouterr().err


SECRET = "00D5g000004CYAb!AQEAQAb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9"


@pytest.mark.parametrize(
    "typed",
    [
        ("explain", f"./{SECRET}.log"),
        ("orgs", "import", f"/nowhere/{SECRET}.csv"),
        ("forget", "--user", SECRET),
        ("backup", f"/nowhere/{SECRET}"),
        ("status", SECRET),
    ],
)
def test_a_secret_among_the_arguments_is_not_told_again(
    run: Run, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
) -> None:
    assert run(*typed) != 0

    said = capsys.readouterr()
    assert SECRET[16:40] not in said.err + said.out
    assert said.err


def test_explain_json_is_the_contracts_object(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "--json", f"{NOT_INSTALLED}&code=aPrxSecretCode.123456789") == 0

    record = json.loads(capsys.readouterr().out)
    assert set(record) == CONTRACT
    assert (record["answered"], record["kind"], record["topic"]) == (True, "error", "app-not-installed")
    assert (record["code"], record["redacted"]) == ("invalid_client", 1)


def test_explain_json_of_nothing_known(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "--json", "lunch") == 1

    record = json.loads(capsys.readouterr().out)
    assert [record[name] for name in ("answered", "topic", "code", "title", "steps")] == [False, None, None, None, []]


def test_a_batch_keeps_order_and_ids(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, f'{{"id": "b", "text": "{NOT_INSTALLED}"}}\n\n{{"id": 7, "text": "lunch"}}\n')

    assert run("explain", "--batch", "--channel") == 0

    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(record["id"], record["answered"]) for record in records] == [("b", True), (7, False)]
    assert all(set(record) == {"id", *CONTRACT} for record in records)


def test_a_bad_line_of_a_batch_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, '{"id": 1, "text": "x"}\nnot json\n')

    assert run("explain", "--batch") == 2
    assert capsys.readouterr().err == 'Line 2 is not a JSON object with a "text".\n'


@pytest.mark.parametrize(
    ("line", "line_id"),
    [
        ("not json", 1),
        ("[1]", 1),
        ('"x"', 1),
        ("null", 1),
        ("{}", 1),
        ('{"id": "a"}', "a"),
        ('{"id": "a", "text": null}', "a"),
        ('{"id": "a", "text": {"text": "OAUTH_APP_BLOCKED"}}', "a"),
        ('{"id": "a", "text": true}', "a"),
        ('{"id": NaN, "text": "OAUTH_APP_BLOCKED"}', 1),
        ('{"id": 1e999, "text": "OAUTH_APP_BLOCKED"}', 1),
        ("[" * 100_000, 1),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_line_of_a_batch_has_its_line_and_the_others_are_answered(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, line_id: object
) -> None:
    type_in(monkeypatch, f'{line}\n{{"id": "b", "text": "{NOT_INSTALLED}"}}\n')

    assert run("explain", "--batch") == 2

    bad, good = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (bad["id"], bad["answered"], bad["topic"], bad["steps"]) == (line_id, False, None, [])
    assert bad["error"] == 'Line 1 is not a JSON object with a "text".'
    assert (good["id"], good["answered"]) == ("b", True)
    assert "error" not in good


def test_the_id_of_a_line_comes_back_whatever_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, '{"id": "half a character: \\ud83d", "text": "lunch"}\n')

    assert run("explain", "--batch") == 0
    assert json.loads(capsys.readouterr().out)["id"] == "half a character: \ud83d"


# --- orgs and status -----------------------------------------------------------------------------------


def test_an_org_that_cannot_be_read_any_more_is_not_ready_by_its_exit_code_either(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(run, salesforce, "prod", tmp_path) == 0
    salesforce.break_org("prod", OrgFault(status=503))
    capsys.readouterr()

    assert (run("status", "prod", "--json"), run("status", "--all", "--json")) == (1, 1)
    for line in capsys.readouterr().out.splitlines():
        found = json.loads(line)
        assert (found["verdict"], found["read"], found["last_verdict"]) == ("unknown", "failed", "ready")
        assert found["last_read_at"] == found["checked_at"]
    assert run("status", "--all") == 1
    assert "0 of 1 org ready, 1 not read" in capsys.readouterr().out
    salesforce.mend("prod")
    assert run("status", "--all") == 0


@pytest.mark.parametrize("name", ["prod", "uat"])
def test_an_org_is_added_checked_listed_and_removed(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert add(run, salesforce, name, tmp_path) == 0
    assert "Connected" in capsys.readouterr().out

    assert run("orgs", "list") == 0
    assert capsys.readouterr().out.startswith(f"{name}\t")

    assert run("status", name) == {"prod": 0, "uat": 1}[name]
    assert "Read from Salesforce just now" in capsys.readouterr().out

    assert run("orgs", "remove", name.upper()) == 0
    assert run("orgs", "list") == 0
    assert "No org is connected yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("all", "all means something else in my commands"),
        ("none", "none means something else"),
        ("sandboxes", "sandboxes means something else"),
        ("7", "7 means something else"),
        ("not ready", "not ready means something else"),
        ("<!channel>", "<!channel> cannot be an org's name"),
        ("x" * 61, "cannot be an org's name"),
        (" ", "What should the org be called?"),
    ],
)
def test_an_org_is_called_in_the_terminal_what_it_may_be_called_in_slack(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("5" * 20)
    arguments = ("--host", "acme", "--consumer-key", CONSUMER_KEY, "--secret-file", str(secret), "--no-check")

    assert run("orgs", "add", name, *arguments) == 2
    assert said in capsys.readouterr().err
    run("orgs", "list")
    assert "No org is connected yet" in capsys.readouterr().out


def test_status_json_is_the_contracts_object(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("prod", "emea-prod", "legacy"):
        add(run, salesforce, name, tmp_path)
    capsys.readouterr()

    assert run("status", "--all", "--json") == 1

    records = {record["org"]: record for record in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {name: record["verdict"] for name, record in records.items()} == {
        "prod": "ready",
        "emea-prod": "action-needed",
        "legacy": "unknown",
    }
    prod = records["prod"]["apps"][0]
    assert set(prod) == {
        "name", "required", "state", "permitted_users", "profiles", "permission_sets", "users_with_access", "last_used",
        "findings", "history", "benchmarks",
    }  # fmt: skip
    assert (prod["state"], prod["permitted_users"], prod["users_with_access"]) == ("installed", "admin-approved", 4)
    assert records["emea-prod"]["next_steps"][0]["topic"] == "install"
    assert records["legacy"]["apps"][0]["profiles"] is None
    assert records["prod"]["tags"] == []


def test_status_json_has_the_tags_of_an_org() -> None:
    org = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, tags=("emea", "critical"))

    assert status_json(Diagnosis(org, Verdict.UNKNOWN, "", "", (), None))["tags"] == ["emea", "critical"]


def test_a_refused_login_saves_nothing_and_explains_itself(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(run, salesforce, "partner", tmp_path) == 2

    said = capsys.readouterr().err
    assert "Nothing was saved." in said
    assert "This concerns the assistant's own login to that org, not Flosum's apps." in said
    assert "Update Token" not in said
    run("orgs", "list")
    assert "No org is connected yet" in capsys.readouterr().out


def test_what_the_terminal_says_of_a_refused_login_has_steps_and_no_markup(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    salesforce.break_org("prod", OrgFault(status=400, body=b'{"error": "app_blocked"}', path=LOGIN))

    assert add(run, salesforce, "prod", tmp_path) == 2

    said = capsys.readouterr().err
    assert "under Connected Apps OAuth Usage.\n" in said
    assert " 2. Find this assistant's app and click Unblock.\n" in said
    assert not set("*`") & set(said)


def test_a_secret_is_never_asked_for_where_nobody_can_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "")

    assert run("orgs", "add", "prod", "--host", "acme", "--consumer-key", "k") == 2
    assert capsys.readouterr().err == "Consumer secret is missing; give --secret-file.\n"


@pytest.mark.parametrize(
    ("host", "said"),
    [("evil.example.com", "is not the address of one Salesforce org"), ("login.salesforce.com", "is not the address")],
)
def test_a_host_that_is_no_org_is_refused(run: Run, capsys: pytest.CaptureFixture[str], host: str, said: str) -> None:
    assert run("orgs", "add", "prod", "--host", host) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        ("-----BEGIN CERTIFICATE-----\nx", "That is the certificate"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx", "locked with a passphrase"),
        ("ssh-rsa AAAA", "That is no private key"),
    ],
)
def test_a_wrong_key_file_is_told_apart(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], pem: str, said: str
) -> None:
    (tmp_path / "key.pem").write_text(pem)

    arguments = ("orgs", "add", "uat", "--host", "acme", "--username", "a@b.c", "--consumer-key", "k")
    assert run(*arguments, "--key-file", str(tmp_path / "key.pem")) == 2
    assert said in capsys.readouterr().err


def test_an_org_can_be_told_in_detail(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(run, salesforce, "prod", tmp_path)
    capsys.readouterr()

    assert run("status", "prod", "--details") == 0
    told = capsys.readouterr().out
    assert "API Access Control" in told
    assert not set("*`") & set(told)
    for wrong in (["--details"], ["prod", "--details", "--json"], ["--all", "--details"]):
        assert run("status", *wrong) == 2
        assert capsys.readouterr().err.startswith("--details are of one org")


def test_an_unknown_org_is_answered_with_the_known_ones(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(run, salesforce, "prod", tmp_path)

    assert run("status", "prdo") == 2
    assert capsys.readouterr().err == "There is no org called prdo. Connected orgs: prod.\n"


def test_the_digest_can_be_looked_at_without_slack(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(run, salesforce, "emea-prod", tmp_path)
    capsys.readouterr()

    assert run("digest", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "Flosum apps: 0 of 1 org ready" in said
    assert "Next" not in said  # none is set, so none comes


def test_the_digests_of_a_workspace_can_be_looked_at_as_they_come_at_a_time(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(run, salesforce, "emea-prod", tmp_path)
    assert run("digest", "--dry-run", "--workspace", "local") == 2
    assert capsys.readouterr().err == "No digest is on in that workspace.\n"
    store = opened(f"sqlite:///{tmp_path}/cli.db")
    store.keep_subscription(weekly("local", "C1", zone="Europe/Berlin"))
    store.keep_subscription(weekly("local", "C2", weekday=4, id="second"))
    store.close()

    assert run("digest", "--dry-run", "--workspace", "local", "--at", "2026-12-07T08:00Z") == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "Monday 7 December, 09:00 Europe/Berlin, to C1"
    assert second == "⛔ Flosum apps: 0 of 1 org ready"

    assert run("digest", "--dry-run", "--workspace", "local") == 0
    assert capsys.readouterr().out.count("Flosum apps: 0 of 1 org ready") == 2
    assert run("digest", "--dry-run", "--workspace", "local", "--at", "2026-12-07 08:01") == 2
    told = "No digest is due at that time. The next one is due Friday 11 December, 09:00 UTC.\n"
    assert capsys.readouterr().err == told
    assert run("digest", "--at", "2026-12-07 08:01") == 2
    capsys.readouterr()
    assert run("digest", "--dry-run", "--at", "someday") == 2
    assert capsys.readouterr().err == "--at someday is no time. For example, in UTC: --at 2026-11-30T09:00\n"


# --- running and looking after it ----------------------------------------------------------------------


def test_running_without_a_way_in_is_one_sentence(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert capsys.readouterr().err.startswith("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing")


def test_running_without_a_bot_token_is_one_sentence(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", slack_signing_secret="s") == 2
    assert "SLACK_BOT_TOKEN is missing" in capsys.readouterr().err


def test_a_wrong_setting_is_one_sentence_for_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOSUM_PORT", "many")

    assert main(CommandLineParts(), ["orgs", "list"]) == 2
    assert capsys.readouterr().err == "FLOSUM_PORT is not right: a port is a number from 0 to 65535.\n"


def test_migrate_says_what_it_did(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate") == 0
    assert "It was at none." in capsys.readouterr().out

    assert run("migrate") == 0
    assert "It was at" not in capsys.readouterr().out


def test_an_unknown_command_is_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("statsu") == 2
    assert "statsu" in capsys.readouterr().err


def test_what_doctor_prints_has_no_markup() -> None:
    line = output.finding_line(CheckResult("salesforce", False, "`login.salesforce.com` broke off", "Check **TLS**."))

    assert line == "⛔ salesforce: login.salesforce.com broke off\n   Fix: Check TLS."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hunter2 x", "The consumer secret is not right: there is a space or a line break in the middle"),
        (b"3MVG9hunter2hunter2hunter2hunter2", "is not right: that is a consumer key of Salesforce"),
        (b"xoxb-hunter2", "is not right: that is a bot token"),
        ("hunter2".encode("utf-16"), "is saved as UTF-16; save it as UTF-8"),
        ("\ufeff \n".encode(), "The consumer secret is empty"),
    ],
)
def test_a_secret_file_that_is_wrong_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (tmp_path / "secret").write_bytes(content)

    arguments = ("orgs", "add", "prod", "--host", "acme", "--consumer-key", "k")
    assert run(*arguments, "--secret-file", str(tmp_path / "secret")) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "hunter2" not in told


@pytest.mark.parametrize("around", ["\ufeff{}\r\n", "\u200b{} \n", '"{}"\n', "{}\u00a0"])
def test_what_editors_leave_around_a_secret_in_a_file_is_taken_off(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, around: str
) -> None:
    org, credentials = next(each for each in salesforce.built_in(LOCAL) if each[1].consumer_secret)
    (tmp_path / "secret").write_text(around.format(credentials.consumer_secret), encoding="utf-8")

    arguments = ("orgs", "add", org.name, "--host", org.host, "--consumer-key", f"\ufeff{credentials.consumer_key} ")
    assert run(*arguments, "--secret-file", str(tmp_path / "secret")) == 0


# --- orgs import and export ----------------------------------------------------------------------------


def org_file(folder: Path, salesforce: BuiltInSalesforce, *names: str) -> Path:
    """A file that connects built-in orgs, with the files that hold their secrets beside it."""
    lines = ["name;host;username;consumer_key;secret_file;key_file;apps;owner"]
    for org, credentials in salesforce.built_in(LOCAL):
        if org.name not in names:
            continue
        (folder / f"{org.name}.secret").write_text(f"{credentials.private_key or credentials.consumer_secret}\n")
        files = ("", f"{org.name}.secret") if credentials.private_key else (f"{org.name}.secret", "")
        cells = (org.name, org.host, org.username or "", credentials.consumer_key, *files, "both", "U0123")
        lines.append(";".join(cells))
    path = folder / "orgs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def test_many_orgs_are_connected_from_a_file_after_a_trial(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(org_file(tmp_path, salesforce, "prod", "uat"))

    assert run("orgs", "import", file) == 0
    trial = capsys.readouterr().out
    assert run("orgs", "list") == 0
    assert capsys.readouterr().out.startswith("No org is connected yet")
    assert (trial.count("would be connected"), trial.count("--yes")) == (2, 1)

    assert run("orgs", "import", file, "--yes") == 0
    assert capsys.readouterr().out.count(": connected (") == 2
    assert run("status", "prod", "--json") in (0, 1)
    assert json.loads(capsys.readouterr().out)["organization_id"]

    assert run("orgs", "import", file, "--yes") == 0
    assert capsys.readouterr().out.count("is connected already, as the row says") == 2


def test_each_row_of_a_file_has_its_own_answer(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = org_file(tmp_path, salesforce, "prod", "uat")
    wrong = "nope;acme-nope;;3MVG9;prod.secret;;;\nlost;acme-lost;;;gone.secret;;;\nbad;login.salesforce.com;\n"
    file.write_text(file.read_text(encoding="utf-8-sig") + wrong)

    assert run("orgs", "import", str(file)) == 1
    assert "line 5, lost: the file gone.secret is not there" in capsys.readouterr().out

    assert run("orgs", "import", str(file), "--yes") == 1
    said = capsys.readouterr().out
    assert said.count(": connected (") == 2
    assert said.count("\nline ") == 3
    assert "2 of 5 rows are as the file says; 3 rows need another look" in said
    assert (tmp_path / "prod.secret").read_text().strip() not in said


def test_a_file_changes_apps_and_owner_and_nothing_else(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = org_file(tmp_path, salesforce, "prod")
    text = file.read_text(encoding="utf-8-sig")
    run("orgs", "import", str(file), "--yes")

    file.write_text(text.replace("both;U0123", "backup;C0777"))
    assert run("orgs", "import", str(file)) == 0
    assert run("orgs", "import", str(file), "--yes") == 0
    said = capsys.readouterr().out
    assert "prod: is connected already; apps and owner would be changed" in said
    assert "prod: is connected already; apps and owner changed" in said

    file.write_text(text.replace(".my.salesforce.com", "-2.my.salesforce.com"))
    assert run("orgs", "import", str(file), "--yes") == 1
    assert "remove it first, or name the row otherwise" in capsys.readouterr().out

    assert run("orgs", "export") == 0
    exported = capsys.readouterr().out
    assert exported.splitlines()[1].endswith(",backup,C0777,none,no")
    file.write_text(exported)
    assert run("orgs", "import", str(file), "--yes") == 0
    assert "as the row says" in capsys.readouterr().out


def test_a_file_without_columns_for_it_changes_nothing(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = org_file(tmp_path, salesforce, "prod")
    whole = (
        file.read_text(encoding="utf-8-sig")
        .replace("owner\n", "owner;allow_grants\n")
        .replace("U0123\n", "U0123;yes\n")
    )
    file.write_text(whole)
    assert run("orgs", "import", str(file), "--yes") == 0
    capsys.readouterr()
    run("orgs", "export")
    before = capsys.readouterr().out
    assert before.splitlines()[1].endswith(",both,U0123,none,yes")

    host, username = before.splitlines()[1].split(",")[1], before.splitlines()[1].split(",")[3]
    for text in (f"name,host,username\nprod,{host},{username.upper()}\n", before):
        file.write_text(text)
        assert run("orgs", "import", str(file), "--yes") == 0
        assert "is connected already, as the row says" in capsys.readouterr().out
    run("orgs", "export")
    assert capsys.readouterr().out == before

    file.write_text(f"name,host,username,owner,allow_grants\nprod,{host},{username},none,no\n")
    assert run("orgs", "import", str(file), "--yes") == 0
    assert "owner and whether access may be granted changed" in capsys.readouterr().out
    run("orgs", "export")
    assert capsys.readouterr().out.splitlines()[1].endswith(",both,none,none,no")


def test_a_trial_tells_what_would_go_wrong_or_be_asked_for(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = org_file(tmp_path, salesforce, "prod")
    run("orgs", "import", str(file), "--yes")
    host = file.read_text(encoding="utf-8-sig").splitlines()[1].split(";")[1]
    (tmp_path / "locked.pem").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx")
    (tmp_path / "two").write_text("one two")
    rows = {
        f"twice,{host},,,,": "is connected already, as prod; call the row so, or remove prod first",
        "own,acme-a,browser,,,": "login browser is for the person whose it is: /flosum connect in Slack",
        "locked,acme-b,,a@b.c,,locked.pem": "locked with a passphrase",
        "keyless,acme-c,,a@b.c,,": "JWT bearer needs the private key: fill in key_file or set SALESFORCE_JWT_KEY",
        "broken,acme-d,,,two,": "The consumer secret is not right: there is a space",
        "asked,acme-e,,,,": "would be connected with client credentials (acme-e.my.salesforce.com); "
        "its consumer key and consumer secret will be asked for",
    }
    file.write_text("\n".join(["name,host,login,username,secret_file,key_file", *rows]) + "\n")
    capsys.readouterr()

    assert run("orgs", "import", str(file)) == 1

    for line, said in zip(capsys.readouterr().out.splitlines(), rows.values(), strict=False):
        assert said in line


def test_an_org_of_somebody_s_browser_is_exported_and_left_as_it_is(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its login is theirs, and so is whether access may be granted."""
    store = opened(f"sqlite:///{tmp_path}/cli.db")
    store.add_org(Org(LOCAL, "prod", "acme.my.salesforce.com", Login.BROWSER, "anna@acme.com"), Credentials("k"))
    store.close()
    assert run("orgs", "export") == 0
    file = tmp_path / "orgs.csv"
    file.write_text(exported := capsys.readouterr().out)

    assert run("orgs", "import", str(file), "--yes") == 0
    assert "is connected already, as the row says" in capsys.readouterr().out
    file.write_text(exported.replace(",no\n", ",yes\n"))
    assert run("orgs", "import", str(file), "--yes") == 1
    assert "whether access may be granted in it says whoever logs in" in capsys.readouterr().out


def test_a_file_tags_orgs_and_one_without_tags_leaves_them(
    run: Run, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = org_file(tmp_path, salesforce, "prod")
    without = file.read_text(encoding="utf-8-sig")
    tagged = without.replace("owner\n", "owner;tags\n").replace("U0123\n", "U0123;TAGS\n")

    def tags_after(text: str) -> str:
        file.write_text(text)
        assert run("orgs", "import", str(file), "--yes") == 0
        capsys.readouterr()
        run("orgs", "export")
        return capsys.readouterr().out.splitlines()[1].split(",")[-2]

    assert tags_after(tagged.replace("TAGS", '"EMEA, wave-2"')) == "emea wave-2"
    assert tags_after(without) == "emea wave-2"
    assert tags_after(tagged.replace("TAGS", "")) == "emea wave-2"
    assert tags_after(tagged.replace("TAGS", "crm")) == "crm"
    assert tags_after(tagged.replace("TAGS", "none")) == "none"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,host\nprod,acme\n".encode("utf-16"), "in Excel choose CSV UTF-8"),
        ("name,host\nmünchen,acme\n".encode("latin-1"), "is not UTF-8"),
        (b"name,host,secret\nprod,acme,hunter2\n", "would hold secrets"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "orgs.csv").write_bytes(content)

    assert run("orgs", "import", str(tmp_path / "orgs.csv")) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "hunter2" not in told.out + told.err
