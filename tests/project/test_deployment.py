"""What operators start the bot with: the image, the compose example, PgBouncer's settings, the unit of systemd."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.adapters.settings import NAMES
from tests.paths import ROOT
from tests.running_bot import RunningBot

OPERATIONS = ROOT / "bot" / "operations"
COMPOSE: dict[str, Any] = yaml.safe_load((OPERATIONS / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNIT = OPERATIONS / "flosum-assistant.service"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
PROGRAM = next(iter(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]))


def instructions(name: str) -> list[str]:
    """What stands behind an instruction of the Dockerfile's last stage."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    return re.findall(rf"^\s*{name} (.+)$", last, flags=re.MULTILINE)


# --- the image -----------------------------------------------------------------------------------------------


def test_the_image_is_slim_and_of_two_stages() -> None:
    assert len(re.findall(r"^FROM python:[\d.]+-slim", DOCKERFILE, flags=re.MULTILINE)) == 2


def test_the_bot_is_not_root_and_the_first_process() -> None:
    """As a number for Kubernetes, and without a shell, which would keep SIGTERM to itself."""
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instructions("USER")[-1])
    assert json.loads(instructions("ENTRYPOINT")[-1]) == ["python", "app.py"]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    copied = [name for names in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE) for name in names.split()]
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}

    assert "*" in rules, "a new file at the top level may be anybody's secret"
    assert set(copied) == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_health_check_tells_a_bot_from_none(running_bot: RunningBot) -> None:
    """Also where a proxy is set, as the same ``.env`` may do, and the port in quotes."""
    _, _, program = json.loads(re.findall(r"HEALTHCHECK .*?CMD (\[.+\])", DOCKERFILE)[0])

    def state(port: int | str) -> int:
        environment = {**os.environ, "FLOSUM_PORT": str(port), "HTTP_PROXY": "http://127.0.0.1:9"}
        return subprocess.run(
            [sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL, timeout=30, check=False
        ).returncode

    port = urlsplit(running_bot.bot.address).port
    assert state(port or 0) == 0
    assert state(f"'{port}'") == 0, "as Docker hands a quoted value of .env on"
    assert state(9) != 0


# --- compose -------------------------------------------------------------------------------------------------


def test_the_compose_example_is_of_its_schema() -> None:
    schema = files("check_jsonschema.builtin_schemas.vendor").joinpath("compose-spec.json").read_text()

    assert [error.message for error in Draft202012Validator(json.loads(schema)).iter_errors(COMPOSE)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_confined(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - of the container
    assert not {"privileged", "network_mode", "pid"} & set(service)


def test_secrets_come_from_the_env_file_alone() -> None:
    said = {name: str(value) for each in SERVICES.values() for name, value in each.get("environment", {}).items()}
    secrets = [value for name, value in said.items() if re.search("PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL", name)]

    assert secrets
    assert all("${POSTGRES_PASSWORD:?" in value for value in secrets)
    assert SERVICES["bot"]["env_file"] == SERVICES["migrate"]["env_file"] == ["../../.env"]


def test_every_setting_of_the_bot_is_one() -> None:
    given = {name for each in ("bot", "migrate") for name in SERVICES[each]["environment"]}

    assert given <= NAMES


def test_two_bots_start_behind_the_pooler_once_the_migration_is_done() -> None:
    bot, migrate = SERVICES["bot"], SERVICES["migrate"]

    assert bot["deploy"]["replicas"] == 2
    assert bot["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert (migrate["command"], migrate["restart"]) == (["migrate"], "no")
    assert int(bot["stop_grace_period"].removesuffix("s")) > 10
    urls = [SERVICES[each]["environment"]["FLOSUM_DATABASE_URL"] for each in ("bot", "migrate")]
    hosts = [urlsplit(re.sub(r"\$\{.*?\}", "secret", url)).netloc.rpartition("@")[2] for url in urls]
    assert hosts == ["pgbouncer:6432", "postgres:5432"]
    needed = {name for each in SERVICES.values() for name in each.get("depends_on", ())}
    assert needed <= set(SERVICES)


def test_what_is_mounted_is_there() -> None:
    mounts = [volume.split(":")[0] for each in SERVICES.values() for volume in each.get("volumes", ())]

    assert all((OPERATIONS / m).exists() if m.startswith(".") else m in COMPOSE["volumes"] for m in mounts)
    assert (OPERATIONS / SERVICES["bot"]["build"]["context"]).resolve() == ROOT


def test_the_pooler_is_what_compose_says() -> None:
    """How it does with the bot: ``tests/adapters/store/test_poolers.py``."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(OPERATIONS / "pgbouncer.ini")
    pooler, service = settings["pgbouncer"], SERVICES["pgbouncer"]

    assert (pooler["pool_mode"], pooler["listen_port"]) == ("transaction", "6432")
    assert f"> {pooler['auth_file']}" in service["build"]["dockerfile_inline"]
    assert settings["databases"]["flosum"] == "host=postgres port=5432 dbname=flosum"
    assert SERVICES["postgres"]["environment"]["POSTGRES_DB"] == "flosum"
    assert "\nUSER postgres\n" in service["build"]["dockerfile_inline"]


def test_the_pooler_s_password_is_written_as_it_reads_it(tmp_path: Path) -> None:
    """The very line of its image's start, with the program left out."""
    entrypoint = re.findall(r"(?m)^ENTRYPOINT (.+)$", SERVICES["pgbouncer"]["build"]["dockerfile_inline"])[0]
    shell, option, line = json.loads(entrypoint.replace("$$", "$"))
    users = tmp_path / "users.txt"
    command = line.replace("/tmp/users.txt", str(users)).partition("exec ")[0]  # noqa: S108 - of the container

    subprocess.run([shell, option, command], env={"POSTGRES_PASSWORD": "Abc123"}, check=True, timeout=30)

    assert users.read_text() == '"flosum" "Abc123"\n'
    assert users.stat().st_mode & 0o077 == 0


# --- systemd -------------------------------------------------------------------------------------------------


def test_the_unit_starts_the_program_confined() -> None:
    lines = UNIT.read_text(encoding="utf-8").splitlines()

    assert f"ExecStart=/opt/flosum-assistant/bin/{PROGRAM}" in lines
    for wanted in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="):
        assert wanted in lines
    assert "EnvironmentFile=/etc/flosum-assistant.env" in lines
    assert "StateDirectory=flosum-assistant" in lines
    assert "Environment=FLOSUM_DATABASE_URL=sqlite:////var/lib/flosum-assistant/assistant.db" in lines


@pytest.mark.parametrize("command", [["verify"], ["security", "--offline=true", "--threshold=20"]], ids=" ".join)
def test_systemd_takes_the_unit(command: list[str], tmp_path: Path) -> None:
    """Twenty is an exposure of 2.0 of 10; what is not confined says 9.2."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not here")
    unit = tmp_path / UNIT.name
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")))

    done = subprocess.run([analyze, *command, str(unit)], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert command != ["verify"] or done.stderr == ""
