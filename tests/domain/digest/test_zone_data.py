"""Of the system's zone data and the package's the newer one is used."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.digest import schedule
from bot.domain.digest.zone_data import ZoneData, use_newest
from bot.domain.digest.zones import usable
from tests.digests import weekly


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = zoneinfo.TZPATH
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize(
    ("name", "says", "version", "package_is_used"),
    [
        ("tzdata.zi", "# version 2025b\n# ddeps backzone\n", "2025b", True),
        ("tzdata.zi", "# version 2097a\n", "2097a", False),
        ("tzdata.zi", "# version 2026zz\n", "2026zz", False),
        ("tzdata.zi", "# version 2026a-dirty\n", "2026a", True),
        ("+VERSION", "2097c\n", "2097c", False),
        ("+VERSION", "", "", True),
        ("leapseconds", "# version 2097a", "", True),
    ],
)
def test_the_newer_is_used(tmp_path: Path, name: str, says: str, version: str, package_is_used: bool) -> None:
    (tmp_path / "UTC").write_bytes(b"")
    (tmp_path / name).write_text(says, encoding="utf-8")

    data = use_newest([str(tmp_path / "nowhere"), str(tmp_path)])

    assert (data.system, data.uses_package) == (version, package_is_used)
    assert bool(zoneinfo.TZPATH) is not package_is_used
    assert data.used == (data.package if package_is_used else version)


def test_a_system_without_zones_uses_the_package(tmp_path: Path) -> None:
    assert use_newest([str(tmp_path)]) == ZoneData("", use_newest([]).package, uses_package=True)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("America/Vancouver", 16), ("America/Edmonton", 15), ("America/Winnipeg", 14), ("Africa/Casablanca", 9)],
)
def test_nine_oclock_is_that_of_the_data_of_2026(zone: str, hour: int) -> None:
    now = datetime(2026, 12, 5, tzinfo=UTC)

    assert schedule.upcoming(weekly("T1", "C1", zone=zone), now) == datetime(2026, 12, 7, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["US/Pacific-New", "", "Europe/Nowhere", "../../etc/passwd", "localtime", "Factory", "\0"]
)
def test_a_zone_that_this_machine_does_not_know_is_mapped(zone: str) -> None:
    assert usable(zone) == "UTC"
    assert schedule.upcoming(weekly("T1", "C1", zone=zone), datetime(2026, 12, 5, tzinfo=UTC)).hour == 9
