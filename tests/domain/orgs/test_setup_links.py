from __future__ import annotations

import re

import pytest

from bot.domain.orgs.setup_links import PAGES, setup_link


@pytest.mark.parametrize("page", PAGES)
def test_a_setup_link_lands_on_a_page_of_the_orgs_own_host(page: str) -> None:
    assert setup_link("acme.my.salesforce.com", page) == f"https://acme.my.salesforce.com{PAGES[page]}"
    assert re.fullmatch(r"/lightning/setup/\w+/home", PAGES[page])
