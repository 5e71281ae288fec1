"""The package's page: the text that it follows through goes the way that the page says."""

from __future__ import annotations

import doctest

from bot.domain import recognition
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.pattern_index import PatternIndex
from bot.domain.recognition.ranking import context_of, counting, depth_of, ranked
from bot.domain.recognition.tokens import raw_words
from bot.domain.recognition.unescape import unescape
from tests.paths import ROOT
from tests.recognition_helpers import GUIDANCE

NAMES = (Matcher, PatternIndex, context_of, counting, depth_of, ranked, raw_words)


def test_the_text_of_the_page_is_recognised_step_by_step_as_it_says() -> None:
    known = {"guidance": GUIDANCE, "unescape": unescape, **{name.__name__: name for name in NAMES}}

    failed, tried = doctest.testmod(recognition, globs=known, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert (failed, tried) == (0, 14)


def test_the_page_names_every_module_of_the_package() -> None:
    page = recognition.__doc__ or ""
    modules = {path.name for path in (ROOT / "bot" / "domain" / "recognition").glob("*.py")} - {"__init__.py"}

    assert sorted(name for name in modules if name not in page) == []
