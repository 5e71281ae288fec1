"""What a text showed before it was redacted and kept: it cannot be seen in the text any more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.secrets import Secret


@dataclass(frozen=True, slots=True)
class Withheld:
    """The kinds of the secrets that stood in it, whether one was unmistakably a Salesforce session id, which
    ``opens_org``, and whether it was about the assistant's ``own_app`` in an org.
    """

    secrets: tuple[Secret, ...] = ()
    opens_org: bool = False
    own_app: bool = False


NOTHING = Withheld()
