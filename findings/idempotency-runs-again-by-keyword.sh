#!/usr/bin/env bash
# Packages:  idempotency 0.1.0
# Behaviour: what is to run once is known by how it was called, not by what it was called with. The same arguments by
#            position, by keyword and half and half are three keys, and so is a default that is said; so a retry from
#            other code, or from a queue that calls by keyword what was called by position at first, charges a second
#            time. A method runs again for each object of its class, since the object counts as an argument by its
#            address in memory: after a restart every one is new. The readme promises that the same inputs have the same
#            effect at most once, for payments. Keywords in another order are the same, and so is the same call again.
# Seen:      charge(7, 100.0) and charge(7, 100.0): 1 charge
#            charge(user=7, amount=100.0) and charge(amount=100.0, user=7): 1 charge
#            charge(7, 100.0) and charge(user=7, amount=100.0): 2 charges
#            charge(7, 100.0) and charge(7, amount=100.0): 2 charges
#            charge(7, 100.0) and charge(7, 100.0, "EUR"), which is the default: 2 charges
#            Billing().charge(7) and Billing().charge(7): 2 charges
# Date seen: 2026-11-30
# We:        know a request by the key that it brings, whoever hands it on (bot/adapters/store/requests.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(idempotency==0.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

from idempotency import MemoryStore, idempotent

charges = []


def charging():
    charges.clear()

    @idempotent(ttl=300, store=MemoryStore())
    def charge(user, amount, currency="EUR"):
        charges.append((user, amount, currency))
        return {"charge": len(charges)}

    return charge


class Billing:
    @idempotent(ttl=300, store=MemoryStore())
    def charge(self, user):
        charges.append(user)


def told(what):
    print(f"{what}: {len(charges)} {'charge' if len(charges) == 1 else 'charges'}")
    return len(charges)


def called(what, *calls):
    charge = charging()
    for args, keywords in calls:
        charge(*args, **keywords)
    return told(what)


POSITIONS = ((7, 100.0), {})
seen = [
    called("charge(7, 100.0) and charge(7, 100.0)", POSITIONS, POSITIONS),
    called(
        "charge(user=7, amount=100.0) and charge(amount=100.0, user=7)",
        ((), {"user": 7, "amount": 100.0}),
        ((), {"amount": 100.0, "user": 7}),
    ),
    called(
        "charge(7, 100.0) and charge(user=7, amount=100.0)",
        POSITIONS,
        ((), {"user": 7, "amount": 100.0}),
    ),
    called("charge(7, 100.0) and charge(7, amount=100.0)", POSITIONS, ((7,), {"amount": 100.0})),
    called(
        'charge(7, 100.0) and charge(7, 100.0, "EUR"), which is the default',
        POSITIONS,
        ((7, 100.0, "EUR"), {}),
    ),
]
charges.clear()
first, second = Billing(), Billing()
first.charge(7)
second.charge(7)
seen.append(told("Billing().charge(7) and Billing().charge(7)"))
sys.exit(0 if seen == [1, 1, 2, 2, 2, 2] else 1)
PY
