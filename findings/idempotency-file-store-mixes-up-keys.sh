#!/usr/bin/env bash
# Packages:  idempotency 0.1.0
# Behaviour: the file store writes each / and : of a key as _ into the name of its file, and does not look whether the
#            file it finds is that of the key. So of two calls whose arguments differ in just such a sign the second one
#            is not made, and gets the result of the first: an invoice of customer DE/100 passes for that of DE_100, and
#            one that is due at 12:30 for one of 12_30. A key of one's own does not help. By the store in memory both
#            are made. A comment in the source speaks of a hash, and the readme offers this store for workers of
#            gunicorn and Celery.
# Seen:      in memory: DE/100 is invoice 1, DE_100 is invoice 2
#            in files: DE/100 is invoice 1, DE_100 is invoice 1
#            in files, by a key of one's own: DE/100 is invoice 1, DE_100 is invoice 1
#            in files: DE-100 is invoice 1, DE_100 is invoice 2
#            in files: a 12:30 is invoice 1, a 12_30 is invoice 1
# Date seen: 2026-11-30
# We:        keep a key whole, in a column (bot/adapters/store/tables.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(idempotency==0.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - "$folder" <<'PY'
import sys
import tempfile

from idempotency import MemoryStore, idempotent
from idempotency.stores import FileStore


def own_key(customer):
    return f"invoice for {customer}"


def told(what, *customers, store=None, key=None):
    made = []

    @idempotent(ttl=300, store=store or FileStore(tempfile.mkdtemp(dir=sys.argv[1])), key=key)
    def invoice(customer):
        made.append(customer)
        return {"number": len(made)}

    line = ", ".join(f"{customer} is invoice {invoice(customer)['number']}" for customer in customers)
    print(f"{what}: {line}")
    return line


seen = [
    told("in memory", "DE/100", "DE_100", store=MemoryStore()),
    told("in files", "DE/100", "DE_100"),
    told("in files, by a key of one's own", "DE/100", "DE_100", key=own_key),
    told("in files", "DE-100", "DE_100"),
    told("in files", "a 12:30", "a 12_30"),
]
stated = [
    "DE/100 is invoice 1, DE_100 is invoice 2",
    "DE/100 is invoice 1, DE_100 is invoice 1",
    "DE/100 is invoice 1, DE_100 is invoice 1",
    "DE-100 is invoice 1, DE_100 is invoice 2",
    "a 12:30 is invoice 1, a 12_30 is invoice 1",
]
sys.exit(0 if seen == stated else 1)
PY
