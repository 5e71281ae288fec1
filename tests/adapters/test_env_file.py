"""One file for a shell, Docker, systemd and the assistant itself: in single quotes any value is the same to all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.adapters.settings import load, reveal

PEM = r"-----BEGIN PRIVATE KEY-----\nMAYCAQACAQA=\n-----END PRIVATE KEY-----"
VALUES = {
    "FLOSUM_DATABASE_URL": 'postgresql://u:p&x;y$z(1)!#%40*~[a]{b}|<c>"`@h/d?sslmode=require&application_name=a',
    "FLOSUM_APP_INSTALL_IDS": "Flosum Backup Org Auth=0CiAB0000000001@00DAB0000000001",
    "SALESFORCE_JWT_KEY": PEM,
    "FLOSUM_SECRET_KEYS": f"{'a' * 43}=,{'b' * 43}=",
    "SLACK_SIGNING_SECRET": "0a" * 16,
    "FLOSUM_ADMINS": "U0123ABCD, U0456EFGH",
}
FILE = "# What the bot needs\n" + "".join(f"{name}='{value}'\n" for name, value in VALUES.items())


def as_a_shell_reads_it(folder: Path) -> dict[str, str]:
    """As systemd does: what it does otherwise is in double quotes and without any."""
    command = ["sh", "-c", "set -a; . ./.env; exec env -0"]
    said = subprocess.run(command, cwd=folder, env={}, capture_output=True, check=True, timeout=30).stdout
    return dict(line.split("=", 1) for line in said.decode().split("\0") if "=" in line)


def as_docker_reads_it(folder: Path) -> dict[str, str]:
    """A line as it is, its quotes too, but for those that begin with a number sign."""
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def as_the_bot_reads_it(_folder: Path) -> dict[str, str]:
    return {}


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("reader", [as_a_shell_reads_it, as_docker_reads_it, as_the_bot_reads_it])
def test_in_single_quotes_any_value_is_the_same_to_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reader: object, ends: str
) -> None:
    (tmp_path / ".env").write_text(FILE.replace("\n", ends), newline="")
    for name, value in reader(tmp_path).items():  # type: ignore[operator]
        if name in VALUES:
            monkeypatch.setenv(name, value)

    settings = load("no such file" if reader is not as_the_bot_reads_it else ".env")

    assert settings.database_url == VALUES["FLOSUM_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
    assert settings.flosum_app_install_ids == VALUES["FLOSUM_APP_INSTALL_IDS"]
    assert settings.jwt_key == PEM.replace("\\n", "\n") + "\n"
    assert ",".join(settings.secret_keys) == VALUES["FLOSUM_SECRET_KEYS"]
    assert reveal(settings.slack_signing_secret) == VALUES["SLACK_SIGNING_SECRET"]
    assert settings.flosum_admins == ("U0123ABCD", "U0456EFGH")
