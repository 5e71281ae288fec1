#!/usr/bin/env bash
# Packages:  aio-sf 0.1.0b14 (without what its other parts need), httpx 0.28.1, pandas 3.1.1, pyarrow 26.0.1
# Behaviour: a bulk query of aio-sf ends each page of its answer at the first record with a value of more than 131,072
#            characters, the limit of Python's CSV reader: that record and all behind it on the page, up to ten
#            thousand, are left out, and the next page follows. One line is logged; the loop ends as if all had come,
#            len() still counts those that are missing, and a CSV file is written without them. Salesforce has such
#            values: the body of an email template, by its documentation, may have 384 KB. The readme offers efficient
#            querying of large datasets, and names no such limit.
# Seen:      131072 characters: len() 6, in the loop 1 2 3 4 5 6, errors logged 0
#            131073 characters: len() 6, in the loop 1 4 5 6, errors logged 1
#            131073 characters, as CSV: in the file 1 4 5 6
#            (pages of three records; the long value is that of record 2)
# Date seen: 2026-11-30
# We:        read what an org has by REST, as JSON, and say so where an answer is not whole
#            (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(aio-sf==0.1.0b14 httpx==0.28.1 pandas==3.1.1 pyarrow==26.0.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]:1}"
timeout 30 "$folder/venv/bin/python" -m pip install -qq --no-deps "${packages[0]}"

NO_PROXY=127.0.0.1 timeout 20 "$folder/venv/bin/python" -I - "$folder/templates.csv" <<'PY'
import asyncio
import csv
import json
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from aio_sf import SalesforceClient, StaticTokenAuth, bulk_query, write_records_to_csv

PAGE = 3


class Org(BaseHTTPRequestHandler):
    """A bulk query of six email templates, of which the second one's body is as long as asked for."""

    timeout = 3
    length = 0

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer("application/json", json.dumps({"id": "750000000000001AAA", "state": "UploadComplete"}))

    def do_GET(self):
        address = urlsplit(self.path)
        if not address.path.endswith("/results"):
            job = {"id": "750000000000001AAA", "state": "JobComplete", "numberRecordsProcessed": 6}
            self.answer("application/json", json.dumps(job))
            return
        start = int(parse_qs(address.query).get("locator", ["1"])[0])
        rows = [f'"{n}","{"x" * Org.length if n == 2 else "short"}"' for n in range(start, start + PAGE)]
        following = str(start + PAGE) if start + PAGE <= 6 else "null"
        self.answer("text/csv", "\n".join(['"Name","Body"', *rows, ""]), {"Sforce-Locator": following})

    def answer(self, kind, text, headers={}):
        body = text.encode()
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Counting(logging.Handler):
    errors = 0

    def emit(self, record):
        Counting.errors += record.levelno >= logging.ERROR


logging.basicConfig(handlers=[Counting()])
server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
auth = StaticTokenAuth(instance_url=f"http://127.0.0.1:{server.server_address[1]}", access_token="none")


async def asked(length):
    Org.length, Counting.errors = length, 0
    async with SalesforceClient(auth_strategy=auth) as org:
        found = await bulk_query(org, "SELECT Name, Body FROM EmailTemplate", batch_size=PAGE, poll_interval=0)
        names = " ".join([record["Name"] async for record in found])
    print(f"{length} characters: len() {len(found)}, in the loop {names}, errors logged {Counting.errors}")
    return found, (len(found), names, Counting.errors)


def saved(found, path):
    write_records_to_csv(found, path)
    with open(path, newline="", encoding="utf-8") as file:
        names = " ".join(row["Name"] for row in csv.DictReader(file))
    print(f"{Org.length} characters, as CSV: in the file {names}")
    return names


_, short = asyncio.run(asked(131_072))
found, long = asyncio.run(asked(131_073))
seen = [short, long, saved(found, sys.argv[1])]
stated = [(6, "1 2 3 4 5 6", 0), (6, "1 4 5 6", 1), "1 4 5 6"]
sys.exit(0 if seen == stated else 1)
PY
