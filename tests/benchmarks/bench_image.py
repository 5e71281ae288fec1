"""The image, built and run as far as that goes without a container engine. Needs buildah, and root for its namespaces.

    python -m tests.benchmarks.bench_image [--base FOLDER] [--store FOLDER]

buildah runs each line of the Dockerfile in a chroot. Where no registry is reachable, a folder stands in for the base
image: a Debian tree (debootstrap --variant=minbase) with Python in /usr/local. In the store the images stay.

The bot then runs as the image says, as the first process of a process namespace, with a root that is mounted read-only,
and talks to the built-in workspace: it must serve, pass its health check, go on SIGTERM within ten seconds, and know at
the second start what it knew at the first. What this cannot do is said at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.slack.workspace import Workspace
from tests.paths import ROOT
from tests.read import read
from tests.wiring.test_run import free_port

TAG = "flosum-assistant-tried"
UNWANTED = ("gcc", "cc", "g++", "make", "pip", "pip3")
GONE_WITHIN = 10.0  # seconds; then containers are killed
CA = Path("/etc/ssl/certs/ca-certificates.crt")
MOUNTED = """
set -e
mount --bind {root} {root}
mount --bind {data} {root}/data
mount -t tmpfs tmpfs {root}/tmp
mount -t proc proc {root}/proc
mount --bind /dev {root}/dev
mount -o remount,bind,ro {root}
exec chroot --userspec={user} {root} /usr/bin/env -i -C {folder} "$@"
"""
"""As an engine starts a container with --read-only --tmpfs /tmp, without a network of its own."""


class Buildah:
    """buildah with images of its own in ``store``."""

    def __init__(self, store: Path) -> None:
        places = ("--root", str(store / "root"), "--runroot", str(store / "run"))
        overlay = "\toverlay\n" in Path("/proc/filesystems").read_text()
        self._command = ("buildah", *places, "--storage-driver", "overlay" if overlay else "vfs")

    def __call__(self, *arguments: str) -> str:
        """What it prints. Fails where it fails."""
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"buildah {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout.strip()

    def stand_in(self, name: str, folder: Path) -> None:
        """Give a Debian tree the name of the base image."""
        made = self("from", "scratch")
        self("add", "--quiet", made, str(folder), "/")
        if CA.exists():  # a network may have an authority of its own
            self("copy", "--quiet", made, str(CA), str(CA))
        self("config", "--env", "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", made)
        self("commit", "--quiet", "--rm", made, name)

    def config(self) -> Mapping[str, Any]:
        """How the image says that it is run."""
        return dict(json.loads(self("inspect", "--type", "image", TAG))["Docker"]["config"])

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """The image's files."""
        made = self("from", "--pull-never", TAG)
        yield Path(self("mount", made))
        self("rm", made)


def main() -> int:
    """Build, look, run; 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="bench_image")
    parser.add_argument("--base", type=Path, help="a Debian tree with Python that stands in for the base image")
    parser.add_argument("--store", type=Path, help="where images are kept until the next time")
    given = parser.parse_args()
    if shutil.which("buildah") is None or os.geteuid() != 0:
        sys.stdout.write("skipped: this needs buildah and root\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="flosum-image-", ignore_cleanup_errors=True) as name:
        problems = list(_tried(Buildah(given.store or Path(name)), given.base, Path(name) / "data"))
    _say("Not done: no container engine has run it, so its limits, its network and its restarts are untried.")
    if given.base:
        _say(f"Not done: the base image is {given.base}, not the official one, so the size of the whole says little.")
    for problem in problems:
        _say(f"WRONG: {problem}")
    return 1 if problems else 0


def _tried(buildah: Buildah, base: Path | None, data: Path) -> Iterator[str]:
    (image,) = set(re.findall(r"^FROM (python:\S+)", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE))
    name = f"docker.io/library/{image}"
    if base and name not in buildah("images", "--format", "{{.Name}}:{{.Tag}}"):
        buildah.stand_in(name, base)
    began = time.monotonic()
    how = ("--isolation", "chroot", "--format", "docker", "--pull-never" if base else "--pull")
    buildah("bud", *how, "--tag", TAG, str(ROOT))
    _say(f"built in {time.monotonic() - began:.0f} s")
    with buildah.mounted() as root:
        yield from _looked_at(root)
        config = buildah.config()
        data.mkdir()
        os.chown(data, *map(int, config["User"].split(":")))
        with Workspace() as workspace:
            yield from _run(root, data, config, workspace, "first", "settings quiet")
            yield from _run(root, data, config, workspace, "second", "settings")
        _say(f"written to /data: {', '.join(sorted(each.name for each in data.iterdir()))}")


def _looked_at(root: Path) -> Iterator[str]:
    ours = [root / "opt" / "venv", root / "app"]
    size = sum(file.lstat().st_size for folder in ours for file in folder.rglob("*"))
    _say(f"what is ours in it: {size / 1e6:.0f} MB")
    places = [root / place for place in ("usr/bin", "usr/local/bin", "opt/venv/bin")]
    for folder in places:
        yield from (f"{folder / name} is there" for name in UNWANTED if _works(root, folder / name))
    caches = [root / place for place in ("root/.cache", "data/.cache")]
    yield from (f"there is a cache in {cache}" for cache in caches if cache.exists())
    yield from (f"{left} is left over" for left in (root / "tmp").iterdir())
    modules = list((root / "opt/venv").glob("lib/*/site-packages/bot/**/*.py"))
    compiled = [each for each in modules if list((each.parent / "__pycache__").glob(f"{each.stem}.*.pyc"))]
    if len(compiled) < len(modules):
        yield f"{len(modules) - len(compiled)} of {len(modules)} modules are not compiled"


def _works(root: Path, program: Path) -> bool:
    """Whether a program is there whose interpreter is there, too: pip leaves scripts behind that cannot run."""
    if not program.is_file():
        return False
    inside = "/" + str(program.relative_to(root))
    done = subprocess.run(["chroot", str(root), inside, "--version"], capture_output=True, check=False)
    return done.returncode == 0


def _run(
    root: Path, data: Path, config: Mapping[str, Any], workspace: Workspace, which: str, command: str
) -> Iterator[str]:
    port = free_port()
    settings = {
        **dict(pair.split("=", 1) for pair in config["Env"]),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "FLOSUM_PORT": str(port),
        "FLOSUM_METRICS_ADDRESS": "off",
        "HOME": "/data",
    }
    script = MOUNTED.format(root=root, data=data, user=config["User"], folder=config["WorkingDir"])
    pairs = [f"{name}={value}" for name, value in settings.items()]
    apart = ("unshare", "--pid", "--fork", "--kill-child", "--mount", "sh", "-c", script, "sh", *pairs)
    began = time.monotonic()
    process = subprocess.Popen([*apart, *config["Entrypoint"]], stderr=subprocess.PIPE, text=True)
    try:
        if not _ready(port, process):
            process.kill()
            yield f"the {which} start did not become ready: {process.communicate()[1]}"
            return
        _say(f"{which} start: ready after {time.monotonic() - began:.1f} s")
        yield from _used(workspace, port, command)
        yield from _probed(root, config, pairs)
        yield from _stopped(process)
    finally:
        process.kill()


def _ready(port: int, process: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return True
    return False


def _used(workspace: Workspace, port: int, command: str) -> Iterator[str]:
    """Pastes are to be left alone from the first start on."""
    workspace.connect(f"http://127.0.0.1:{port}/slack/events")
    before = len(workspace.log)
    if not workspace.person("ada").command(command).acked:
        yield "a command was not acknowledged"
    workspace.wait(lambda log: len(log) > before)
    told = " ".join(read(shown.message).text for shown in workspace.log[before:] if shown.message)
    _say(f"  /flosum {command}: {told.partition(chr(10))[0]}")
    if "left alone" not in told:
        yield f"after /flosum {command} it does not say that pastes are left alone"


def _probed(root: Path, config: Mapping[str, Any], pairs: Sequence[str]) -> Iterator[str]:
    command = config["Healthcheck"]["Test"]
    inside = ["chroot", f"--userspec={config['User']}", str(root), "/usr/bin/env", "-i", *pairs, *command[1:]]
    done = subprocess.run(inside, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"the health check fails: {done.stderr}"


def _stopped(process: subprocess.Popen[str]) -> Iterator[str]:
    (first,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    status = Path(f"/proc/{first}/status").read_text()
    inner = re.findall(r"NSpid:.*\t(\d+)", status)
    uids = set(re.findall(r"Uid:\t(\d+)\t(\d+)\t(\d+)", status)[0])
    began = time.monotonic()
    os.kill(int(first), signal.SIGTERM)
    _, logged = process.communicate(timeout=60)
    took = time.monotonic() - began
    _say(f"  process {inner[0]} of its namespace, user {'/'.join(uids)}; gone {took:.1f} s after SIGTERM")
    if process.returncode or took > GONE_WITHIN:
        yield f"it ended with {process.returncode} after {took:.1f} s: {logged}"
    if inner != ["1"] or "0" in uids:
        yield f"it ran as process {inner} of user {uids}"
    if "Read-only file system" in logged or "Permission denied" in logged:
        yield f"it wanted to write: {logged}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
