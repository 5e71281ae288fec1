"""Bytes that are no text, on the command line and on standard input, and terminals that cannot show every letter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT

BAD = b"OAUTH_APP_BLOCKED: blocked by admin \xff"


def run(*arguments: bytes, typed: bytes = b"", encoding: str = "utf-8:strict") -> subprocess.CompletedProcess[bytes]:
    """The strict form is what a locale other than C makes of standard input."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [os.fsencode(sys.executable), os.fsencode(ROOT / "app.py"), *arguments],
        input=typed, capture_output=True, timeout=60, env=environment, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        ((b"explain", BAD), b""),
        ((b"explain", b"-"), BAD),
        ((b"explain", b"--batch"), b'{"text": "' + BAD + b'"}'),
        ((b"demo", b"--once", BAD), b""),
        ((b"demo", b"--once", b"/flosum explain " + BAD), b""),
        ((b"demo", b"--no-browser"), b"/flosum explain " + BAD),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_error_is_explained_whatever_stands_behind_it(arguments: tuple[bytes, ...], typed: bytes) -> None:
    done = run(*arguments, typed=typed)

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"blocked" in done.stdout.partition(BAD[:10])[2] or b"has blocked the app" in done.stdout


@pytest.mark.parametrize("arguments", [(b"explain", b"OAUTH_APP_BLOCKED"), (b"status",), (b"doctor",)])
def test_a_terminal_of_few_letters_costs_nobody_an_answer(arguments: tuple[bytes, ...]) -> None:
    done = run(*arguments, encoding="ascii")

    assert b"Something went wrong" not in done.stderr + done.stdout


def test_json_is_whole_in_any_encoding() -> None:
    utf8, ascii_ = (run(b"explain", b"--json", b"OAUTH_APP_BLOCKED", encoding=name) for name in ("utf-8", "ascii"))

    assert json.loads(ascii_.stdout) == json.loads(utf8.stdout)


@pytest.mark.parametrize("arguments", [(b"digest", b"--dry-run", b"--workspace", b"T\xff"), (b"status", b"pr\xffod")])
def test_a_name_that_no_text_can_be_is_one_sentence(arguments: tuple[bytes, ...]) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"udcff" not in done.stderr


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of ``line``, in which ``app`` is the program."""
    program = f'app() {{ "{sys.executable}" "{ROOT / "app.py"}" "$@"; }}; set -o pipefail; {line}'
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    return subprocess.run(["bash", "-c", program], capture_output=True, timeout=60, env=environment, check=False)


@pytest.mark.parametrize(
    "line",
    [
        "app explain OAUTH_APP_BLOCKED | true",
        """yes '{"text": "OAUTH_APP_BLOCKED"}' | head -2000 | app explain --batch | head -1""",
        "app manifest | true",
        "app explain OAUTH_APP_BLOCKED >&-",
        "app explain OAUTH_APP_BLOCKED >&- 2>&-",
        "app orgs list >&-",
        "app explain --batch <&-",
    ],
)
def test_who_reads_no_further_is_told_nothing(line: str) -> None:
    assert shell(line).stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["explain OAUTH_APP_BLOCKED", "manifest", "demo --once hi"])
def test_a_full_disk_is_one_sentence(command: str) -> None:
    done = shell(f"app {command} >/dev/full")

    assert (done.returncode, done.stderr) == (1, b"The answer cannot be written: No space left on device.\n")


def test_without_standard_input_there_is_nothing_to_explain() -> None:
    done = shell("app explain <&-")

    assert done.returncode == 1
    assert done.stderr.startswith(b"There is nothing to explain.")


def test_an_interrupt_while_it_reads_is_no_failure() -> None:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "explain", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)

    assert (process.returncode, said) == (130, (b"", b""))
