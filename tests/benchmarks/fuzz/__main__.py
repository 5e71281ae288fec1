"""``python -m tests.benchmarks.fuzz``: see the package."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.fuzz.targets import LONGEST, TARGETS, run


def main(arguments: Sequence[str] | None = None) -> int:
    """1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", choices=[[], *TARGETS], metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=600.0, help="for all targets together")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    names = options.target or list(TARGETS)
    found = sum(_fuzzed(name, options.seed, options.seconds / len(names)) for name in names)
    return int(found > 0)


def _fuzzed(name: str, seed: int, seconds: float) -> int:
    until, number, found = time.monotonic() + seconds, 0, 0
    with TARGETS[name]() as case:
        while time.monotonic() < until:
            if (trouble := run(name, case, seed, number, LONGEST)) is not None:
                found += 1
                sys.stdout.write(f"{name}, seed {seed}, case {number}: {trouble}\n")
            number += 1
    sys.stdout.write(f"{name}: {number} cases, {found} found\n")
    sys.stdout.flush()
    return found


if __name__ == "__main__":
    sys.exit(main())
