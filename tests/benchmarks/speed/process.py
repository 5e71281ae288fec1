"""What is measured: a server as a process of its own, its processor time and its memory. Linux only (/proc)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.speed.far_end import FarEnd
from tests.benchmarks.speed.load import SECRET
from tests.paths import ROOT

PATIENCE = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "xoxb-speed"


@dataclass(frozen=True)
class Server:
    """One of those that are compared. ``started``: seconds from its start until it takes requests."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    started: float
    log: Path

    def cpu(self) -> float:
        """Seconds of processor time so far, its own and the system's for it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS:"))) / 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(30)


def bare(far: FarEnd, folder: Path, answers: Path) -> Server:
    """The baseline."""
    port = free_port()
    command = ["-m", "tests.benchmarks.speed.bare", str(port), str(answers)]
    return _started("bare", command, port, _environment(far, folder), folder)


def ours(far: FarEnd, folder: Path, database: str = "", keys: str = "") -> Server:
    """The assistant, as ``python app.py`` starts it; on a SQLite file unless another database is named."""
    port = free_port()
    given = {
        "FLOSUM_DATABASE_URL": database or f"sqlite:///{folder / 'assistant.db'}",
        "FLOSUM_PORT": str(port),
        "FLOSUM_METRICS_ADDRESS": "127.0.0.1:0",
    }
    given |= {"FLOSUM_SECRET_KEYS": keys} if keys else {}
    return _started("ours", [str(ROOT / "app.py")], port, _environment(far, folder) | given, folder)


def migrate(far: FarEnd, folder: Path, database: str, keys: str) -> None:
    """Make the tables of a PostgreSQL database."""
    given = {"FLOSUM_DATABASE_URL": database, "FLOSUM_SECRET_KEYS": keys}
    command = [sys.executable, str(ROOT / "app.py"), "migrate"]
    subprocess.run(command, env=_environment(far, folder) | given, cwd=folder, check=True, capture_output=True)


def _environment(far: FarEnd, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": far.api_url,
    }


def _started(name: str, command: Sequence[str], port: int, environment: dict[str, str], folder: Path) -> Server:
    log = folder / f"{name}-{port}.log"
    began = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, *command], env=environment, cwd=folder, stderr=file, stdout=file)
    while not _is_there(port):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.perf_counter() - began < PATIENCE, "it does not begin to listen"
        time.sleep(0.005)
    return Server(name, port, process, time.perf_counter() - began, log)


def _is_there(port: int) -> bool:
    """Whether requests are taken: the bare app knows no ``/readyz``, and says so once it listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code == 404
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
