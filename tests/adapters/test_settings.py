"""Settings: one sentence for each that is wrong, and no secret in any of them."""

import os
import re
import threading
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from bot.adapters import named_file
from bot.adapters.setting_readers import READERS, Secret
from bot.adapters.settings import Settings, given, load, reveal
from bot.domain.errors import OperatorError

SECRET = "xoxb-0123456789-planted"
METRICS = "an address is a host and a port, as in 127.0.0.1:9464; off for none"
DATABASES = "SQLite (sqlite:///…) and PostgreSQL (postgresql://…)"

WRITTEN = "postgresql://user:password@host:5432/name, with the signs @ and % of a password as %40 and %25"
SLASHES = "the path of a file stands behind three slashes, or four where it begins with one"
FOLDER = "that is a folder; name a file in it"
BOT, APP = "a bot token starts with xoxb-", "an app-level token starts with xapp-"
BOTS, APPS = "a bot token, which belongs in SLACK_BOT_TOKEN", "an app-level token, which belongs in SLACK_APP_TOKEN"
CLIENT = "a client ID, which belongs in SLACK_CLIENT_ID"
USERS = "a user's token, which the assistant does not use"
HEX = (
    "by its form a signing secret or a client secret of Slack, "
    "which belongs in SLACK_SIGNING_SECRET or SLACK_CLIENT_SECRET"
)
KINDS = {
    "SLACK_BOT_TOKEN": ("xoxb-1-2-a", "a bot token"),
    "SLACK_APP_TOKEN": ("xapp-1-A-2-b", "an app-level token"),
    "SLACK_CLIENT_ID": ("123456.123456", "a client ID"),
    "SLACK_SIGNING_SECRET": ("0a" * 16, "a signing secret or a client secret of Slack"),
    "SLACK_CLIENT_SECRET": ("0b" * 16, "a signing secret or a client secret of Slack"),
    "SALESFORCE_CLIENT_ID": (f"3MVG9{'a.B_' * 20}", "a consumer key of Salesforce"),
    "SALESFORCE_JWT_CLIENT_ID": (f"3MVG9{'b.C_' * 20}", "a consumer key of Salesforce"),
    "SALESFORCE_CLIENT_SECRET": ("A1" * 32, "a consumer secret of Salesforce"),
    "SALESFORCE_JWT_KEY": (f"-----BEGIN PRIVATE KEY-----\n{'MAYC' * 9}\n-----END PRIVATE KEY-----", "a key"),
    "FLOSUM_SECRET_KEYS": (f"{'a-_Z' * 10}abc=", "an encryption key"),
    "FLOSUM_DATABASE_URL": ("postgresql://u:p@h/d", "the address of a database"),
}
"""Each setting that holds a secret, with one of its form, and how that is called elsewhere."""
SAME_FORM = {
    ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"),
    ("SALESFORCE_CLIENT_ID", "SALESFORCE_JWT_CLIENT_ID"),
}
BROKEN = "there is a space or a line break in the middle of it; copy it once more"
ADDRESS = "that is no web address; it is written as in https://bot.example.com"
EXAMPLE = "that is still the example; put the real one in its place"
FOREIGN = "there is a letter in it that none has; copy it once more"
CUT = "it is cut off; copy it once more"
NAMED = "a name stands in front of the value once more; give the value alone"
A_FILE = "a file is written sqlite:///path/to/file.db, with four slashes where the path begins with one"
SLACK_APP = "by its form the ID of a Slack app, which the assistant does not use"
ORG, MAIL = "the ID of an org of Salesforce", "an e-mail address or the name of a user"
REMARK = "a remark stands behind the value, and is taken as a part of it; put it on a line of its own"
LONG, TOO_LONG = ("x" * 5000, "ß" * 300), "nothing of that name can be looked at (File name too long)"
WITH_USER = "it holds a user or a password; give it without, for it is shown to people"
XN = "a name with other letters than a to z is written as browsers send it, with xn--"
SLACKS_OWN = "that of Slack is https://slack.com/api/; leave it out for that"
HOST = "it is a name or an address alone, as in 127.0.0.1"
NOT_PUT_IN = "that only names where the secret is kept, and nobody put the secret in its place"
WRITTEN_OUT = "the path is written out; ~ and $ stand for nothing in it"
MEMBERS = "each is a Slack member ID such as U0123ABCD (in Slack: profile, ⋮, Copy member ID), with commas between"


def sentences(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as caught:
        load()
    return caught.value.text.splitlines()


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    settings = load()

    assert settings.flosum_port == 3000
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/flosum-assistant/assistant.db"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("FLOSUM_DATABASE_ULR", "; did you mean FLOSUM_DATABASE_URL?"),
        ("FLOSUM_SLACK_BOT_TOKEN", "; did you mean SLACK_BOT_TOKEN?"),
        ("FLOSUM_DIGEST", "."),
        ("FLOSUM_TIMEZONE", "."),
    ],
)
def test_a_mistyped_name_is_told_with_the_right_one(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    assert sentences(monkeypatch, **{name: "sqlite://"}) == [f"{name} is not a setting of the assistant{meant}"]


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "FLOSUM_PORT"])
def test_a_first_name_with_an_editor_s_mark_in_front_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As Docker's ``--env-file`` hands it over; in a ``.env`` that the bot itself reads the mark does no harm."""
    (said,) = sentences(monkeypatch, **{f"\ufeff{name}": "1"})

    assert said.startswith(f"The name {name} has an invisible mark (BOM) in front")


def test_a_mark_in_front_of_somebody_else_s_name_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("\ufeffEDITOR", "vi")

    assert load().flosum_port == 3000


def test_a_mistyped_name_in_the_env_file_is_found_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FLOSUM_HOTS=x\n")

    with pytest.raises(OperatorError, match="FLOSUM_HOTS is not a setting"):
        load()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FLOSUM_PORT", "eighty", "FLOSUM_PORT is not right: a port is a number from 0 to 65535."),
        *(
            ("FLOSUM_PORT", value, "FLOSUM_PORT is not right: a port is a number from 0 to 65535.")
            for value in ("70000", "-1", "+80", "8_0", "80.0", "٣٠", "9" * 5000)
        ),
        ("SLACK_BOT_TOKEN", "xoxp-1", f"SLACK_BOT_TOKEN is not right: {BOT}; that is {USERS}."),
        ("SLACK_BOT_TOKEN", "xapp-1-A-2", f"SLACK_BOT_TOKEN is not right: {BOT}; that is {APPS}."),
        ("SLACK_BOT_TOKEN", "0a" * 16, f"SLACK_BOT_TOKEN is not right: {BOT}; that is {HEX}."),
        ("SLACK_BOT_TOKEN", "token", f"SLACK_BOT_TOKEN is not right: {BOT}."),
        ("SLACK_BOT_TOKEN", "xoxb-1 2", f"SLACK_BOT_TOKEN is not right: {BROKEN}."),
        ("SLACK_BOT_TOKEN", "xoxb-1\n2", f"SLACK_BOT_TOKEN is not right: {BROKEN}."),
        ("SLACK_BOT_TOKEN", "xoxb-…", f"SLACK_BOT_TOKEN is not right: {EXAMPLE}."),
        ("SLACK_BOT_TOKEN", "xoxb-your-token", f"SLACK_BOT_TOKEN is not right: {EXAMPLE}."),
        ("SLACK_BOT_TOKEN", "xoxb-1\u200b2", f"SLACK_BOT_TOKEN is not right: {FOREIGN}."),
        *(
            (name, f"{value}{stray}", f"{name} is not right: {FOREIGN}.")
            for name, (value, _) in KINDS.items()
            if name not in ("SALESFORCE_JWT_KEY", "FLOSUM_DATABASE_URL", "FLOSUM_SECRET_KEYS")
            for stray in (";", ",", "'", '"', "#x", "}", "<", "`", "&x=1", "\\n")
        ),
        *(
            (name, f"{written}{value}", f"{name} is not right: {NAMED}.")
            for name, (value, _) in KINDS.items()
            for written in (f"{name}=", f"export {name}=", "SLACK_TOKEN = ")
        ),
        *(
            (name, value, f"{name} is not right: {EXAMPLE}.")
            for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SALESFORCE_CLIENT_SECRET")
            for value in ("changeme", "xoxb-xxxxxxxxxxxx", "xoxb-***", "********", "XXXX-XXXX-xxxxxxxx")
        ),
        ("FLOSUM_PUBLIC_URL", "https://your-host", f"FLOSUM_PUBLIC_URL is not right: {EXAMPLE}."),
        *(("SLACK_BOT_TOKEN", value, f"SLACK_BOT_TOKEN is not right: {CUT}.") for value in ("xoxb-", "xoxe.xoxb-")),
        ("SLACK_APP_TOKEN", "xapp-", f"SLACK_APP_TOKEN is not right: {CUT}."),
        ("SLACK_CLIENT_ID", "A0123ABCD", f"SLACK_CLIENT_ID is not right: that is {SLACK_APP}."),
        ("SALESFORCE_CLIENT_ID", "00D5g000004XyZz", f"SALESFORCE_CLIENT_ID is not right: that is {ORG}."),
        ("SALESFORCE_CLIENT_ID", "bot@acme.com", f"SALESFORCE_CLIENT_ID is not right: that is {MAIL}."),
        ("SLACK_APP_TOKEN", SECRET, f"SLACK_APP_TOKEN is not right: {APP}; that is {BOTS}."),
        ("SLACK_APP_TOKEN", "xapp-1 # Socket Mode", f"SLACK_APP_TOKEN is not right: {REMARK}."),
        ("FLOSUM_PORT", "3000 # the default", f"FLOSUM_PORT is not right: {REMARK}."),
        ("SLACK_SIGNING_SECRET", SECRET, f"SLACK_SIGNING_SECRET is not right: that is {BOTS}."),
        ("SLACK_SIGNING_SECRET", "xapp-1", f"SLACK_SIGNING_SECRET is not right: that is {APPS}."),
        ("SLACK_SIGNING_SECRET", "1234567890.1234567890", f"SLACK_SIGNING_SECRET is not right: that is {CLIENT}."),
        ("SLACK_CLIENT_ID", "0a" * 16, f"SLACK_CLIENT_ID is not right: that is {HEX}."),
        ("SLACK_CLIENT_SECRET", "12345.67890", f"SLACK_CLIENT_SECRET is not right: that is {CLIENT}."),
        ("FLOSUM_ADMINS", "U0123ABCD,anna", f"FLOSUM_ADMINS is not right: {MEMBERS}."),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL is not right: a web address starts with https://."),
        ("SLACK_API_URL", "https://", f"SLACK_API_URL is not right: {ADDRESS}."),
        *(
            ("FLOSUM_PUBLIC_URL", value, f"FLOSUM_PUBLIC_URL is not right: {ADDRESS}.")
            for value in ("https://", "https://b x", "https://b:port", "https://b?x=1", "http://[::1")
        ),
        *(
            ("FLOSUM_PUBLIC_URL", value, f"FLOSUM_PUBLIC_URL is not right: {ADDRESS}.")
            for value in (
                *("https://b.example.com#", "https://b.example.com?", "https://b.example.com;", "https://b;/x"),
                *('https://b.example.com"', "https://b.example.com\\", "https://b,https://c", "https://https://b"),
                *("https://{host}", "https://$HOST", "https://*.example.com", "https://b..example.com", "https://-b"),
                *(
                    f"https://{'b' * 64}.example.com",
                    "https://b.example.com:0",
                    "https://b:",
                    "https://b.example.com/a|b",
                ),
            )
        ),
        ("FLOSUM_PUBLIC_URL", "https://u:p@b.example.com", f"FLOSUM_PUBLIC_URL is not right: {WITH_USER}."),
        ("SLACK_API_URL", "https://token@slack.com/api/", f"SLACK_API_URL is not right: {WITH_USER}."),
        ("FLOSUM_PUBLIC_URL", "https://bücher.example.com", f"FLOSUM_PUBLIC_URL is not right: {XN}."),
        *(
            ("SLACK_API_URL", value, f"SLACK_API_URL is not right: {SLACKS_OWN}.")
            for value in (
                *(
                    "https://slack.com",
                    "http://slack.com/api/",
                    "https://slack.com/api/auth.test",
                    "https://slack.com/",
                ),
                *("https://hooks.slack.com/services/T0/B0/x", "https://acme.slack.com", "https://slack-gov.com"),
            )
        ),
        *(
            ("FLOSUM_HOST", value, f"FLOSUM_HOST is not right: {HOST}.")
            for value in (
                *(
                    "127.0.0.1,::1",
                    "localhost:",
                    '"0.0.0.0',
                    "0.0.0.0\\",
                    "127.0.0.1/8",
                    "..",
                    "-",
                    "ÿ",
                    "{host}",
                    "[::1",
                ),
            )
        ),
        *(
            (name, value, f"{name} is not right: {said}.")
            for name in ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "SALESFORCE_CLIENT_ID", "FLOSUM_SECRET_KEYS")
            for value, said in (
                *((word, EXAMPLE) for word in ("null", "None", "TODO", "replace_me", "undefined")),
                *((word, NOT_PUT_IN) for word in ("${SECRET}", "$SECRET", "{{secret}}", "{{ .Values.secret }}")),
                *((word, NOT_PUT_IN) for word in ("op://vault/slack/token", "arn:aws:secretsmanager:eu:1:secret:x")),
            )
        ),
        (
            "FLOSUM_PUBLIC_URL",
            "https://b.example.com/slack/events/",
            "FLOSUM_PUBLIC_URL is not right: give it without /slack/events, which the assistant puts behind it.",
        ),
        ("FLOSUM_HOST", "0.0.0.0:3000", "FLOSUM_HOST is not right: the port stands in FLOSUM_PORT."),
        (
            "FLOSUM_HOST",
            "http://0.0.0.0",
            "FLOSUM_HOST is not right: it is a name or an address alone, as in 127.0.0.1.",
        ),
        *(
            (
                "FLOSUM_METRICS_ADDRESS",
                value,
                f"FLOSUM_METRICS_ADDRESS is not right: {METRICS}.",
            )
            for value in (
                *("9464", "127.0.0.1", ":9464", "127.0.0.1:x", "127.0.0.1:70000", "[]:9464", "[::1:9464", "a b:9464"),
                *("http://127.0.0.1:9464", "127.0.0.1:9464/metrics", "127.0.0.1:" + "9" * 5000),
            )
        ),
        *(
            ("FLOSUM_GUIDANCE_DIR", value, "FLOSUM_GUIDANCE_DIR is not right: there is no folder of that name.")
            for value in ("/not/there", "/dev/null", "/dev/null/below")
        ),
        *(("FLOSUM_GUIDANCE_DIR", value, f"FLOSUM_GUIDANCE_DIR is not right: {TOO_LONG}.") for value in LONG),
        *(("SSL_CERT_FILE", value, f"SSL_CERT_FILE is not right: {TOO_LONG}.") for value in LONG),
        *(
            (
                name,
                "-----BEGIN CERTIFICATE-----\n" + "MIIB" * 2000,
                f"{name} is not right: that is a certificate itself; name a file of certificates.",
            )
            for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
        ),
        (
            "FLOSUM_DATABASE_URL",
            "mysql://u:p@h/d",
            f"FLOSUM_DATABASE_URL is not right: only {DATABASES} are supported.",
        ),
        *(
            ("FLOSUM_DATABASE_URL", value, f"FLOSUM_DATABASE_URL is not right: {said}.")
            for value, said in (
                ("postgresql+psycopg2://u:p@h/d", "another driver is not there; write postgresql:// without +psycopg2"),
                ("sqlite+aiosqlite:///x.db", "another driver is not there; write sqlite:// without +aiosqlite"),
                ("postgresql://user:password@host/name", EXAMPLE),
                ("postgresql://<user>:<password>@db/flosum", EXAMPLE),
                *((path, A_FILE) for path in ("/var/lib/flosum.db", "./data.db", "data.sqlite3", "file:x.db")),
                ("DATABASE_URL=postgresql://u:p@h/d", NAMED),
                ("postgresql://u:p@ss@h/d", "an @ in the password is written %40"),
                ("postgresql://u:p@h:port/d", f"that is no address of a database; it is written {WRITTEN}"),
                ("postgresql:/h/d", f"that is no address of a database; it is written {WRITTEN}"),
                ("postgres", f"that is no address of a database; it is written {WRITTEN}"),
                ("sqlite", "that is no address of a database; it is written sqlite:///path/to/file.db"),
                ("sqlite://bot.db", SLASHES),
                *((f"sqlite:///{path}", FOLDER) for path in (".", "..", "data/", "/var/lib/flosum/", "/var/../")),
                *(
                    (f"sqlite:///a.db?{options}", "the timeout behind it is a number of seconds")
                    for options in ("timeout=", "timeout=soon", "mode=rw&timeout=5s")
                ),
                *(
                    (f"sqlite:///a.db?{options}", "behind the question mark stands something that SQLite does not know")
                    for options in ("timeuot=5", "mode=ro", "timeout=5&x=1", "x")
                ),
                *(
                    (f"sqlite://{path}", WRITTEN_OUT)
                    for path in ("/~/bot.db", "//~bot/x.db", "/$HOME/x.db", "//${X}/b.db")
                ),
                (
                    "sqlite:////var/lib/bot.key",
                    "a name that ends in .key is that of the key file beside it; let it end in .db",
                ),
            )
        ),
    ],
)
def test_a_wrong_value_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    assert sentences(monkeypatch, **{name: value}) == [said]


@pytest.mark.parametrize(
    ("name", "other"), [(name, other) for name in KINDS for other in KINDS if name != other], ids="<-".join
)
def test_a_secret_in_the_place_of_another_is_told(monkeypatch: pytest.MonkeyPatch, name: str, other: str) -> None:
    value, called = KINDS[other]
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", KINDS["FLOSUM_SECRET_KEYS"][0])
    if {(name, other), (other, name)} & SAME_FORM:
        monkeypatch.setenv(name, value)
        load()
        return

    (said,) = sentences(monkeypatch, **{name: value})

    assert said.startswith(f"{name} is not right: ")
    assert called in said or "a space or a line break" in said
    assert value not in said


@pytest.mark.parametrize("inside", [" ", "\n", "\u200b", "\u00a0", "…"])
@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("SALESFORCE_JWT_KEY", "FLOSUM_DATABASE_URL")])
def test_what_is_broken_in_the_middle_is_told(monkeypatch: pytest.MonkeyPatch, name: str, inside: str) -> None:
    value = KINDS[name][0]

    (said,) = sentences(monkeypatch, **{name: f"{value[:8]}{inside}{value[8:]}"})

    assert said.startswith(f"{name} is not right: ")


@pytest.mark.parametrize("name", KINDS)
def test_each_is_taken_where_it_belongs(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", KINDS["FLOSUM_SECRET_KEYS"][0])
    monkeypatch.setenv(name, KINDS[name][0])

    load()


def test_one_secret_in_two_places_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentences(monkeypatch, SLACK_SIGNING_SECRET="0a" * 16, SLACK_CLIENT_SECRET="0a" * 16) == [
        "SLACK_SIGNING_SECRET and SLACK_CLIENT_SECRET hold the same; Basic Information shows two."
    ]


def test_a_key_without_its_lines_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (said,) = sentences(monkeypatch, SALESFORCE_JWT_KEY="MIIEvQIBADAN" + "Abc+/" * 60)

    without = "that is a key without the lines BEGIN and END around it; give the whole of it"
    assert said == f"SALESFORCE_JWT_KEY is not right: {without}."


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (None, ("127.0.0.1", 9464)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104 - read, not bound to
        ("[::1]:9464", ("::1", 9464)),
        ("OFF", None),
        ("", None),
        (" ", None),
    ],
)
def test_the_operators_address_has_a_default_and_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, value: str | None, address: tuple[str, int] | None
) -> None:
    if value is not None:
        monkeypatch.setenv("FLOSUM_METRICS_ADDRESS", value)

    assert load().metrics_address == address


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        *(
            (value, value)
            for value in (
                *("https://b.example.com", "http://127.0.0.1:3000", "https://b.example.com/flosum/", "https://b"),
                *("https://b.example.com./", "https://[fd00::1]:3000/", "https://b_1.example.com/a-b/~c/"),
            )
        ),
        ("HTTPS://Bot.Example.com", "https://Bot.Example.com"),
    ],
)
def test_an_address_may_have_a_port_and_a_path(monkeypatch: pytest.MonkeyPatch, value: str, taken: str) -> None:
    monkeypatch.setenv("FLOSUM_PUBLIC_URL", value)

    assert load().flosum_public_url == taken


@pytest.mark.parametrize(
    ("value", "taken"),
    [("::1", "::1"), ("[::1]", "::1"), ("*", "*"), ("fe80::1%eth0", "fe80::1%eth0"), ("localhost", "localhost")],
)
def test_what_is_listened_at_is_a_name_or_an_address(monkeypatch: pytest.MonkeyPatch, value: str, taken: str) -> None:
    monkeypatch.setenv("FLOSUM_HOST", value)

    assert load().flosum_host == taken


@pytest.mark.parametrize(
    ("host", "metrics", "is_taken"),
    [
        ("127.0.0.1", "127.0.0.1:3000", True),
        ("0.0.0.0", "127.0.0.1:3000", True),  # noqa: S104 - compared with, not bound to
        ("127.0.0.1", "*:3000", True),
        ("10.0.0.1", "127.0.0.1:3000", False),
        ("127.0.0.1", "127.0.0.1:3001", False),
        ("127.0.0.1", "off", False),
    ],
)
def test_one_port_for_two_is_told(monkeypatch: pytest.MonkeyPatch, host: str, metrics: str, *, is_taken: bool) -> None:
    monkeypatch.setenv("FLOSUM_HOST", host)
    monkeypatch.setenv("FLOSUM_METRICS_ADDRESS", metrics)

    if not is_taken:
        load()
        return
    (said,) = sentences(monkeypatch)
    assert said == "FLOSUM_PORT and the port of FLOSUM_METRICS_ADDRESS are the same; give one of the two another."


def test_in_the_env_file_it_can_be_emptied_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("FLOSUM_METRICS_ADDRESS=\n")
    assert load().metrics_address is None

    monkeypatch.setenv("FLOSUM_METRICS_ADDRESS", "127.0.0.1:1")
    assert load().metrics_address == ("127.0.0.1", 1)


@pytest.mark.parametrize(
    "around", ["{}\n", " {}\t", '"{}"', "'{}'", '"{}\r\n"', "\ufeff{}", "“{}”", "{}\u00a0", "\u200b{} \n"]
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1-2-a"),
        ("SLACK_APP_TOKEN", "xapp-1-A-2-b"),
        ("SLACK_SIGNING_SECRET", "0a" * 16),
        ("SLACK_CLIENT_ID", "123456.123456"),
        ("SLACK_CLIENT_SECRET", "0a" * 16),
        ("SALESFORCE_CLIENT_SECRET", "0A"),
        ("SALESFORCE_JWT_CLIENT_ID", "3MVG9"),
        ("FLOSUM_DATABASE_URL", "sqlite:///x.db"),
        ("FLOSUM_PUBLIC_URL", "https://bot.example.com"),
        ("FLOSUM_HOST", "127.0.0.1"),
    ],
)
def test_what_editors_and_shells_leave_around_a_value_is_taken_off(
    monkeypatch: pytest.MonkeyPatch, around: str, name: str, value: str
) -> None:
    monkeypatch.setenv(name, around.format(value))

    read = getattr(load(), name.lower())

    assert (read if isinstance(read, str) else read.get_secret_value()) == value


def test_a_list_is_cleaned_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOSUM_ADMINS", '"U1, W2 ,\n"')

    assert load().flosum_admins == ("U1", "W2")


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("PostgreSQL://u:P@h/d", "postgresql+psycopg://u:P@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p%40%25s@h/d", "postgresql+psycopg://u:p%40%25s@h/d"),
        ("postgresql://u:100%s#/?@h/d", "postgresql+psycopg://u:100%s#/?@h/d"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
        ("sqlite:////var/x.db", "sqlite:////var/x.db"),
        ("sqlite+pysqlite:///x.db", "sqlite:///x.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_an_address_of_a_database_is_taken_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, url: str, taken: str
) -> None:
    monkeypatch.setenv("FLOSUM_DATABASE_URL", url)
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", "k")

    assert load().database_url == taken


NOWHERE = "which is set nowhere; in an address the sign $ can be written as %24."
LINE = "is not NAME=value; nothing of it counts."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("FLOSUM_PORT=1\n".encode("utf-16"), [".env is saved as UTF-16; save it as UTF-8."]),
        ("FLOSUM_PORT=1\n".encode("utf-16-le"), [".env is saved as UTF-16; save it as UTF-8."]),
        ("FLOSUM_PORT=1\n".encode("utf-16-be"), [".env is saved as UTF-16; save it as UTF-8."]),
        ("FLOSUM_PORT=1\n".encode("utf-32"), [".env is saved as UTF-32; save it as UTF-8."]),
        ("FLOSUM_PORT=1\n".encode("utf-32-le"), [".env is saved as UTF-32; save it as UTF-8."]),
        ("FLOSUM_PORT=1\n".encode("utf-32-be"), [".env is saved as UTF-32; save it as UTF-8."]),
        (b"FLOSUM_PORT=1\nFLOSUM_HOST=a\0\n", [".env holds a zero byte in line 2; save it as UTF-8."]),
        ("# café\nFLOSUM_HOST=é\n".encode("latin-1"), [".env is not UTF-8 in line 1; save it as UTF-8."]),
        (b"FLOSUM_PORT=1\n\nSLACK_BOT_TOKEN xoxb-1\n", [f"Line 3 of .env {LINE}"]),
        (b"FLOSUM_PORT: 1\r\nFLOSUM_HOST\r\n", [f"Line 1 of .env {LINE}", f"Line 2 of .env {LINE}"]),
        (b'FLOSUM_HOST="never closed\n', [f"Line 1 of .env {LINE}"]),
        (b"A=1\nFLOSUM_HOST='a${b}${A}c'\n", [f"Line 2 of .env names ${{b}}, {NOWHERE}"]),
        (b"FLOSUM_HOST=${A}\nA=1\n", [f"Line 1 of .env names ${{A}}, {NOWHERE}"]),
        *(
            (f"A-b=1\n{name}=1\n".encode(), [f"Line 2 of .env {LINE}"])
            for name in ("$env:FLOSUM_PORT", "FLOSUM-PORT", "flosum.port", "+SLACK_BOT_TOKEN")
        ),
    ],
)
def test_what_cannot_be_read_of_the_env_file_is_told(tmp_path: Path, content: bytes, said: list[str]) -> None:
    (tmp_path / ".env").write_bytes(content)

    with pytest.raises(OperatorError) as caught:
        load()

    assert caught.value.text.splitlines() == said


def _folder(path: Path) -> None:
    path.mkdir()


def _link_to_nothing(path: Path) -> None:
    path.symlink_to("gone")


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_folder, "is a folder; a file with NAME=value in each line belongs there."),
        (_link_to_nothing, "leads to a file that is not there."),
        (_link_to_itself, "cannot be read: Too many levels of symbolic links."),
        (os.mkfifo, "is no file that can be read twice; give what it holds in the environment."),
    ],
)
def test_what_stands_in_the_place_of_the_env_file_is_told(
    tmp_path: Path, made: Callable[[Path], None], said: str
) -> None:
    """Docker makes a folder of a file that it should mount and that is not there; nothing told of it."""
    made(tmp_path / ".env")

    with pytest.raises(OperatorError) as caught:
        load()

    assert caught.value.text == f".env {said}"


@pytest.mark.parametrize("nothing", ["", " ", "''", '""', "'\t'", "\u200b"])
@pytest.mark.parametrize("name", [*KINDS, "FLOSUM_PORT", "FLOSUM_PUBLIC_URL", "FLOSUM_GUIDANCE_DIR", "SSL_CERT_FILE"])
def test_what_is_given_as_nothing_is_not_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, nothing: str
) -> None:
    """Docker's ``--env-file`` leaves a pair of quotes where a shell leaves nothing."""
    monkeypatch.setenv(name, nothing)
    (tmp_path / ".env").write_text(f"{name}=\n")

    assert load() == Settings()


def test_an_environment_that_says_nothing_leaves_it_to_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("FLOSUM_PORT=4000\nFLOSUM_METRICS_ADDRESS=127.0.0.1:4001\n")
    monkeypatch.setenv("FLOSUM_PORT", "''")
    monkeypatch.setenv("FLOSUM_METRICS_ADDRESS", "''")

    assert (load().flosum_port, load().metrics_address) == (4000, None)  # the one that can be switched off by nothing


@pytest.mark.parametrize("order", [("flosum_port", "FLOSUM_PORT"), ("FLOSUM_PORT", "flosum_port")])
def test_of_two_spellings_that_in_capitals_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, order: tuple[str, str]
) -> None:
    values = {"FLOSUM_PORT": "1", "flosum_port": "2"}
    (tmp_path / ".env").write_text("".join(f"{name}={values[name]}\n" for name in order))
    assert load().flosum_port == 1

    for name in order:
        monkeypatch.setenv(name, values[name])
    assert load().flosum_port == 1


PROXY = "a proxy is written http://host:port, the signs @ and / of a password in it as %40 and %2F"


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")  # taken back at the end, whatever was set meanwhile


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("http://proxy.example.com:3128", "http://proxy.example.com:3128"),
        ("'http://proxy.example.com:3128'", "http://proxy.example.com:3128"),
        ("HTTP://u:p%40s@10.0.0.1:3128/", "http://u:p%40s@10.0.0.1:3128/"),
        ("proxy.example.com:3128", "http://proxy.example.com:3128"),
        ("https://[fd00::1]:3128", "https://[fd00::1]:3128"),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("in_file", [True, False])
def test_a_proxy_counts_for_every_library_wherever_it_is_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, in_file: bool, name: str, written: str, taken: str
) -> None:
    """The libraries read the environment alone, some of them only one of the spellings, and none takes off quotes."""
    if in_file:
        (tmp_path / ".env").write_text(f"{name}={written}\nNO_PROXY=localhost,.example.com\n")
    else:
        monkeypatch.setenv(name, written)
        monkeypatch.setenv("NO_PROXY", '"localhost,.example.com"')

    load()

    assert (os.environ["HTTPS_PROXY"], os.environ["https_proxy"]) == (taken, taken)
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "localhost,.example.com"


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((word, "for no proxy leave it out") for word in ("none", "Off", "direct")),
        *(
            (value, PROXY)
            for value in (
                *("socks5://h:1080", "http://", "http://h:port", "http://h:99999", "http://u:p@ss@h:1", "h:1,h:2"),
                *("http://u:p/w@h:1", "http://h:1/path", "http://h :1", "http://h:1'"),
            )
        ),
    ],
)
def test_a_proxy_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    assert sentences(monkeypatch, HTTPS_PROXY=value) == [f"HTTPS_PROXY is not right: {said}."]


def test_the_mark_of_an_editor_in_front_of_the_env_file_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfFLOSUM_PORT=4000\r\nexport FLOSUM_HOST='h' # here\r\n")

    settings = load()

    assert (settings.flosum_port, settings.flosum_host) == (4000, "h")


def test_several_wrong_ones_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(sentences(monkeypatch, FLOSUM_PORT="x", SLACK_BOT_TOKEN="y", FLOSUM_NOPE="z")) == 3


def test_postgresql_needs_the_key_to_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sentences(monkeypatch, FLOSUM_DATABASE_URL="postgresql://bot@db/flosum")

    assert said[0].startswith("FLOSUM_SECRET_KEYS is missing")


def test_no_secret_shows_in_the_record_or_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", "planted")
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "planted")
    monkeypatch.setenv("FLOSUM_DATABASE_URL", f"sqlite:///{SECRET}.db")

    assert not {SECRET, "planted"} & set(re.findall(r"[\w-]+", repr(load())))
    assert SECRET not in str(sentences(monkeypatch, SLACK_APP_TOKEN=SECRET))


PEM = "-----BEGIN PRIVATE KEY-----\nMAYCAQACAQA=\n-----END PRIVATE KEY-----\n"
"""No key, and whole: what is looked at before anybody logs in."""


def test_the_private_key_is_read_from_a_file_or_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.pem")
    for around in ("{}", "\ufeff{}", " \n{}\n\n", "\u200b{}"):
        (tmp_path / "key.pem").write_text(around.format(PEM), encoding="utf-8")
        assert load().jwt_key == PEM
    (tmp_path / "key.pem").write_bytes(PEM.replace("\n", "\r\n").encode())
    assert load().jwt_key == PEM

    monkeypatch.setenv("SALESFORCE_JWT_KEY", PEM.replace("\n", r"\n"))
    assert load().jwt_key == PEM


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----", "That is the certificate"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nabc\n", "locked with a passphrase"),
        ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nabc\n", "locked with a passphrase"),
        ("-----BEGIN PUBLIC KEY-----\nabc\n", "no private key"),
    ],
)
def test_what_is_no_usable_private_key_is_told_by_what_it_is(
    monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    monkeypatch.setenv("SALESFORCE_JWT_KEY", given)

    with pytest.raises(OperatorError, match=rf"SALESFORCE_JWT_KEY is not right\. .*{said}") as refused:
        _ = load().jwt_key

    assert "abc" not in refused.value.text


def test_a_private_key_that_cannot_be_read_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "no-such-file.pem")

    with pytest.raises(OperatorError, match=r"SALESFORCE_JWT_KEY names a file that cannot be read: No such file"):
        _ = load().jwt_key


def test_a_private_key_in_another_encoding_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM, encoding="utf-16")
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.pem")

    with pytest.raises(OperatorError, match=r"SALESFORCE_JWT_KEY names a file that is saved as UTF-16; save it"):
        _ = load().jwt_key


@pytest.mark.parametrize("is_held", [False, True])
def test_a_pipe_out_of_which_no_private_key_comes_is_waited_for_a_while_and_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_held: bool
) -> None:
    monkeypatch.setattr(named_file, "PATIENCE", 0.1)
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.pipe")
    os.mkfifo(tmp_path / "key.pipe")
    holder = os.open(tmp_path / "key.pipe", os.O_RDWR) if is_held else None

    with pytest.raises(
        OperatorError, match=r"names a file that cannot be read: nothing came out of it within 0\.1 s\."
    ):
        _ = load().jwt_key

    if holder is not None:
        os.close(holder)


def test_a_private_key_may_come_out_of_a_pipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.pipe")
    os.mkfifo(tmp_path / "key.pipe")
    writer = threading.Thread(target=(tmp_path / "key.pipe").write_text, args=(PEM,), daemon=True)
    writer.start()

    assert load().jwt_key == PEM
    writer.join()


def test_what_has_no_end_is_no_private_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "/dev/zero")

    with pytest.raises(OperatorError, match="cannot be read: File too large"):
        _ = load().jwt_key


@pytest.mark.parametrize("content", [b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d", b"\x30\x82\x0a\x0b\xff\xfe"])
def test_a_private_key_that_is_no_text_is_told_how_to_become_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "key.p12").write_bytes(content)
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.p12")

    with pytest.raises(
        OperatorError, match=r"holds a key in DER or PKCS #12, which is no text\. Turn it into PEM: openssl"
    ):
        _ = load().jwt_key


def test_each_setting_has_a_reader() -> None:
    assert [each.name for each in fields(Settings)] == [*READERS, "chosen", "at_odds"]


def test_the_environment_goes_before_the_file_unless_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("FLOSUM_HOST=file\nflosum_port=1\nSLACK_API_URL=http://file/api\nFLOSUM_ADMINS=\n")
    monkeypatch.setenv("FLOSUM_HOST", "environment")
    monkeypatch.setenv("FLOSUM_PORT", "")

    settings = load()

    assert (settings.flosum_host, settings.flosum_port) == ("environment", 1)
    assert settings.slack_api_url == "http://file/api/"
    assert settings.chosen == {"flosum_host", "flosum_port", "slack_api_url"}


@pytest.mark.parametrize(
    ("word", "on"), [("on", True), ("TRUE", True), (" Yes ", True), ("1", True), ("off", False), ("0", False)]
)
def test_a_switch_is_read_as_people_write_it(monkeypatch: pytest.MonkeyPatch, word: str, on: bool) -> None:
    monkeypatch.setenv("FLOSUM_ORG_WRITES", word)

    assert load().flosum_org_writes is on


def test_what_is_given_is_read_as_what_is_set_is() -> None:
    settings = given(slack_bot_token=f" {SECRET}\n", flosum_secret_keys="a,b", flosum_port=0, ssl_cert_file=None)

    assert (reveal(settings.slack_bot_token), settings.secret_keys) == (SECRET, ("a", "b"))
    assert settings.metrics_address == ("127.0.0.1", 0)
    assert given(**{name: getattr(settings, name) for name in READERS}) == settings
    with pytest.raises(OperatorError, match=r"^FLOSUM_PORT is not right: a port"):
        given(flosum_port=70_000)


def test_a_secret_is_compared_by_its_text_and_shows_none_of_it() -> None:
    assert Secret(SECRET) == Secret(SECRET) != Secret("other")
    assert len({Secret(SECRET), Secret(SECRET)}) == 1
    assert SECRET not in f"{Secret(SECRET)} {Secret(SECRET)!r}"
