#!/usr/bin/env bash
# Packages:  forcepy 0.1.7, requests 2.34.2
# Behaviour: get() of a record that forcepy reads from CSV, which it offers for its own exports, and of a related record
#            gives None, or the default, for every custom field, though the value is there: two underscores lead into
#            another record for it, so Score__c is the field c of a record called Score. With ignore_missing, order_by()
#            keeps the order for such a field, and values_list() gives None. So a condition on it never holds, and the
#            first of a sorted list is just the first. get() of a record that was queried itself, ["Score__c"],
#            .Score__c and filter() know the field, and standard fields are right everywhere.
# Seen:      queried: ["Score__c"] 7, get("Score__c") 7, get("Score__c", 0) 7, get("Industry") Energy
#            related: ["Score__c"] 7, get("Score__c") None, get("Score__c", 0) 0, get("Industry") Energy
#            exported and read again: ["Score__c"] 7, get("Score__c") None, get("Score__c", 0) 0, get("Industry") Energy
#            queried, filtered by a score over 8: Beta
#            queried, by the lowest score: Gamma, Acme, Beta
#            exported and read again, filtered by a score of 9: Beta
#            exported and read again, by the lowest score: Acme, Beta, Gamma
#            exported and read again, the scores: None, None, None
#            (of Acme with the score 7, Beta with 9 and Gamma with 5)
# Date seen: 2026-11-30
# We:        take each field by its whole name, and part names at dots only (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(forcepy==0.1.7 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from forcepy import ResultSet, Salesforce


def account(name, score):
    return {"attributes": {"type": "Account"}, "Name": name, "Industry": "Energy", "Score__c": score}


ACCOUNTS = [account("Acme", 7), account("Beta", 9), account("Gamma", 5)]
CONTACT = {"attributes": {"type": "Contact"}, "LastName": "Roe", "Account": ACCOUNTS[0]}


class Org(BaseHTTPRequestHandler):
    """Answers a query for contacts with one, and any other with the accounts."""

    timeout = 3

    def do_GET(self):
        records = [CONTACT] if "Contact" in self.path else ACCOUNTS
        body = json.dumps({"totalSize": len(records), "done": True, "records": records}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
org = Salesforce(session_id="none", instance_url=f"http://127.0.0.1:{server.server_address[1]}")
queried = org.query("SELECT Name, Industry, Score__c FROM Account")
related = org.query("SELECT LastName, Account.Name, Account.Industry, Account.Score__c FROM Contact")[0].Account
imported = ResultSet.from_csv(queried.to_csv())
seen = []


def told(what, *values):
    said = ", ".join(map(str, values))
    print(f"{what}: {said}")
    seen.append(said)


def asked(what, record):
    value, score = record["Score__c"], record.get("Score__c")
    told(
        what,
        f'["Score__c"] {value}',
        f'get("Score__c") {score}',
        f'get("Score__c", 0) {record.get("Score__c", 0)}',
        f'get("Industry") {record.get("Industry")}',
    )


def names(found):
    return [record.Name for record in found]


READ = "exported and read again"
asked("queried", queried[0])
asked("related", related)
asked(READ, imported[0])
told("queried, filtered by a score over 8", *names(queried.filter(Score__c__gt=8)))
told("queried, by the lowest score", *names(queried.order_by("Score__c", ignore_missing=True)))
told(f"{READ}, filtered by a score of 9", *names(imported.filter(Score__c="9")))
told(f"{READ}, by the lowest score", *names(imported.order_by("Score__c", ignore_missing=True)))
told(f"{READ}, the scores", *(score for (score,) in imported.values_list("Score__c", ignore_missing=True)))
unknown = '["Score__c"] 7, get("Score__c") None, get("Score__c", 0) 0, get("Industry") Energy'
stated = [
    '["Score__c"] 7, get("Score__c") 7, get("Score__c", 0) 7, get("Industry") Energy',
    unknown,
    unknown,
    "Beta",
    "Gamma, Acme, Beta",
    "Beta",
    "Acme, Beta, Gamma",
    "None, None, None",
]
sys.exit(0 if seen == stated else 1)
PY
