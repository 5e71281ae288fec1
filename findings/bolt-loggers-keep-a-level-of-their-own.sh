#!/usr/bin/env bash
# Packages:  slack_bolt 1.30.0, slack_sdk 3.48.0
# Behaviour: Bolt copies the root logger's level onto each of its loggers (slack_bolt.App and so on) when it makes them,
#            so the level that is set on their parent slack_bolt decides nothing: warnings of unhandled events go on. An
#            App that is handed that parent as its logger speaks through it, and its level counts.
# Seen:      parent silenced: the App's logger is slack_bolt.App at WARNING, warnings of an unhandled event 1
#            parent handed over: the App's logger is slack_bolt at CRITICAL, warnings of an unhandled event 0
# Date seen: 2026-11-28
# We:        set the parent's level (bot/adapters/logs.py) and hand that logger to the App (bot/wiring/slack_app.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_bolt==1.30.0 slack_sdk==3.48.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import logging
import os
import sys

for name in [name for name in os.environ if name.startswith("SLACK_")]:
    del os.environ[name]

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

EVENT = {"type": "event_callback", "team_id": "T1", "event": {"type": "pin_added", "user": "U1", "channel_id": "C1"}}
AUTHORIZED = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_user_id="B1")
records = []


class Keeper(logging.Handler):
    def emit(self, record):
        records.append(record)


logging.getLogger().addHandler(Keeper())
parent = logging.getLogger("slack_bolt")
parent.setLevel(logging.CRITICAL)


def warned(what, **options):
    records.clear()
    app = App(
        signing_secret="none",
        request_verification_enabled=False,
        authorize=lambda **_: AUTHORIZED,
        **options,
    )
    app.dispatch(BoltRequest(body=json.dumps(EVENT), headers={"content-type": ["application/json"]}))
    count = sum("Unhandled request" in record.getMessage() for record in records)
    level = logging.getLevelName(app.logger.level)
    print(f"{what}: the App's logger is {app.logger.name} at {level}, warnings of an unhandled event {count}")
    return app.logger.name, level, count


seen = [warned("parent silenced"), warned("parent handed over", logger=parent)]
sys.exit(0 if seen == [("slack_bolt.App", "WARNING", 1), ("slack_bolt", "CRITICAL", 0)] else 1)
PY
