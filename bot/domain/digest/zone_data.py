"""Which zone data counts: the system's files or those of the tzdata package, whichever is newer.

Python takes the system's where there are any, and a system is updated seldom: one of 2025 has Vancouver an hour wrong
in the winter of 2026, and digests there come an hour late.
"""

from __future__ import annotations

import importlib.resources
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(r"(?:# version )?(\d{4})([a-z]{1,2})\b")
_FILES = ("tzdata.zi", "+VERSION")
"""Where a folder of zones says its version: as zic compiled it, and on BSD and macOS."""


@dataclass(frozen=True, slots=True)
class ZoneData:
    """What there is: versions such as ``2026f``, "" where there is none or it does not say; and which is used."""

    system: str
    package: str
    uses_package: bool

    @property
    def used(self) -> str:
        """The version that is used."""
        return self.package if self.uses_package else self.system


def use_newest(folders: Sequence[str] = zoneinfo.TZPATH) -> ZoneData:
    """Let zones come from the newer data, in this process. Of two that are the same the system's are used."""
    there = next((Path(folder) for folder in folders if (Path(folder) / "UTC").is_file()), None)
    system = "" if there is None else _said_by(there)
    package = _version_in((importlib.resources.files("tzdata.zoneinfo") / "tzdata.zi").read_text("utf-8"))
    uses_package = _order(package) > _order(system)
    zoneinfo.reset_tzpath(to=() if uses_package else folders)
    zoneinfo.ZoneInfo.clear_cache()
    return ZoneData(system, package, uses_package)


def _said_by(folder: Path) -> str:
    for name in _FILES:
        if (folder / name).is_file():
            return _version_in((folder / name).read_text("utf-8", errors="replace"))
    return ""


def _version_in(text: str) -> str:
    found = _VERSION.match(text)
    return "".join(found.groups()) if found else ""


def _order(version: str) -> tuple[str, int, str]:
    """Letters go on after z with two of them; what does not say its version is older than anything."""
    return version[:4], len(version), version


NEWEST = use_newest()
"""What this process uses; whoever asks for a zone through this wing gets it from there."""
