#!/usr/bin/env bash
# Packages:  apsw 3.54.1.0, which brings SQLite 3.54.1
# Behaviour: while another connection holds the write lock, PRAGMA journal_mode=WAL fails with SQLITE_BUSY at once,
#            whatever the busy timeout is. BEGIN IMMEDIATE and INSERT wait for the whole timeout in the same place, and
#            so does the pragma itself while another connection reads instead of writes.
# Seen:      SQLite 3.54.1, busy timeout 2 s
#            other writes, PRAGMA journal_mode=WAL: busy after 0.0 s
#            other writes, BEGIN IMMEDIATE: busy after 2.0 s
#            other writes, INSERT INTO t VALUES (2): busy after 2.0 s
#            other reads, PRAGMA journal_mode=WAL: busy after 2.0 s
# Date seen: 2026-11-28
# We:        ask again for a while ourselves (bot/adapters/store/database.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(apsw==3.54.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
import tempfile
import time
from pathlib import Path

import apsw

PATIENCE = 2.0
print(f"SQLite {apsw.sqlite_lib_version()}, busy timeout {PATIENCE:.0f} s")


def refused_after(other, statement):
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "some.db")
        first, second = apsw.Connection(path), apsw.Connection(path)
        first.execute("CREATE TABLE t (x)")
        first.execute("INSERT INTO t VALUES (1)")
        second.set_busy_timeout(int(PATIENCE * 1000))
        first.execute("BEGIN IMMEDIATE" if other == "writes" else "BEGIN")
        unfinished = first.execute("SELECT x FROM t")
        next(unfinished)
        start = time.monotonic()
        try:
            second.execute(statement).fetchall()
        except apsw.BusyError:
            seconds = time.monotonic() - start
            print(f"other {other}, {statement}: busy after {seconds:.1f} s")
        else:
            seconds = None
            print(f"other {other}, {statement}: no error")
        second.close()
        unfinished.close()
        first.close()
        return seconds


at_once = refused_after("writes", "PRAGMA journal_mode=WAL")
waited = [
    refused_after("writes", "BEGIN IMMEDIATE"),
    refused_after("writes", "INSERT INTO t VALUES (2)"),
    refused_after("reads", "PRAGMA journal_mode=WAL"),
]
as_stated = at_once is not None and at_once < 1 and all(seconds and seconds > 0.9 * PATIENCE for seconds in waited)
sys.exit(0 if as_stated else 1)
PY
