"""What a text says about which org it speaks of: My Domain hosts and organization ids."""

from __future__ import annotations

import re

from bot.domain.recognition.entries import Hints

_HOST = re.compile(
    r"(?<![\w.-])([a-z0-9][a-z0-9-]{0,79}(?:\.(?:sandbox|develop|scratch|demo|trailblaze|free|patch|stage))?)"
    r"\.(my\.salesforce\.com|my\.salesforce-setup\.com|lightning\.force\.com|my\.salesforce\.mil)(?![\w-])",
    re.IGNORECASE,
)
_ORGANIZATION = re.compile(r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12}(?:[A-Z0-5]{3})?(?![A-Za-z0-9])")
# Hosts and ids that are kept: an answer names one org; more than one in a text is seldom.
_MOST = 5


def hints(text: str) -> Hints:
    """Hosts as My Domain hosts, organization ids as they stand; the first few of each, each once."""
    found = _HOST.findall(text.lower()) if "force" in text.lower() else ()
    hosts = [f"{name}.my.salesforce.{'mil' if suffix.endswith('.mil') else 'com'}" for name, suffix in found]
    ids = _ORGANIZATION.findall(text) if "00D" in text else ()
    return Hints(tuple(dict.fromkeys(hosts))[:_MOST], tuple(dict.fromkeys(ids))[:_MOST])
