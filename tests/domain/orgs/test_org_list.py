"""Orgs as a CSV file: what people's spreadsheets make of it is read, and no secret has a place in it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AskerError
from bot.domain.model import BACKUP_APP, DEVOPS_APP, FLOSUM_APPS, Login, Org
from bot.domain.orgs.org_list import COLUMNS, FaultyRow, OrgRow, read, written

PROD = OrgRow(2, "prod", "acme.my.salesforce.com", Login.CLIENT_CREDENTIALS, None, None, None, None, FLOSUM_APPS, None)


def one(line: str, header: str = ",".join(COLUMNS)) -> OrgRow | FaultyRow:
    (row,) = read(f"{header}\n{line}\n")
    return row


def fault(line: str, header: str = ",".join(COLUMNS)) -> str:
    row = one(line, header)
    assert isinstance(row, FaultyRow)
    return row.fault


@pytest.mark.parametrize(
    "text",
    [
        "name,host\nprod,acme.my.salesforce.com",
        "\ufeffName,Host\r\nprod,https://acme.lightning.force.com/lightning/page/home\r\n",
        "HOST;NAME\nacme.my.salesforce.com;prod\n",
        "name\thost\tlogin\nprod\tacme\tClient Credentials\n",
        "name,host,login\nprod,acme,CLIENT_CREDENTIALS\n",
        '"name","host","owner"\n"prod"," acme.my.salesforce.com ",""\n,,\n',
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read(text) == [PROD]


def test_a_row_says_all_that_connecting_takes() -> None:
    assert one("qa,acme--qa.sandbox,JWT,bot@acme.com.qa,3MVG9,,keys/qa.pem,backup,U0123") == OrgRow(
        2,
        "qa",
        "acme--qa.sandbox.my.salesforce.com",
        Login.JWT,
        "bot@acme.com.qa",
        "3MVG9",
        None,
        "keys/qa.pem",
        (BACKUP_APP,),
        "U0123",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",acme", "What should the org be called?"),
        ("all,acme", "all means something else"),
        ("prod,", "My Domain"),
        ("prod,login.salesforce.com", "login.salesforce.com"),
        ("prod,acme,saml", "its login is none of client-credentials, jwt and browser"),
        ("prod,acme,browser", "/flosum connect in Slack"),
        ("prod,acme,jwt", "login jwt needs a username"),
        ("prod,acme,,,,,,all", "none of backup, devops and both"),
        ("prod,acme,,,,,,,anna", "no id of a person or a channel"),
        ("prod,acme,,,,,,,,,more", "more cells than there are columns"),
        ("prod,acme,,,,,,,,all", "means something else"),
        ("prod,acme,,,,,,,,007", "cannot be a tag"),
        ("prod,acme,,,,,,,," + " ".join(f"t{number}" for number in range(11)), "10 tags at most"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_no_more_rows_are_wrong_for_it(line: str, said: str) -> None:
    rows = read(f"{','.join(COLUMNS)}\n{line}\nuat,acme\n")

    assert isinstance(rows[0], FaultyRow)
    assert said in rows[0].fault
    assert isinstance(rows[1], OrgRow)


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("", None),
        ("none", ()),
        ("emea", ("emea",)),
        ("EMEA; wave-2|crm  emea", ("emea", "wave-2", "crm")),
        ('"emea, crm"', ("emea", "crm")),
    ],
)
def test_tags_are_read_as_people_list_them(cell: str, tags: tuple[str, ...] | None) -> None:
    row = one(f"prod,acme,,,,,,,,{cell}")

    assert isinstance(row, OrgRow)
    assert row.tags == tags


def test_a_name_that_comes_twice_counts_the_first_time() -> None:
    first, second = read("name,host\nprod,acme\n\nPROD,emea\n")

    assert (first.name, second) == ("prod", FaultyRow(4, "PROD", "line 2 has the same name"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name and host must be among them"),
        ("name\nprod\n", "host must be among them"),
        ("name,host,hots\n", "The column hots means nothing here. Did you mean host?"),
        ("name,host,\n", "The column without a name means nothing here."),
        ("name,host,name\n", "A column stands there twice."),
        ('name,host\nprod,"acme\nuat,acme\n', "a quote is not closed"),
        *(
            (f"name,host,{column}\nprod,acme,hunter2\n", f"The column {column} would hold secrets")
            for column in ("consumer_secret", "Client Secret", "password", "Private Key", "PEM", "refresh token")
        ),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(text: str, said: str) -> None:
    with pytest.raises(AskerError) as refused:
        read(text)

    assert said in refused.value.text
    assert "hunter2" not in refused.value.text


def test_what_was_written_is_read_again_and_is_no_formula() -> None:
    orgs = [
        Org("T1", "prod, EMEA", "acme.my.salesforce.com", Login.JWT, "=bot@acme.com", apps=(DEVOPS_APP,), owner="C01"),
        Org(
            "T1",
            "qa",
            "acme--qa.sandbox.my.salesforce.com",
            Login.CLIENT_CREDENTIALS,
            owner="U01",
            tags=("emea", "crm"),
        ),
        Org("T1", "uat", "acme--uat.sandbox.my.salesforce.com", Login.BROWSER),
    ]

    prod, qa, uat = read(written(orgs))

    assert isinstance(prod, OrgRow)
    assert isinstance(qa, OrgRow)
    assert isinstance(uat, FaultyRow)
    assert (prod.name, prod.username, prod.apps, prod.owner) == ("prod, EMEA", "=bot@acme.com", (DEVOPS_APP,), "C01")
    assert (qa.host, qa.login, qa.apps, qa.owner) == (orgs[1].host, orgs[1].login, FLOSUM_APPS, "U01")
    assert (prod.tags, qa.tags) == ((), ("emea", "crm"))
    cells = [cell for line in csv.reader(written(orgs).splitlines()) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@given(st.text(alphabet="name,host\n\r\"';\tab\ufeff", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = read(text)
    except AskerError:
        return
    assert all(isinstance(row, (OrgRow, FaultyRow)) for row in rows)
