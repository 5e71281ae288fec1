"""How long a newcomer waits: README's demo command in a fresh clone, with an empty cache, until its prompt shows.

    python -m tests.benchmarks.bench_install [PYTHON …]

The command is README's to the letter, typed into a shell on a terminal of its own. Each PYTHON is a folder with a
python3 that is put in front of PATH; without any it is whichever there is. Beside the wait stands the processor's time
in it, which is about what it takes on a machine that does nothing else. Needs the package index; 1 when a prompt took
longer than a minute.
"""

from __future__ import annotations

import os
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.paths import ROOT

LONGEST = 60.0
GIVEN_UP = 600.0
PROMPT = b"ada in #salesforce> "


def command() -> str:
    """The first of the two that README gives."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip().endswith("app.py demo") and "venv" in line)


def waited(folder: Path, python: str) -> float:
    """Seconds from the command to the prompt; the clone is not counted."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    path = f"{python}:{os.environ['PATH']}" if python else os.environ["PATH"]
    environment = {**os.environ, "PATH": path, "PIP_CACHE_DIR": str(folder / "cache"), "HOME": str(folder)}
    environment.pop("VIRTUAL_ENV", None)
    began = time.monotonic()
    ours, theirs = pty.openpty()
    shell = ["sh", "-c", command()]
    process = subprocess.Popen(
        shell, cwd=clone, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        _until_prompt(ours, began)
        return time.monotonic() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        os.close(ours)


def _until_prompt(terminal: int, began: float) -> None:
    shown = b""
    while PROMPT not in re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", shown):
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if time.monotonic() - began > GIVEN_UP:
            raise SystemExit(f"there is no prompt: {shown.decode(errors='replace')}")
        if ready:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                raise SystemExit(f"the command ended: {shown.decode(errors='replace')}") from None


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(pythons: Sequence[str]) -> int:
    """Print a line for each."""
    slow = False
    for python in pythons or [""]:
        with tempfile.TemporaryDirectory(prefix="fresh-") as name:
            before = _processor()
            seconds = waited(Path(name), python)
            used = _processor() - before
        which = subprocess.run([f"{python}/python3" if python else "python3", "-V"], capture_output=True, check=True)
        load = os.getloadavg()[0]
        told = f"first prompt after {seconds:.1f} s, {used:.1f} s of the processor, load {load:.1f}"
        sys.stdout.write(f"{which.stdout.decode().strip()}: {told}\n")
        sys.stdout.flush()
        slow = slow or seconds > LONGEST
    return int(slow)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
