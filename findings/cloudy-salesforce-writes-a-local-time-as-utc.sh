#!/usr/bin/env bash
# Packages:  cloudy-salesforce 0.5.0, requests 2.34.2, tzdata 2026.6
# Behaviour: a datetime that has a zone is written by cloudy-salesforce as it stands on that zone's clock, with +0000
#            behind it: insert() and update() leave the zone out and do not convert. What is due at 09:00 in Berlin is
#            saved as 09:00 in UTC, an hour or two late, and from Tokyo nine; close to midnight it is the wrong day. A
#            condition for the very same value is turned into UTC, so the record that was just written is not found by
#            it. A datetime without a zone is UTC in both, as the readme says, and one in UTC is right.
# Seen:      09:00 in Berlin, which is 08:00 in UTC: written 2026-12-01T09:00:00.000+0000, asked for as 2026-12-01T08:00:00Z, found nothing
#            17:00 in Tokyo, which is 08:00 in UTC: written 2026-12-01T17:00:00.000+0000, asked for as 2026-12-01T08:00:00Z, found nothing
#            08:00 in UTC: written 2026-12-01T08:00:00.000+0000, asked for as 2026-12-01T08:00:00Z, found 00U000000000001AAA
#            08:00 without a zone: written 2026-12-01T08:00:00.000+0000, asked for as 2026-12-01T08:00:00Z, found 00U000000000001AAA
# Date seen: 2026-11-30
# We:        write no times to an org, and turn those that we keep into UTC first (bot/adapters/store/records.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(cloudy-salesforce==0.5.0 requests==2.34.2 tzdata==2026.6)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from cloudy_salesforce import UNSET, SalesforceClient, SessionAuthentication, sobject, update
from cloudy_salesforce.types import UnsetType

ID = "00U000000000001AAA"
seen = []


class Org(BaseHTTPRequestHandler):
    """Keeps the start of one event, as an instant, and finds the event by it."""

    timeout = 3
    written = asked = ""

    def do_PATCH(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Org.written = sent["records"][0]["StartDateTime"]
        self.answer([{"id": ID, "success": True, "errors": []}])

    def do_GET(self):
        Org.asked = parse_qs(urlsplit(self.path).query)["q"][0].rpartition(" = ")[2]
        kept = datetime.strptime(Org.written, "%Y-%m-%dT%H:%M:%S.%f%z")
        record = {"attributes": {"type": "Event"}, "Id": ID}
        records = [record] if kept == datetime.strptime(Org.asked, "%Y-%m-%dT%H:%M:%S%z") else []
        self.answer({"totalSize": len(records), "done": True, "records": records})

    def answer(self, values):
        body = json.dumps(values).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@sobject("Event")
@dataclass
class Event:
    Id: str | None | UnsetType = UNSET
    StartDateTime: datetime | None | UnsetType = UNSET


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = SalesforceClient(SessionAuthentication("none", f"http://127.0.0.1:{server.server_address[1]}"))


def moved(what, start):
    update(Event(Id=ID, StartDateTime=start), client=client)
    found = [event.Id for event in Event.select("Id").where(StartDateTime=start).execute(client=client)]
    print(f"{what}: written {Org.written}, asked for as {Org.asked}, found {', '.join(found) or 'nothing'}")
    seen.append((Org.written, Org.asked, found))


moved("09:00 in Berlin, which is 08:00 in UTC", datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")))
moved("17:00 in Tokyo, which is 08:00 in UTC", datetime(2026, 12, 1, 17, tzinfo=ZoneInfo("Asia/Tokyo")))
moved("08:00 in UTC", datetime(2026, 12, 1, 8, tzinfo=timezone.utc))
moved("08:00 without a zone", datetime(2026, 12, 1, 8))
eight = "2026-12-01T08:00:00Z"
stated = [
    ("2026-12-01T09:00:00.000+0000", eight, []),
    ("2026-12-01T17:00:00.000+0000", eight, []),
    ("2026-12-01T08:00:00.000+0000", eight, [ID]),
    ("2026-12-01T08:00:00.000+0000", eight, [ID]),
]
sys.exit(0 if seen == stated else 1)
PY
