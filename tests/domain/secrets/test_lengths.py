"""A secret of any length is masked to its last letter, and nothing behind it is."""

from __future__ import annotations

import json
from random import Random
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.secrets import MASK
from bot.domain.secrets.redaction import redact

LENGTHS = (40, 90, 91, 120, 121, 200, 201, 300, 301, 2_001, 4_001, 8_001, 20_001, 50_000)
"""Around the bounds that patterns had, and far above all of them."""

ALNUM = ascii_letters + digits


def letters(length: int, alphabet: str = ALNUM, seed: int = 3) -> str:
    """Chance letters, of which the first are mixed as in no word."""
    return ("r7Kq2Zp9" + "".join(Random(seed).choices(alphabet, k=length)))[:length]  # noqa: S311 - tests, not secrets


def in_lines(secret: str, width: int) -> str:
    return "\n".join(secret[at : at + width] for at in range(0, len(secret), width))


BEGUN = {
    "session id": "00Dxx0000001gPL!",
    "refresh token": "5Aep861",
    "consumer key": "3MVG9",
    "authorization code": "aPrx",
    "signed token": "eyJhbGciOiJSUzI1NiJ9.",
    "signed token, long head": "eyJ" + "hbGciOiJ" * 600 + ".",
    "bot token": "xoxb" + "-",
    "app token": "xapp" + "-1-",
    "github": "ghp" + "_",
    "google": "ya29.",
}
"""Secrets that say what they are, each with how it begins."""

AROUND: dict[str, tuple[str, str]] = {
    "query": ("grant_type=x&password=", "&client_id=y"),
    "encoded query": ("https%3A%2F%2Fx.test%3Fpassword%3D", "%26user%3Da"),
    "escaped ampersand": ("client_secret=", "\\u0026user=a"),
    "environment": ("export SF_PASSWORD=", "\nexport X=1"),
    "option": ("tool login --password ", " --json"),
    "yaml": ("password: ", "\nuser: a"),
    "yaml block": ("client_secret: |\n  ", "\nuser: a"),
    "json": ('{"password": "', '", "user": "a"}'),
    "escaped json": ('"{\\"password\\":\\"', '\\",\\"user\\":\\"a\\"}"'),
    "python": ("Salesforce(password='", "', domain='test')"),
    "quoted with blanks": ('password: "two words ', '" and more'),
    "smart quotes": ("password: “", "” and more"),
    "code": ("password: `", "` and more"),
    "xml": ("<urn:password>", "</urn:password>"),
    "escaped xml": ("&lt;password&gt;", "&lt;/password&gt;"),
    "attributes": ('<add key="client_secret" value="', '" />'),
    "entry": ('<entry key="client_secret">', "</entry>"),
    "tag behind words": ("<dt>client secret</dt><dd>", "</dd>"),
    "escaped tag behind words": ("&lt;td&gt;client secret&lt;/td&gt;&lt;td&gt;", "&lt;/td&gt;"),
    "talk": ("my password is ", " and it fails"),
    "blank": ("security token ", " and it fails"),
    "brackets": ("security token (", ") and it fails"),
    "next line": ("security token:\n", "\nand it fails"),
    "line between": ("client secret\n\n", "\nand it fails"),
    "table row": ("| Password | ", " | note |"),
    "csv column": ("user,password,active\na@b.c,", ",true"),
    "quoted csv column": ('user,password,active\na@b.c,"', '",true'),
    "csv column behind a quoted one": (f'note,password,active\n"{"so, " * 200}",', ",true"),
    "tabs": ("user\tpassword\na@b.c\t", "\tnote"),
    "drawn table": ("| user | password | note |\n|---|---|---|\n| a@b.c | ", " | uat |"),
    "escaped lines": ("user;password;note\\na@b.c;", ";uat"),
    "bearer": ("Authorization: Bearer ", "\nHost: x"),
    "bearer alone": ("Bearer ", " and more"),
    "basic": ("Authorization: Basic ", "\nHost: x"),
    "curl": ("curl -u admin:", " https://x.test"),
    "address": ("https://admin:", "@x.test/path"),
    "address, long user": (f"https://{'a' * 500}:", "@x.test/path"),
    "sfdx address": ("force://", "@x.my.salesforce.com"),
    "web hook": ("https://hooks.slack.com/services/", " and more"),
    "code of an address": ("https://x.test/cb?code=", "&state=[masked]&client_id=y"),
    "state of an address": ("https://x.test/cb?error=access_denied&state=", "&client_id=y"),
    "encoded code": ("oauth https%3A%2F%2Fx.test%3Fcode%3D", "%26client_id%3Dy"),
    "private key": ("key: -----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----, and more"),
    "private key that was cut off": ("key: -----BEGIN RSA PRIVATE KEY-----", "- and more"),
    **{begun: (begin, " and more") for begun, begin in BEGUN.items()},
}
"""What stands before and behind a secret."""


def _shows(text: str, secret: str) -> bool:
    """Whether the last letters of a secret, or any that are long enough to know it by, still stand in a text."""
    return secret[-8:] in text or any(secret[at : at + 12] in text for at in range(0, len(secret) - 11, 12))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize(("before", "behind"), AROUND.values(), ids=AROUND.keys())
def test_a_secret_of_any_length_is_masked_to_its_end_and_what_follows_stays(
    before: str, behind: str, length: int
) -> None:
    secret = letters(length)

    result = redact(before + secret + behind)

    assert not _shows(result.text, secret)
    assert result.text.endswith(MASK + behind.removeprefix("-----END RSA PRIVATE KEY-----"))
    assert len(result.secrets) == 1
    assert redact(result.text).text == result.text


@pytest.mark.parametrize("length", LENGTHS[2:])
@pytest.mark.parametrize("width", [64, 80, 250])
@pytest.mark.parametrize("begin", list(BEGUN.values())[:3], ids=list(BEGUN)[:3])
def test_a_token_that_a_terminal_broke_into_many_lines_is_masked_to_its_end(
    begin: str, width: int, length: int
) -> None:
    secret = begin + letters(length // width * width + width - len(begin))

    assert redact(f"{in_lines(secret, width)}\nand more").text == f"{MASK}\nand more"


@pytest.mark.parametrize("length", LENGTHS)
def test_a_private_key_in_lines_is_masked_to_its_end(length: int) -> None:
    key = f"-----BEGIN PRIVATE KEY-----\n{in_lines(letters(length, ALNUM + '+/'), 64)}\n-----END PRIVATE KEY-----"

    assert redact(f"{key} and more").text == f"{MASK} and more"
    assert redact(json.dumps({"key": key, "user": "a"})).text == json.dumps({"key": MASK, "user": "a"})
    assert redact(key.rpartition("\n")[0]).text == MASK


@pytest.mark.parametrize("rows", [1, 20, 21, 400])
@pytest.mark.parametrize("between", [",", ";", "\t", " | "])
def test_a_column_is_masked_to_its_last_row(between: str, rows: int) -> None:
    table = [("user", "password", "note"), *((f"u{row}", letters(12, seed=row), "uat") for row in range(rows))]
    masked = [table[0], *((user, MASK, note) for user, _, note in table[1:])]

    assert redact(_drawn(table, between)).text == _drawn(masked, between)


def _drawn(rows: list[tuple[str, str, str]], between: str) -> str:
    return "\n".join(between.join(row) for row in rows) + "\nand more"


LONGEST_TAG = f"<{'t' * 21} {'x' * 60}/>"
LONGEST_JOINTS = {
    "tags": LONGEST_TAG,
    "remarks": f"({', '.join(['x' * 16] * 7)})",
    "list items": f"\n{' ' * 12}&gt;{' ' * 4}&gt;{' ' * 4}",
}


@pytest.mark.parametrize("joint", LONGEST_JOINTS.values(), ids=LONGEST_JOINTS.keys())
def test_a_secret_as_far_behind_its_name_as_any_is_looked_for_is_masked(joint: str) -> None:
    far = f"client secret{'_abcdefghij' * 3}{joint * 15}"

    assert redact(far + letters(40)).text == far + MASK


ALPHABETS = (ALNUM, digits + "abcdef")  # that every kind of secret takes
COMPANY = st.lists(
    st.sampled_from(
        [
            "password",
            "token ",
            "secret",
            "is ",
            "a1",
            "=",
            ": ",
            "\n",
            "&",
            "'",
            "“",
            "`",
            "\\",
            "%",
            "|",
            ",",
            "x",
            MASK,
            "<",
        ]
    ),
    max_size=8,
).map("".join)
ANY_PLACE = st.sampled_from([name for name in AROUND if name not in BEGUN])


@settings(max_examples=150, deadline=None)
@given(ANY_PLACE, st.integers(40, 12_000), st.sampled_from(ALPHABETS), st.integers(0, 2**16), COMPANY, COMPANY)
def test_no_long_secret_survives_in_any_company(
    place: str, length: int, alphabet: str, seed: int, first: str, last: str
) -> None:
    secret, (before, behind) = letters(length, alphabet, seed), AROUND[place]

    once = redact(f"{first}\n{before}{secret}{behind}\n{last}")

    assert not _shows(once.text, secret)
    assert redact(once.text).text == once.text


@settings(max_examples=100, deadline=None)
@given(COMPANY.filter(bool), st.integers(1, 3_000), COMPANY)
def test_redacting_what_was_said_often_again_changes_nothing(piece: str, times: int, last: str) -> None:
    once = redact(piece * times + last).text

    assert redact(once).text == once


def test_the_address_that_a_fuzz_found_is_masked_in_one_round() -> None:
    address = "https://h/cb?code={}&state={}&client_id=y"

    assert redact(address.format("a1" * 15_000, "x")).text == address.format(MASK, MASK)


FREED = letters(20, seed=9)
NEAR_A_MASK = {
    "a tag is short enough": f"client secret{'<td>' * 10}<td password={letters(90)}>{FREED}",
    "the last of many tags is": f"client secret{LONGEST_TAG * 13}<td password={letters(90)}>{FREED}",
    "a cell moves to another column": f"n,password\nx,y\nclient_secret='a,b,c,d,e1,f',{FREED},z",
    "quotes close nowhere": f"secret '{FREED} then {'so on, ' * 40}password: “k7#Vq9'zLm2” and",
    "quotes far away close nowhere": f"secret <b>'{FREED} then {'x' * 9_000} password: “k7#Vq9'zLm2” and",
}
"""What is masked only because something behind it was, and how it came to be."""


@pytest.mark.parametrize("text", NEAR_A_MASK.values(), ids=NEAR_A_MASK.keys())
def test_a_secret_that_a_mask_brings_near_its_name_is_masked_however_far_the_mask_is(text: str) -> None:
    once = redact(text)

    assert FREED not in once.text
    assert once.text.count(MASK) == 2
    assert redact(once.text).text == once.text
