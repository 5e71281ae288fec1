"""The long measure; see the package."""

from __future__ import annotations

import argparse
import sys
import tempfile

from tests.benchmarks.digests.measure import Sizes, measured
from tests.benchmarks.faults.databases import PostgresqlServer


def main() -> int:
    """Print what came of it; 1 where a digest came twice, or is missing and nobody was told."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.digests")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--workspaces", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    alone = given.database == "sqlite"
    sizes = Sizes(1 if alone else 3, given.workspaces, given.rounds, seed=given.seed)
    if alone:
        with tempfile.TemporaryDirectory() as folder:
            found = measured(f"sqlite:///{folder}/assistant.db", sizes)
    else:
        server = PostgresqlServer()
        try:
            with server.database() as database:
                found = measured(database.url, sizes)
        finally:
            server.close()
    print(found)  # noqa: T201
    return 1 if found.twice or found.missing or found.told_twice else 0


if __name__ == "__main__":
    sys.exit(main())
