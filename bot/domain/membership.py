"""Who may see what the bot knows of a workspace's orgs, and what the others are told."""

from __future__ import annotations

from bot.domain.model import Standing

_ERRORS = "Paste a Salesforce login error, and I explain it."
_NOT_OURS = f"What I know of orgs here is for people of this workspace. {_ERRORS}"
_GUEST = (
    "What I know of orgs here is for full members of this workspace; its admins open it to guests with "
    f"`/flosum settings guests on`. {_ERRORS}"
)
_NOT_KNOWN = (
    f"Slack does not tell me right now who you are, so I show nothing of orgs. Try again in a minute. {_ERRORS}"
)
NOT_HERE = (
    "I am not in this workspace, so I show nothing of orgs here. An admin of it can add me, or whoever runs me. "
    f"{_ERRORS}"
)
"""Why somebody gets no more who asks from a workspace without the bot, as one of an organization may be."""

NOT_TRUSTED = {
    Standing.GUEST: "Guests see nothing of orgs here; `/flosum settings guests on` opens them first.",
    Standing.STRANGER: "They are of another company.",
    Standing.GONE: "They are deactivated.",
    Standing.BOT: "That is a bot.",
}
"""Why somebody of that standing cannot be let change things."""


def refusal(standing: Standing | None, *, guests_welcome: bool) -> str:
    """Why somebody gets explanations of errors and nothing else; "" where they may see all.

    ``standing`` None: Slack does not say who they are.
    """
    if standing is Standing.MEMBER or (standing is Standing.GUEST and guests_welcome):
        return ""
    if standing is None:
        return _NOT_KNOWN
    return _GUEST if standing is Standing.GUEST else _NOT_OURS
