"""What an earlier start built is used again, and nothing that somebody else could have written."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from bot.adapters import library
from bot.wiring.compiled_guidance import built_in
from tests.recognition_helpers import GUIDANCE

TEXT = "OAUTH_APP_BLOCKED: this app is blocked by admin"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    built_in(folder)
    return folder


def kept(cache: Path) -> Path:
    (path,) = cache.glob("guidance-*.pickle")
    return path


def test_a_second_start_reads_what_the_first_one_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "load", lambda: pytest.fail("the files were read again"))

    guidance, matcher = built_in(cache)

    assert guidance == GUIDANCE
    found = matcher.recognise(TEXT, asked=False).entry
    assert found is not None
    assert found.id == "app-blocked"


def test_what_others_could_have_written_is_not_read(cache: Path) -> None:
    kept(cache).write_bytes(pickle.dumps("somebody else's"))
    kept(cache).chmod(0o666)

    assert built_in(cache)[0] == GUIDANCE


def test_a_folder_that_others_may_write_to_is_not_trusted(cache: Path) -> None:
    kept(cache).write_bytes(pickle.dumps("somebody else's"))
    cache.chmod(0o777)

    assert built_in(cache)[0] == GUIDANCE


@pytest.mark.parametrize("size", [0, 1, 1_000])
def test_half_a_file_is_made_anew(cache: Path, size: int) -> None:
    whole = kept(cache).read_bytes()
    kept(cache).write_bytes(whole[:size])

    assert built_in(cache)[0] == GUIDANCE
    assert len(kept(cache).read_bytes()) > size


def test_what_was_made_from_older_files_goes(cache: Path) -> None:
    older = kept(cache).rename(cache / "guidance-0.pickle")

    built_in(cache)

    assert not older.exists()
    assert len(list(cache.iterdir())) == 1


def test_where_nothing_can_be_kept_it_is_built_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    assert built_in(tmp_path / "file" / "kept")[0] == GUIDANCE


def test_what_is_kept_is_the_owners_alone(cache: Path) -> None:
    assert kept(cache).stat().st_mode & 0o077 == 0
    assert cache.stat().st_mode & 0o077 == 0
    assert kept(cache).stat().st_uid == os.getuid()
