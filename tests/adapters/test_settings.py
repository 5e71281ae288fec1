"""Settings: one sentence for each that is wrong, and no secret in any of them."""

from pathlib import Path

import pytest

from bot.adapters.settings import load
from bot.domain.errors import OperatorError

SECRET = "xoxb-0123456789-planted"
METRICS = "an address is a host and a port, as in 127.0.0.1:9464; off for none"
DATABASES = "SQLite (sqlite:///…) and PostgreSQL (postgresql://…)"


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


def test_a_mistyped_name_is_told_with_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentences(monkeypatch, FLOSUM_DATABASE_ULR="sqlite://") == [
        "FLOSUM_DATABASE_ULR is not a setting of the assistant; did you mean FLOSUM_DATABASE_URL?"
    ]


def test_a_mistyped_name_in_the_env_file_is_found_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FLOSUM_HOTS=x\n")

    with pytest.raises(OperatorError, match="FLOSUM_HOTS is not a setting"):
        load()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FLOSUM_PORT", "eighty", "FLOSUM_PORT is not right: a port is a number from 0 to 65535."),
        ("FLOSUM_PORT", "70000", "FLOSUM_PORT is not right: a port is a number from 0 to 65535."),
        ("SLACK_BOT_TOKEN", "xoxp-1", "SLACK_BOT_TOKEN is not right: a bot token starts with xoxb-."),
        ("SLACK_APP_TOKEN", SECRET, "SLACK_APP_TOKEN is not right: an app-level token starts with xapp-."),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL is not right: a web address starts with https://."),
        *(
            (
                "FLOSUM_METRICS_ADDRESS",
                value,
                f"FLOSUM_METRICS_ADDRESS is not right: {METRICS}.",
            )
            for value in ("9464", "127.0.0.1", ":9464", "127.0.0.1:x", "127.0.0.1:70000")
        ),
        ("FLOSUM_GUIDANCE_DIR", "/not/there", "FLOSUM_GUIDANCE_DIR is not right: there is no folder of that name."),
        (
            "FLOSUM_DATABASE_URL",
            "mysql://u:p@h/d",
            f"FLOSUM_DATABASE_URL is not right: only {DATABASES} are supported.",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    assert sentences(monkeypatch, **{name: value}) == [said]


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


def test_in_the_env_file_it_can_be_emptied_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("FLOSUM_METRICS_ADDRESS=\n")
    assert load().metrics_address is None

    monkeypatch.setenv("FLOSUM_METRICS_ADDRESS", "127.0.0.1:1")
    assert load().metrics_address == ("127.0.0.1", 1)


def test_several_wrong_ones_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(sentences(monkeypatch, FLOSUM_PORT="x", SLACK_BOT_TOKEN="y", FLOSUM_NOPE="z")) == 3


def test_postgresql_needs_the_key_to_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sentences(monkeypatch, FLOSUM_DATABASE_URL="postgresql://bot@db/flosum")

    assert said[0].startswith("FLOSUM_SECRET_KEYS is missing")


def test_no_secret_shows_in_the_record_or_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", SECRET)
    monkeypatch.setenv("SALESFORCE_JWT_KEY", SECRET)
    monkeypatch.setenv("FLOSUM_DATABASE_URL", f"sqlite:///{SECRET}.db")

    assert SECRET not in repr(load())
    assert SECRET not in str(sentences(monkeypatch, SLACK_APP_TOKEN=SECRET))


PEM = "-----BEGIN PRIVATE KEY-----\nMAYCAQACAQA=\n-----END PRIVATE KEY-----\n"
"""No key, and whole: what is looked at before anybody logs in."""


def test_the_private_key_is_read_from_a_file_or_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM)
    monkeypatch.setenv("SALESFORCE_JWT_KEY", "key.pem")
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

    with pytest.raises(OperatorError, match="SALESFORCE_JWT_KEY names a file that cannot be read"):
        _ = load().jwt_key
