from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AskerError
from bot.domain.orgs.setup_links import PAGES, is_sandbox_host, my_domain_host, setup_link

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z]+)?\.my\.salesforce\.com")


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("acme", "acme.my.salesforce.com"),
        ("  Acme ", "acme.my.salesforce.com"),
        ("acme.my", "acme.my.salesforce.com"),
        ("acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("http://ACME.my.salesforce.com/", "acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com:443/home?x=1#y", "acme.my.salesforce.com"),
        ("<https://acme.my.salesforce.com/>", "acme.my.salesforce.com"),
        ("acme.my.salesforce.com.", "acme.my.salesforce.com"),
        ("https://acme.lightning.force.com/lightning/page/home", "acme.my.salesforce.com"),
        ("acme.my.salesforce-setup.com/lightning/setup/ConnectedAppsUsage/home", "acme.my.salesforce.com"),
        ("acme--uat", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandbox", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandbox.my", "acme--uat.sandbox.my.salesforce.com"),
        ("https://acme--uat.sandbox.lightning.force.com/one/one.app", "acme--uat.sandbox.my.salesforce.com"),
        ("acme--uat.sandbox.my.salesforce-setup.com", "acme--uat.sandbox.my.salesforce.com"),
        ("acme-dev-ed", "acme-dev-ed.develop.my.salesforce.com"),
        ("acme-dev-ed.my.salesforce.com", "acme-dev-ed.my.salesforce.com"),
        ("acme.my.salesforce.com\\@evil.example", "acme.my.salesforce.com"),  # a browser reads it so, too
        ("acme.scratch.my.salesforce.com", "acme.scratch.my.salesforce.com"),
    ],
)
def test_what_people_type_leads_to_the_my_domain_host(typed: str, host: str) -> None:
    assert my_domain_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "login",
        "test",
        "my",
        "login.salesforce.com",
        "https://test.salesforce.com/",
        "na139.salesforce.com",
        "my.salesforce.com",
        "my.my.salesforce.com",
        "acme.my.my.salesforce.com",
        "acme.com",
        "evil.example",
        "acme.my.salesforce.com.evil.example",
        "https://acme.my.salesforce.com@evil.example/",
        "evil.example/acme.my.salesforce.com",
        "evil.example?acme.my.salesforce.com",
        "evil.example#.my.salesforce.com",
        "acme.my.site.com",
        "acme--c.vf.force.com",
        "acme.nosuchpartition.my.salesforce.com",
        "-acme",
        "acme-",
        "ac me",
        "ac_me",
        "аcme",  # a Cyrillic first letter
        "a" * 64,
        "acme\nmy.salesforce.com",
        "acme\x00",
        "[::1]",
        "127.0.0.1",
    ],
)
def test_what_is_not_one_org_of_salesforce_is_refused_with_the_reason(typed: str) -> None:
    with pytest.raises(AskerError, match=r"is not the address of one Salesforce org.*My Domain"):
        my_domain_host(typed)


@pytest.mark.parametrize("typed", ["", "  ", "https://", "<>", "/"])
def test_nothing_typed_is_asked_for(typed: str) -> None:
    with pytest.raises(AskerError, match="Which org"):
        my_domain_host(typed)


def test_government_orgs_are_refused_for_what_they_are() -> None:
    with pytest.raises(AskerError, match=r"salesforce\.mil"):
        my_domain_host("https://acme.my.salesforce.mil")


_SIGNS = list("/@:?#\\.`| \u3002İß\u200b")
_WORDS = ["acme", "--uat", "my", ".my", ".sandbox", ".salesforce", ".com", ".lightning.force", "-setup", "evil.example"]
_PIECES = st.sampled_from(["https://", ".my.salesforce.com", *_WORDS, *_SIGNS])


@given(st.lists(_PIECES, max_size=8).map("".join) | st.text(max_size=40))
def test_whatever_is_typed_ends_in_an_org_of_salesforce_or_a_sentence(typed: str) -> None:
    try:
        host = my_domain_host(typed)
    except AskerError as error:
        found = error.text
        shape = r"[^\x00-\x1f]{10,300}"
    else:
        found, shape = host, HOST.pattern
        shape = rf"(?!.*\.my\.my\.){shape}"

    assert re.fullmatch(shape, found)


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(lambda n: n not in {"my", "www"}))
def test_every_address_of_an_org_leads_to_the_same_host(name: str) -> None:
    if name in {"login", "test", "help"}:
        return
    hosts = {
        my_domain_host(f"{scheme}{name}{partition}{end}{path}")
        for partition in [".sandbox"]
        for end in [".my.salesforce.com", ".lightning.force.com", ".my.salesforce-setup.com", ".my", ""]
        for scheme in ["", "https://", " http://"]
        for path in ["", "/", "/lightning/setup/Users/home?x=.my.salesforce.com"]
    }

    assert hosts == {f"{name}.sandbox.my.salesforce.com"}
    assert my_domain_host(hosts.pop()) == f"{name}.sandbox.my.salesforce.com"


@pytest.mark.parametrize("page", PAGES)
def test_a_setup_link_lands_on_a_page_of_the_orgs_own_host(page: str) -> None:
    assert setup_link("acme.my.salesforce.com", page) == f"https://acme.my.salesforce.com{PAGES[page]}"
    assert re.fullmatch(r"/lightning/setup/\w+/home", PAGES[page])


@pytest.mark.parametrize(
    ("host", "sandbox"),
    [
        ("acme.my.salesforce.com", False),
        ("acme-dev-ed.develop.my.salesforce.com", False),
        ("acme--uat.sandbox.my.salesforce.com", True),
        ("acme--uat.my.salesforce.com", True),
        ("acme.scratch.my.salesforce.com", True),
    ],
)
def test_the_host_tells_which_login_page_is_its_audience(host: str, sandbox: bool) -> None:
    assert is_sandbox_host(host) is sandbox
