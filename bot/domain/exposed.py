"""What the author of a message reads about a secret in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Part, State, Steps, Text
from bot.domain.entries import Secret

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
    Secret.OTHER_TOKEN: "Revoke it where it was issued and make a new one.",
}


def secret_warning(secrets: Sequence[Secret], *, shared: bool) -> Answer:
    """For the author's eyes: which kinds of secret the message shows, and how each is made worthless."""
    kinds = list(dict.fromkeys(secrets))
    named = " and ".join((", ".join(kinds[:-1]), kinds[-1])) if len(kinds) > 1 else kinds[0]
    where = "Anyone here could use it." if shared else "I do not store or repeat it."
    ways = tuple(dict.fromkeys(_REVOKE[kind] for kind in kinds))
    return Answer(
        headline=f"Your message shows a Salesforce secret: {named}",
        lead=f"{where} Delete the message, then make the secret worthless:",
        state=State.NEEDS_STEP,
        parts=(Steps(ways),),
        note="Only you see this. What the secret was is neither stored nor logged.",
    )


def with_warning(answer: Answer, secrets: Sequence[Secret]) -> Answer:
    """An answer that only the asker sees, with the warning about the secrets in their text at its end."""
    if not secrets:
        return answer
    warning = secret_warning(secrets, shared=False)
    told = Text(f"⚠️ **{warning.headline}.** {warning.lead}")
    return replace(answer, parts=(*answer.parts, told, *warning.parts))


def secret_in_message(secrets: Sequence[Secret]) -> tuple[Part, ...]:
    """The same beside an answer about a message that somebody pointed at, whoever wrote it."""
    warning = secret_warning(secrets, shared=True)
    told = warning.headline.replace("Your message", "That message", 1)
    who = "Tell its author to delete it, then to make the secret worthless:"
    return (Text(f"⚠️ **{told}.** Anyone here could use it. {who}"), *warning.parts)
