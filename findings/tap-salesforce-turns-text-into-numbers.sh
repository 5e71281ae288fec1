#!/usr/bin/env bash
# Packages:  tap-salesforce 2.8.1, requests 2.33.0
# Behaviour: of a field that may hold anything, as the old and the new value in the history of a record, whatever looks
#            like a number becomes one with a fraction: the postal code 02134 is 2134.0, the order 100000000000000000001
#            is another one by its last digits, a part called 1E5 is 100000.0, and somebody by the name of Nan is NaN,
#            which is no JSON any more. The text "true" is a truth. In the record itself the same values stay text. A
#            comment in the source wants whole numbers, decimal ones and text told apart; whole ones do not survive
#            either, and neither documentation nor log speaks of any of it.
# Seen:      "Boston": history "Boston", record "Boston"
#            "02134": history 2134.0, record "02134"
#            "100000000000000000001": history 1e+20, record "100000000000000000001"
#            "1E5": history 100000.0, record "1E5"
#            "Nan": history NaN, record "Nan"
#            "true": history true, record "true"
#            7, a number: history 7.0
# Date seen: 2026-11-30
# We:        hand on what Salesforce answers as it is, text as text (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(tap-salesforce==2.8.1 requests==2.33.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import contextlib
import io
import json
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from singer import metrics
from tap_salesforce.salesforce import Salesforce, field_to_property_schema
from tap_salesforce.sync import sync_records

logging.disable(logging.INFO)
VALUES = ["Boston", "02134", "100000000000000000001", "1E5", "Nan", "true", 7]


class Org(BaseHTTPRequestHandler):
    """Has one record for each value: the history by its new value, anything else by its name."""

    timeout = 3

    def do_GET(self):
        field = "NewValue" if "NewValue" in self.path else "Name"
        records = [{"attributes": {}, "Id": str(number), field: value} for number, value in enumerate(VALUES)]
        body = json.dumps({"done": True, "records": records}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
org = Salesforce(default_start_date="2026-01-01T00:00:00Z", api_type="REST", select_fields_by_default=True)
org.instance_url, org.access_token = f"http://127.0.0.1:{server.server_address[1]}", "none"


def synced(stream, field, kind):
    """The values as they are written for whatever loads them, in the words of JSON."""
    described = [{"name": "Id", "type": "id"}, {"name": field, "type": kind}]
    properties = {each["name"]: field_to_property_schema(each, {})[0] for each in described}
    metadata = [
        {"breadcrumb": ["properties", each["name"]], "metadata": {"inclusion": "available"}} for each in described
    ]
    entry = {
        "stream": stream,
        "tap_stream_id": stream,
        "schema": {"type": "object", "properties": properties},
        "metadata": [{"breadcrumb": [], "metadata": {}}, *metadata],
    }
    written = io.StringIO()
    with contextlib.redirect_stdout(written), metrics.record_counter(stream) as counter:
        sync_records(org, entry, {}, counter)
    messages = map(json.loads, written.getvalue().splitlines())
    return [json.dumps(each["record"][field]) for each in messages if each["type"] == "RECORD"]


history = synced("AccountHistory", "NewValue", "anyType")
records = synced("Account", "Name", "string")
seen = []
for value, changed, kept in zip(VALUES, history, records):
    number = isinstance(value, int)
    line = f"history {changed}" if number else f"history {changed}, record {kept}"
    print(f"{json.dumps(value)}{', a number' if number else ''}: {line}")
    seen.append(line)
stated = [
    'history "Boston", record "Boston"',
    'history 2134.0, record "02134"',
    'history 1e+20, record "100000000000000000001"',
    'history 100000.0, record "1E5"',
    'history NaN, record "Nan"',
    'history true, record "true"',
    "history 7.0",
]
sys.exit(0 if seen == stated else 1)
PY
