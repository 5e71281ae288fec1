#!/usr/bin/env bash
# Packages:  sf-report-fetcher 0.1.0, requests 2.34.2
# Behaviour: fetch_all_report_data() of sf-report-fetcher asks for the rows behind the last one that it has by a filter that
#            it puts into the report's metadata. Those are kept for the next call, and the filter stays in them. So the
#            second time that the same fetcher reads the same report it gets no rows, or those that are new since, and
#            says nothing. The readme has metadata that are cached, and all the data of a report.
# Seen:      the first time: 3 rows (a01 a02 a03), asked without a filter
#            the second time: 0 rows, asked for what is greater than a03
#            the third time, with a new record a04: 1 row (a04), asked for what is greater than a03
#            with a new fetcher: 4 rows (a01 a02 a03 a04), asked without a filter
# Date seen: 2026-11-30
# We:        make each question from constants, and keep no question from one time to the next
#            (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sf-report-fetcher==0.1.0 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from salesforce_report_fetcher import SalesforceReportFetcher

records = ["a01", "a02", "a03"]
asked = []


class Org(BaseHTTPRequestHandler):
    """Has a report of one column, and answers with the records that its filters let through."""

    timeout = 3

    def do_GET(self):
        metadata = {"name": "Records", "detailColumns": ["Id"], "reportFilters": [], "reportBooleanFilter": None}
        self.answer({"reportMetadata": {**metadata, "reportFormat": "TABULAR"}})

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        filters = sent["reportMetadata"]["reportFilters"]
        asked.append([each["value"] for each in filters])
        found = [record for record in records if all(record > each["value"] for each in filters)]
        rows = [{"dataCells": [{"label": record, "value": record}]} for record in found]
        self.answer({"allData": True, "factMap": {"T!T": {"rows": rows}}})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()


def made():
    return SalesforceReportFetcher("none", f"http://127.0.0.1:{server.server_address[1]}")


def fetched(what, fetcher):
    _, rows = fetcher.fetch_all_report_data("00O000000000001AAA", "Id")
    names = [row[0] for row in rows]
    told = f"{len(names)} {'row' if len(names) == 1 else 'rows'}" + (f" ({' '.join(names)})" if names else "")
    how = f"for what is greater than {' '.join(asked[-1])}" if asked[-1] else "without a filter"
    print(f"{what}: {told}, asked {how}")
    return names, asked[-1]


one = made()
seen = [fetched("the first time", one), fetched("the second time", one)]
records.append("a04")
seen.append(fetched("the third time, with a new record a04", one))
seen.append(fetched("with a new fetcher", made()))
stated = [(records[:3], []), ([], ["a03"]), (["a04"], ["a03"]), (records, [])]
sys.exit(0 if seen == stated else 1)
PY
