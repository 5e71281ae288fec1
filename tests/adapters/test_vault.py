"""Secrets at rest: what opens what, where keys come from, and what never shows."""

from __future__ import annotations

import os
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.vault import Vault, add_key, key_file, make_key
from bot.domain.errors import OperatorError

OLD, NEW, LOST = make_key(), make_key(), make_key()

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300)


@given(texts, texts)
def test_what_is_sealed_opens_in_its_own_place(text: str, context: str) -> None:
    vault = Vault([NEW])

    assert vault.open(vault.seal(text, context), context, name="prod") == text


@given(texts, st.text("ab/|,\0", max_size=4), st.text("ab/|,\0", max_size=4))
def test_what_is_sealed_opens_in_no_other_place(text: str, context: str, other: str) -> None:
    vault = Vault([NEW])
    sealed = vault.seal(text, context)

    if context != other:
        with pytest.raises(OperatorError, match="`prod` is another org's"):
            vault.open(sealed, other, name="prod")


@given(st.data())
def test_a_changed_ciphertext_does_not_open(data: st.DataObject) -> None:
    vault = Vault([NEW])
    sealed = vault.seal("secret", "place")
    at = data.draw(st.integers(0, len(sealed) - 3))  # the last letters may hold bits that base64 does not use
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]

    with pytest.raises(OperatorError, match="None of the encryption keys"):
        vault.open(changed, "place", name="prod")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    vault = Vault([NEW])

    assert vault.seal("secret", "place") != vault.seal("secret", "place")


def test_an_older_key_still_opens_and_the_newest_one_seals() -> None:
    sealed_before = Vault([OLD]).seal("secret", "place")
    both = Vault([NEW, OLD])

    assert both.open(sealed_before, "place", name="prod") == "secret"
    assert Vault([NEW]).open(both.seal("secret", "place"), "place", name="prod") == "secret"


def test_a_lost_key_names_what_has_to_be_connected_again() -> None:
    sealed = Vault([LOST]).seal("secret", "place")

    with pytest.raises(OperatorError, match="opens the stored login of `emea-prod`"):
        Vault([NEW, OLD]).open(sealed, "place", name="emea-prod")


@pytest.mark.parametrize("token", ["", "not a token", "gAAAAA==", "\N{SNOWMAN}"])
def test_a_damaged_token_is_said_to_be_unopenable(token: str) -> None:
    with pytest.raises(OperatorError, match="None of the encryption keys"):
        Vault([NEW]).open(token, "place", name="prod")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hunter2-hunter2",
        NEW[:-1],
        NEW + "=",
        "!" + NEW,
        NEW[:20] + " " + NEW[20:],
        NEW.replace("=", "\N{FULLWIDTH EQUALS SIGN}"),
    ],
    ids=[
        "empty",
        "a password",
        "cut off",
        "too long",
        "a letter too many",
        "a space inside",
        "another alphabet",
    ],
)
def test_a_malformed_key_is_refused_by_its_place_and_never_printed(bad: str) -> None:
    with pytest.raises(OperatorError, match=r"^Key 2 of FLOSUM_SECRET_KEYS") as raised:
        Vault([NEW, bad])

    printed = "".join(traceback.format_exception(raised.value))
    assert NEW not in printed
    assert not bad or bad not in printed


def test_no_key_at_all_says_how_to_make_one() -> None:
    with pytest.raises(OperatorError, match=r"holds no key\. Make one with: python app\.py rotate-keys --new-key$"):
        Vault([])


def test_spaces_around_a_key_do_no_harm() -> None:
    assert Vault([f" {NEW}\n"]).open(Vault([NEW]).seal("secret", "place"), "place", name="prod") == "secret"


def test_a_vault_shows_no_key() -> None:
    assert repr(Vault([NEW, OLD])) == "Vault(2 keys)"


def test_the_key_file_is_made_for_its_owner_alone_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "assistant.key"

    keys = key_file(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert key_file(path) == keys
    assert list(path.parent.iterdir()) == [path]
    Vault(keys)


def test_many_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(key_file, [tmp_path / "assistant.key"] * 64))

    assert len(keys) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
@pytest.mark.skipif(os.name != "posix", reason="permissions are kept elsewhere on this system")
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "assistant.key"
    (key,) = key_file(path)
    path.chmod(mode)

    with pytest.raises(OperatorError, match="is open to other users of this machine: run chmod 600") as raised:
        key_file(path)

    assert key not in raised.value.text


@pytest.mark.parametrize(
    "content",
    [b"", b"hunter2", b"\n\n", f"{NEW}\nhunter2".encode()],
    ids=["nothing", "a word", "empty lines", "a key and a word"],
)
def test_a_key_file_without_a_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "assistant.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(OperatorError, match="does not hold a key") as raised:
        key_file(path)

    assert "hunter2" not in raised.value.text
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NEW.encode("utf-16"), "is saved as UTF-16; save it as UTF-8"),
        (b"\xff\xfe\x00", "is saved as UTF-16"),
        (f"{NEW}\nß".encode("latin-1"), "is not UTF-8 in line 2"),
    ],
    ids=["UTF-16", "its beginning", "Latin-1"],
)
def test_a_key_file_in_another_encoding_is_said_so(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "assistant.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(OperatorError, match=said):
        key_file(path)

    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "written", ["{0}\r\n{1}\r\n", "\ufeff{0}\n{1}", "{0},{1}", "'{0}, {1}'\n", '"{0}"\n"{1}"', " {0} \n\n{1}"]
)
def test_a_key_file_is_read_as_editors_and_people_write_it(tmp_path: Path, written: str) -> None:
    keys, path = (make_key(), make_key()), tmp_path / "assistant.key"
    path.write_bytes(written.format(*keys).encode())
    path.chmod(0o600)

    assert key_file(path) == keys


def test_a_key_file_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OperatorError, match=r"file/assistant\.key cannot be read or made: [\w ]+\.$"):
        key_file(tmp_path / "file" / "assistant.key")


def test_a_folder_in_place_of_the_key_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read or made: Is a directory"):
        key_file(tmp_path)


def test_a_pipe_in_place_of_the_key_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "assistant.key", 0o600)

    with pytest.raises(OperatorError, match="is no file"):
        key_file(tmp_path / "assistant.key")


def test_a_new_key_goes_in_front_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "data" / "assistant.key"
    (first,) = key_file(path)

    add_key(path)
    add_key(path)

    third, second, *rest = key_file(path)
    assert rest == [first]
    assert len({first, second, third}) == 3
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    Vault(key_file(path)).open(Vault([second]).seal("secret", "place"), "place", name="prod")


def test_many_who_add_keys_at_once_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "assistant.key"
    key_file(path)
    seen: set[str] = set()

    def add(_: int) -> bool:
        try:
            add_key(path)
        except OperatorError as error:
            assert "A key is being added already" in error.text  # noqa: PT017 - the others' turn
            return False
        seen.update(key_file(path))
        return True

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(100))).count(True)

    assert added > 0
    assert len(key_file(path)) == added + 1
    assert seen <= set(key_file(path))


def test_a_key_that_cannot_be_added_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "assistant.key"
    keys = key_file(path)
    (tmp_path / ".assistant.key.new").touch()

    with pytest.raises(OperatorError, match=r"If that was broken off, delete .*\.assistant\.key\.new\.$"):
        add_key(path)

    assert key_file(path) == keys


def test_a_key_is_not_put_before_something_that_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "assistant.key"
    path.write_text("hunter2")
    path.chmod(0o600)

    with pytest.raises(OperatorError, match="does not hold a key"):
        add_key(path)

    assert path.read_text() == "hunter2"
    assert list(tmp_path.iterdir()) == [path]
