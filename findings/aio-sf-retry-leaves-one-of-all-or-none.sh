#!/usr/bin/env bash
# Packages:  aio-sf 0.1.0b14 (without what its exports need), httpx 0.28.1
# Behaviour: with all_or_none, which is the default and by its documentation writes all records or none, a retry of
#            aio-sf writes some. Where a record of a batch is locked for a moment, Salesforce rolls back the others
#            with it and says so for each; the package sends only the locked one again, which succeeds by then, alone.
#            So the retry, meant to save the batch, leaves of an invoice with its lines a single line in the org, and
#            who sends all of it again makes that one twice. Without a retry nothing is written, and without
#            all_or_none all is.
# Seen:      all or none, 1 attempt: in the org none; results rolled back, locked, rolled back
#            all or none, 3 attempts: in the org line 2; results rolled back, success, rolled back
#            all or none, 3 attempts, update: in the org line 2; results rolled back, success, rolled back
#            each for itself, 3 attempts: in the org line 1, line 3, line 2; results success, success, success
# Date seen: 2026-11-30
# We:        write one record to a call, and send it again only where it is known not to be there
#            (bot/adapters/salesforce/granting.py, bot/service/grant_recovery.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(aio-sf==0.1.0b14 httpx==0.28.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 30 "$folder/venv/bin/python" -m pip install -qq "${packages[@]:1}"
timeout 30 "$folder/venv/bin/python" -m pip install -qq --no-deps "${packages[0]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aio_sf import SalesforceClient, StaticTokenAuth

WORDS = {"UNABLE_TO_LOCK_ROW": "locked", "ALL_OR_NONE_OPERATION_ROLLED_BACK": "rolled back"}


def refused(code):
    return {"success": False, "errors": [{"statusCode": code, "message": code, "fields": []}]}


class Org(BaseHTTPRequestHandler):
    """Takes collections of records; in the first one that comes, line 2 is locked by somebody else."""

    timeout = 3
    locked = {"line 2"}
    written = []

    def collection(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        names = [record["Name"] for record in asked["records"]]
        stopped = Org.locked.intersection(names)
        Org.locked = set()
        back = stopped and asked["allOrNone"]
        results = []
        for number, name in enumerate(names):
            if name in stopped:
                results.append(refused("UNABLE_TO_LOCK_ROW"))
            elif back:
                results.append(refused("ALL_OR_NONE_OPERATION_ROLLED_BACK"))
            else:
                Org.written.append(name)
                results.append({"id": f"a0100000000000{number}AAA", "success": True, "errors": []})
        body = json.dumps(results).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PATCH = collection

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
auth = StaticTokenAuth(instance_url=f"http://127.0.0.1:{server.server_address[1]}", access_token="none")


async def sent(what, call, **options):
    Org.locked, Org.written = {"line 2"}, []
    lines = [{"Id": f"a0100000000000{n}AAA", "Name": f"line {n}"} for n in (1, 2, 3)]
    async with SalesforceClient(auth_strategy=auth) as org:
        answers = await getattr(org.collections, call)(lines, sobject_type="Line__c", **options)
    told = ["success" if each["success"] else WORDS[each["errors"][0]["statusCode"]] for each in answers]
    print(f"{what}: in the org {', '.join(Org.written) or 'none'}; results {', '.join(told)}")
    return Org.written, told


async def main():
    return [
        await sent("all or none, 1 attempt", "insert"),
        await sent("all or none, 3 attempts", "insert", max_attempts=3),
        await sent("all or none, 3 attempts, update", "update", max_attempts=3),
        await sent("each for itself, 3 attempts", "insert", max_attempts=3, all_or_none=False),
    ]


seen = asyncio.run(main())
one_left = (["line 2"], ["rolled back", "success", "rolled back"])
stated = [
    ([], ["rolled back", "locked", "rolled back"]),
    one_left,
    one_left,
    (["line 1", "line 3", "line 2"], ["success"] * 3),
]
sys.exit(0 if seen == stated else 1)
PY
