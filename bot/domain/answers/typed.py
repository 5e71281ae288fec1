"""What a form is about and what stands in its lines, as the value of a button that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

LONGEST = 2000
"""Letters that a button's value has room for."""


def packed(subject: str, values: Mapping[str, str]) -> str:
    """Both as one value; the subject alone where they do not fit: half of a list would mean something else."""
    typed = urlencode(values)
    both = f"{subject}\n{typed}" if typed else subject
    return both if len(both) <= LONGEST else subject


def unpacked(value: str) -> tuple[str, dict[str, str]]:
    """The same, apart."""
    subject, _, typed = value.partition("\n")
    return subject, dict(parse_qsl(typed))
