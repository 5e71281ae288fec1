"""Orgs as a CSV file: what people's spreadsheets make of it is read, and no secret has a place in it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AskerError
from bot.domain.model import BACKUP_APP, DEVOPS_APP, FLOSUM_APPS, Login, Org
from bot.domain.orgs.org_list import COLUMNS, FaultyRow, OrgRow, read, written

PROD = OrgRow(2, "prod", "acme.my.salesforce.com", Login.CLIENT_CREDENTIALS, None, None, None, None)


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
        "name;host\rprod;acme\r",
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read(text) == [PROD]


def test_the_line_that_names_the_separator_to_excel_is_one_of_the_file() -> None:
    (row,) = read("sep=;\r\nname;host\r\nprod;acme\r\n")

    assert (row.line, row.name) == (3, "prod")


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
        (",acme", "it has no name"),
        ("all,acme", "all means something else"),
        ("prod,", "My Domain"),
        ("prod,login.salesforce.com", "login.salesforce.com"),
        ("prod,acme,saml", "its login is none of client-credentials, jwt and browser"),
        ("prod,acme,jwt", "login jwt needs a username"),
        ("prod,acme,,,,,,all", "none of backup, devops and both"),
        ("prod,acme,,,,,,,anna", "no id of a person or a channel"),
        ("prod,acme,,,,,,,,,,more", "more cells than there are columns"),
        ("prod,acme,,,,,,,,all", "means something else"),
        ("prod,acme,,,,,,,,007", "cannot be a tag"),
        ("prod,acme,,,,,,,,,maybe", "its allow_grants is neither yes nor no"),
        ("prod,acme,,,3.14E+10", "a spreadsheet has changed its consumer_key"),
        ('prod,acme,,,"3,14E+10"', "a spreadsheet has changed its consumer_key"),
        ("#NAME?,acme", "a spreadsheet has changed its name"),
        ("prod,acme,,#######", "a spreadsheet has changed its username"),
        ('prod,acme,,"a@b\nc"', "there is a line break in its username"),
        ("prod,acme,,xoxb-1-hunter2", "its username is a bot token, which has no place in this file"),
        (f"prod,acme,,,{'A1' * 32}", "consumer secret of Salesforce, which has no place in this file"),
        (f"prod,acme,,,,{'0a' * 16}", "client secret of Slack, which has no place in this file"),
        ('prod,acme,,,,,"-----BEGIN PRIVATE KEY-----\nhunter2"', "its key_file is a key or a certificate"),
        ("prod,acme,,,3MVG9 x", "the consumer key is not right: there is a space"),
        ("prod,acme,,,https://x", "the consumer key is not right: that is a web address"),
        ("prod,acme,,,,,,,," + " ".join(f"t{number}" for number in range(11)), "10 tags at most"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_no_more_rows_are_wrong_for_it(line: str, said: str) -> None:
    rows = read(f"{','.join(COLUMNS)}\n{line}\nuat,acme\n")

    assert isinstance(rows[0], FaultyRow)
    assert said in rows[0].fault
    assert "hunter2" not in str(rows[0])
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


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("name,host\nprod,acme", (None, None, None, None)),
        ("name,host,apps,owner,tags,allow_grants\nprod,acme,,,,", (None, None, None, None)),
        ("name,host,owner,tags,allow_grants\nprod,acme,none,none,no", (None, "", (), False)),
        ("name,host,apps,owner,allow_grants\nprod,acme,devops,<@U01|anna>,Yes", ((DEVOPS_APP,), "U01", None, True)),
    ],
)
def test_what_a_row_does_not_say_stays_as_it_is(columns: str, said: tuple[object, ...]) -> None:
    (row,) = read(columns)

    assert isinstance(row, OrgRow)
    assert (row.apps, row.owner, row.tags, row.grants_allowed) == said


def test_one_org_under_two_names_counts_the_first_time() -> None:
    _, second, third = read("name,host\nprod,acme\nprod2,https://ACME.my.salesforce.com/\nuat,acme--uat.sandbox\n")

    assert second == FaultyRow(3, "prod2", "line 2 has the same host")
    assert isinstance(third, OrgRow)


def test_a_secret_in_the_place_of_a_name_is_not_repeated() -> None:
    assert one("xoxb-1-hunter2,acme") == FaultyRow(2, "", "its name is a bot token, which has no place in this file")


def test_a_name_that_comes_twice_counts_the_first_time() -> None:
    first, second = read("name,host\nprod,acme\n\nPROD,emea\n")

    assert (first.name, second) == ("prod", FaultyRow(4, "PROD", "line 2 has the same name"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty."),
        ("name\nprod\n", "host must be among them"),
        ("name,host,hots\n", "The column hots means nothing here. Did you mean host?"),
        ("name,host,\n", "The column without a name means nothing here."),
        ("name,host,name\n", "The column name stands there twice."),
        ('name,host\nprod,"acme\nuat,acme\n', "Line 2 is no line of a CSV file: a quote is not closed."),
        ('name,host\n\nprod,acme\n"uat,acme\n\nqa,acme\n', "Line 4 is no line of a CSV file: a quote is not closed."),
        ('"name,host\nprod,acme\n', "Line 1 is no line of a CSV file: a quote is not closed."),
        *(
            (f"name,host,{column}\nprod,acme,hunter2\n", f"The column {column} would hold secrets")
            for column in (
                "consumer_secret",
                "Client Secret",
                "password",
                "Private Key",
                "PEM",
                "refresh token",
                "passwd",
                "PWD",
                "key",
            )
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
            grants_allowed=True,
        ),
        Org("T1", "uat", "acme--uat.sandbox.my.salesforce.com", Login.BROWSER),
    ]

    prod, qa, uat = read(written(orgs))

    assert isinstance(prod, OrgRow)
    assert isinstance(qa, OrgRow)
    assert isinstance(uat, OrgRow)
    assert (uat.login, uat.owner) == (Login.BROWSER, "")
    assert (prod.grants_allowed, qa.grants_allowed) == (False, True)
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
