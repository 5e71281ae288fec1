"""What can go wrong, sorted by who must act.

    AssistantError            .text is a finished sentence for the person who asked
    ├── AskerError            the asker can put it right: an unknown org, a mistyped time
    │   ├── LoginStopped      a login in the browser that is not carried on; .why says at which check
    │   └── NotAllowed        they may not do that, or see it; for their eyes only, because it may name who may
    ├── OperatorError         whoever runs the bot can: a setting, the database, a key; exit code 2
    ├── OrgError              something about one Salesforce org
    │   ├── OrgUnreachable    no usable answer: time-out, DNS, 5xx, HTML, a cut-off body; worth another try
    │   ├── OrgRefused        Salesforce said no at login; .code and .description lead to the guidance
    │   ├── WriteRefused      Salesforce said no to something that was to be written; .code says why
    │   └── LoginLost         no key of ours opens what is kept of its login; an OperatorError, too
    └── SlackRefused          Slack would not take a message; .permanent says whether another try can help
        └── NotInstalled      the bot is not in that workspace

Nothing here carries a raw payload, a URL with parameters, or a secret: these texts are shown and logged.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.answers import Answer, Button


class AssistantError(Exception):
    """The root: ``text`` is what the person reads."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class AskerError(AssistantError):
    """The asker can put it right, perhaps with one of the ``buttons``."""

    def __init__(self, text: str, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(text)
        self.buttons = buttons


class UnknownOrg(AskerError):
    """No org is called ``name``; ``line`` is what was wanted of it, with ``{org}`` in its place."""

    def __init__(self, text: str, buttons: tuple[Button, ...], name: str, line: str) -> None:
        super().__init__(text, buttons)
        self.name = name
        self.line = line


class Why(StrEnum):
    """At which check a login in the browser was stopped."""

    UNKNOWN = "unknown or used"
    TOO_OLD = "too old"
    OTHER_BROWSER = "other browser"
    OTHER_ASKER = "other asker"
    DENIED = "denied"
    REFUSED = "refused by Salesforce"
    WRONG_ORG = "wrong org"
    NOT_SALESFORCE = "not Salesforce"


class LoginStopped(AskerError):
    """A login in the browser ends here, and nothing was saved. ``meaning`` is what helps against it."""

    def __init__(self, why: Why, text: str, meaning: Answer | None = None) -> None:
        super().__init__(text)
        self.why = why
        self.meaning = meaning


class NotAllowed(AskerError):
    """The asker may not do that, or see it: said to them alone."""


class OperatorError(AssistantError):
    """Whoever runs the bot can put it right."""


class OrgError(AssistantError):
    """Something about one Salesforce org."""


class OrgUnreachable(OrgError):
    """No usable answer came; another try may help."""


class OrgRefused(OrgError):
    """Salesforce refused the login: its OAuth ``code`` and ``description``, already without secrets.

    ``let_in``: the login itself went well, and what was asked with it was refused.
    """

    def __init__(self, text: str, code: str, description: str = "", *, let_in: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.description = description
        self.let_in = let_in


class WriteRefused(OrgError):
    """Salesforce refused to write something: its ``code`` and ``message``, fit to be shown. Nothing was written."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"Salesforce refused: {code}" + (f" ({message})" if message else "") + ".")
        self.code = code
        self.message = message


class LoginLost(OperatorError, OrgError):
    """What is kept of a login does not open: the operator has the key, or the org must be connected again.

    It concerns one org, so the others are read and shown all the same.
    """


ENDED_TOKENS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
"""Slack's words for a token that it does not take, whatever is called with it."""


CODELESS = "Slack refused that. Whoever runs the bot finds why in its log."


class SlackRefused(AssistantError):
    """Slack would not take a message. ``permanent``: the same call will not succeed later.

    ``clear``: Slack said so itself, so the call has come to nothing; else it may have been taken all the same.
    ``retry_after``: seconds for which Slack asks to be left alone. ``code`` is Slack's own word, "" without one.
    """

    def __init__(
        self, text: str, *, permanent: bool, clear: bool = False, retry_after: float | None = None, code: str = ""
    ) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.clear = clear
        self.retry_after = retry_after
        self.code = code

    @property
    def said(self) -> str:
        """``text`` as people read it: a code of Slack's says nothing to them, and the log has it."""
        return CODELESS if self.code and self.code in self.text else self.text

    @property
    def passing(self) -> bool:
        """Whether another try may go through: also where a token ended, which the operator replaces."""
        return not self.permanent or self.code in ENDED_TOKENS


class NotInstalled(SlackRefused):
    """The bot is not in that workspace, so Slack tells it nothing of who is there."""

    def __init__(self, text: str) -> None:
        super().__init__(text, permanent=True)
