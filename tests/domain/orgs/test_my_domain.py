from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversations.org_mentions import hosts_in
from bot.domain.errors import AskerError
from bot.domain.orgs.my_domain import PARTITIONS, is_sandbox_host, my_domain_host

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
        ("acme\u2013uat.sandbox", "acme--uat.sandbox.my.salesforce.com"),
        ("acme\u2013dev--uat.sandbox", "acme-dev--uat.sandbox.my.salesforce.com"),
        ("acme\u2013x\u2013uat.sandbox", "acme-x-uat.sandbox.my.salesforce.com"),
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


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("https://acme.my.salesforce.mil", r"salesforce\.mil log in elsewhere"),
        ("acme--uat.sandbox.my.salesforce.mil", r"salesforce\.mil log in elsewhere"),
        ("acme.lightning.force.mil", r"salesforce\.mil log in elsewhere"),
        ("acme.my.sfcrmproducts.cn", "cloud in China"),
        ("https://acme--uat.sandbox.my.sfcrmproducts.cn/home", "cloud in China"),
        ("acme.my.sfcrmapps.cn", "cloud in China"),
        ("acme--uat.sandbox.my.sfcrmapps.cn", "cloud in China"),
        ("acme--c.vf.force.com", "Visualforce pages, not where it logs in"),
        ("acme--uat--c.sandbox.vf.force.com", "Visualforce pages"),
        ("acme--c.visualforce.com", "Visualforce pages"),
        ("c.na139.visual.force.com", "Visualforce pages"),
        ("acme.file.force.com", "keeps its files"),
        ("acme--c.documentforce.com", "keeps its files"),
        ("c.na139.content.force.com", "keeps its files"),
        ("acme.my.site.com", "a site that an org shows"),
        ("acme.my.salesforce-sites.com", "a site that an org shows"),
        ("acme.secure.force.com", "a site that an org shows"),
        ("na139.salesforce.com", "instance, which many orgs share"),
        ("cs12.salesforce.com", "instance, which many orgs share"),
        ("https://usa123s.salesforce.com/001", "instance, which many orgs share"),
        ("acme--uat.cs12.my.salesforce.com", "before enhanced domains"),
        ("login.salesforce.com", "a page that all orgs share"),
        ("https://test.salesforce.com/", "a page that all orgs share"),
    ],
)
def test_an_address_that_is_not_served_is_named_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(AskerError, match=why) as refused:
        my_domain_host(typed)

    assert refused.value.text.startswith("`")


@pytest.mark.parametrize("end", [".my.salesforce.com", ".lightning.force.com", ".my.salesforce-setup.com"])
@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_partition_is_understood_in_every_address(partition: str, end: str) -> None:
    host = f"acme-x.{partition}.my.salesforce.com"

    assert my_domain_host(f"https://acme-x.{partition}{end}/lightning/page/home") == host
    assert my_domain_host(f"acme-x.{partition}") == host
    assert is_sandbox_host(host) is (partition in ("sandbox", "scratch"))
    assert hosts_in(f"see https://acme-x.{partition}{end}/x") == {host}, "a paste is read the same way"


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")
def test_typographic_dashes_are_dashes(dash: str) -> None:
    assert my_domain_host(f"acme{dash}dev{dash}ed") == "acme-dev-ed.develop.my.salesforce.com"
    assert my_domain_host(f"acme{dash}{dash}uat") == "acme--uat.sandbox.my.salesforce.com"
    assert my_domain_host(f"acme{dash}uat.sandbox.my.salesforce.com") == "acme--uat.sandbox.my.salesforce.com"
    assert my_domain_host(f"acme-emea{dash}{dash}uat.sandbox") == "acme-emea--uat.sandbox.my.salesforce.com"


def test_a_short_dash_is_one_hyphen_and_a_long_one_the_two_that_were_typed() -> None:
    assert my_domain_host("acme–emea") == "acme-emea.my.salesforce.com"
    assert my_domain_host("acme—uat") == "acme--uat.sandbox.my.salesforce.com"


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
