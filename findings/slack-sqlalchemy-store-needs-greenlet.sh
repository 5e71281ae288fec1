#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0, SQLAlchemy 2.1.9
# Behaviour: the stores of slack_sdk that keep installations and states by SQLAlchemy cannot be imported beside
#            SQLAlchemy 2.1 alone, although nothing asynchronous is asked for: their modules hold the asynchronous ones,
#            too, which need greenlet, and 2.1 no longer brings that. Beside SQLAlchemy 2.0, which did, the same two
#            packages sufficed: an app for many workspaces does not start any more after the update.
# Seen:      SQLAlchemy alone: installations: needs greenlet, states: needs greenlet
#            greenlet beside it: installations: imported, states: imported
# Date seen: 2026-11-29
# We:        keep installations in a store of our own, which needs neither (bot/adapters/slack/installation_store.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_sdk==3.48.0 SQLAlchemy==2.1.9)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

imported() {
    timeout 12 "$folder/venv/bin/python" -I - "$1" <<'PY'
import importlib
import sys

try:
    importlib.import_module(sys.argv[1])
except ImportError as error:
    print("needs greenlet" if "greenlet" in str(error) else error)
else:
    print("imported")
PY
}

both() {
    local installations states
    installations=$(imported slack_sdk.oauth.installation_store.sqlalchemy)
    states=$(imported slack_sdk.oauth.state_store.sqlalchemy)
    echo "installations: $installations, states: $states"
}

alone=$(both)
echo "SQLAlchemy alone: $alone"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "SQLAlchemy[asyncio]==2.1.9"
beside=$(both)
echo "greenlet beside it: $beside"
[[ $alone == "installations: needs greenlet, states: needs greenlet" ]] || exit 1
[[ $beside == "installations: imported, states: imported" ]] || exit 1
