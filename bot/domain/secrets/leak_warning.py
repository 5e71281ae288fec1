"""What the author of a message is told about a secret in it: which kind it is, and how it is made worthless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.secrets import Secret

_REVOKE = {
    Secret.SESSION_ID: "End the session: **Setup → Session Management**, select it, **Remove**.",
    Secret.ACCESS_TOKEN: "End the session: **Setup → Session Management**, select it, **Remove**.",
    Secret.REFRESH_TOKEN: "Revoke it: **Setup → Connected Apps OAuth Usage**, open the app's user count, **Revoke**; "
    "then **Update Token** in Flosum.",
    Secret.JWT: "It ends by itself within minutes; if others could have used it, replace the signing certificate.",
    Secret.CONSUMER_KEY: "A consumer key alone opens nothing; if the secret was shown too, rotate both in the app.",
    Secret.CONSUMER_SECRET: "Rotate it where the app was made: **Manage Consumer Details**, new secret, **Apply**.",
    Secret.PASSWORD: "Change the password, and reset the user's security token.",
    Secret.SECURITY_TOKEN: "Reset it: the user's **Settings → Reset My Security Token**.",
    Secret.AUTHORIZATION_CODE: "It works once and for minutes only; start the login again so that it is spent.",
    Secret.PRIVATE_KEY: "Replace the key pair: new certificate in the app, new key wherever it is used.",
    Secret.ONE_TIME_CODE: "It works once and mostly for minutes only: finish the login with it, or let it run out. "
    "Make recovery codes anew where they came from.",
    Secret.WEBHOOK: "Who has the address can post by it: delete the webhook where it was made, and make a new one.",
    Secret.ONE_TIME_LINK: "Open the link yourself, and finish what it is for: it works only once.",
    Secret.OTHER_TOKEN: "Revoke it where it was issued and make a new one.",
}


_ANYBODYS = frozenset(
    (Secret.OTHER_TOKEN, Secret.WEBHOOK, Secret.ONE_TIME_LINK, Secret.ONE_TIME_CODE)
)  # of whoever issued them


@dataclass(frozen=True, slots=True)
class LeakWarning:
    """The words, in the light markup of ``bot.domain.answers``; ``steps`` make the secrets worthless."""

    headline: str
    lead: str
    steps: tuple[str, ...]
    note: str


def leak_warning(secrets: Sequence[Secret], *, shared: bool, stays: bool = True) -> LeakWarning:
    """For the author's eyes. ``shared``: others can read the message too.

    ``stays``: it can be deleted; what was typed as a command, in Slack or in a terminal, leaves no message behind.
    """
    kinds = list(dict.fromkeys(secrets))
    named = " and ".join((", ".join(kinds[:-1]), kinds[-1])) if len(kinds) > 1 else kinds[0]
    whose = "a secret" if _ANYBODYS.intersection(kinds) else "a Salesforce secret"
    where = "Anyone here could use it." if shared else "I do not store or repeat it."
    what = "Delete the message, then make the secret worthless" if stays else "Make the secret worthless all the same"
    return LeakWarning(
        headline=f"Your {'message' if stays else 'text'} shows {whose}: {named}",
        lead=f"{where} {what}:",
        steps=tuple(dict.fromkeys(_REVOKE[kind] for kind in kinds)),
        note="Only you see this. What the secret was is neither stored nor logged.",
    )
