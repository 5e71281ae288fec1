"""Guidance for the assistant's own app in an org: what to do there when its own login is refused.

Flosum's apps and their Update Token have no part in this. The pages are those of the Salesforce reference, sections 1
and 9: an external client app is changed in External Client App Manager, a connected app on the usage page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus

from bot.domain.answers import Answer, State, Steps, Text
from bot.domain.model import Login
from bot.domain.orgs.refusal_kinds import RefusalKind, kind_in, kind_of
from bot.domain.orgs.refusal_words import MEANINGS, SCOPES, About

CALLBACK_PATH = "/salesforce/callback"
_KEY_AT_LEAST = 16  # letters; a real consumer key has more than 80, and a short word may stand anywhere

_MANAGER = "**Setup** → **External Client App Manager**"
_USAGE = "**Connected Apps OAuth Usage**"
_OTHER_ORG = "If you logged in to another org than you meant, log out there, or use a private window."
_POLICIES = (
    f"In that org, open {_MANAGER}, this assistant's app, **Edit Policies**. (If it is a connected app: {_USAGE}, "
    "**Manage App Policies**, and there **Manage Permission Sets** or **Manage Profiles**.)"
)
_USERS = "In that org, open **Setup** → **Users** and the user that the assistant logs in as."
_SETTINGS = f"In the org that the app is in, open {_MANAGER}, this assistant's app, **Settings**."
_TRY = "Then try the login again."

_STEPS: Mapping[RefusalKind, tuple[str, ...]] = {
    RefusalKind.BLOCKED: (
        f"In that org, open **Setup** → {_USAGE} (for an external client app: **External Client Apps OAuth Usage**).",
        "Find this assistant's app and click **Unblock**.",
        _TRY,
    ),
    RefusalKind.NOT_INSTALLED: (
        _OTHER_ORG,
        f"In that org, open **Setup** → {_USAGE}, find this assistant's app and click **Install**.",
        "A packaged external client app is installed with its package instead.",
        _TRY,
    ),
    RefusalKind.NOT_GRANTED: (
        _POLICIES,
        "Add a permission set or profile of the user that the assistant logs in as, and save.",
        _TRY,
    ),
    RefusalKind.NO_POLICY: (_POLICIES, "Save the policies once, as they are or as you want them.", _TRY),
    RefusalKind.OTHER_ORGS_APP: (
        _OTHER_ORG,
        "Else whoever runs the assistant packages its app and installs it in that org, or makes one there.",
        _TRY,
    ),
    RefusalKind.RUN_AS: (
        _POLICIES,
        "Set **Run As** to the user that the assistant shall read as: its user name, not its e-mail address.",
        _TRY,
    ),
    RefusalKind.FLOW_OFF: (_SETTINGS, "Under **Flow Enablement**, enable the flow that this connection uses.", _TRY),
    RefusalKind.SCOPE: (
        _SETTINGS,
        f"Add the scopes {SCOPES}.",
        _TRY,
    ),
    RefusalKind.CALLBACK: (
        _SETTINGS,
        f"Add this bot's callback address, letter by letter: it ends in `{CALLBACK_PATH}`.",
        _TRY,
    ),
    RefusalKind.CERTIFICATE: (_SETTINGS, "Upload a certificate that is valid, and give the bot its private key.", _TRY),
    RefusalKind.CLIENT_ID: (
        "Check that the login went to the org that the app is in. A new app is known after up to ten minutes.",
        f"{_SETTINGS} Compare its consumer key with the one that the assistant has.",
        _TRY,
    ),
    RefusalKind.PASSWORD: (_USERS, "Click **Reset Password**, and set a new one by the link in the mail.", _TRY),
    RefusalKind.LOCKED: (_USERS, "Click **Unlock**.", _TRY),
    RefusalKind.FROZEN: (_USERS, "Click **Unfreeze**.", _TRY),
    RefusalKind.INACTIVE: (_USERS, "Check **Active**, and save; or choose another user for the connection.", _TRY),
    RefusalKind.ADDRESS: (
        _USERS,
        "Look at **Login IP Ranges** and **Login Hours** of its profile; let in the address that the bot calls from.",
        f"{_POLICIES} **IP Relaxation** there can stop it, too.",
        _TRY,
    ),
    RefusalKind.LOGIN_HISTORY: (_USERS, "Read the newest line of its **Login History**: it names the reason.", _TRY),
    RefusalKind.USER_API: (_USERS, "Give it **API Enabled**, by its profile or a permission set.", _TRY),
    RefusalKind.API_CONTROL: (
        _USERS,
        "See that it has **API Enabled**.",
        "Where API Access Control is on, grant it this assistant's app, and see that the app is not blocked.",
        _TRY,
    ),
}
_ABOUT: Mapping[About, str] = {
    About.APP: "This concerns the assistant's own app in that org, not Flosum's apps.",
    About.USER: "This concerns the user that the assistant itself logs in as, not Flosum's connection.",
    About.ORG: "This concerns the org itself, not Flosum's apps.",
    About.CONNECTION: "This concerns the assistant's own login to that org, not Flosum's apps.",
    About.SALESFORCE: "This comes from Salesforce itself; neither the assistant's app nor Flosum's has to be changed.",
    About.OPERATOR: "This concerns the assistant itself, not Flosum's apps.",
}


def guidance(code: str, description: str, login: Login | None = None) -> Answer:
    """What to do about a refusal of the assistant's own login."""
    return _answer(kind_of(code, description, login))


def guidance_for(text: str) -> Answer:
    """What to do about an error of the assistant's own app that somebody pasted; ``text`` holds no secrets."""
    kind = kind_in(unquote_plus(text)) or RefusalKind.OTHER
    meaning, answer = MEANINGS[kind], _answer(kind)
    cause = meaning.cause.rstrip(".") or "Salesforce refused the assistant's own login"
    parts = answer.parts or (Text(meaning.step),)
    return Answer(cause, answer.headline, State.MISSING, parts=parts, note=answer.lead)


def refused(code: str, description: str, login: Login | None) -> str:
    """Cause and step of a refusal, as sentences that follow Salesforce's own words."""
    meaning = MEANINGS[kind_of(code, description, login)]
    return " ".join(sentence for sentence in (meaning.cause, meaning.step) if sentence)


def shows_a_key(text: str) -> bool:
    """Whether a text holds what begins like a consumer key."""
    return "3MVG" in text


def is_own(text: str, consumer_keys: Iterable[str | None], callback: str | None) -> bool:
    """Whether ``text``, as it was given, shows the assistant's own app: its consumer key or its callback address.

    Keys are masked with the other secrets, so this looks before that; it keeps nothing.
    """
    address = (callback or "").partition("://")[2].rstrip("/").casefold()
    keys = [key for key in consumer_keys if key and len(key) >= _KEY_AT_LEAST]
    if not (keys or address):
        return False
    plain = text
    for _ in range(3):  # an address inside an address is encoded more than once
        plain = unquote_plus(plain).replace("&amp;", "&")
    return any(_stands_in(key, plain) for key in keys) or bool(address and _stands_in(address, plain.casefold()))


def _answer(kind: RefusalKind) -> Answer:
    about = MEANINGS[kind].about
    who = "Who can: a Salesforce administrator of that org." if about in (About.APP, About.USER) else ""
    return Answer(_ABOUT[about], who, parts=(Steps(_STEPS[kind]),) if kind in _STEPS else ())


def _stands_in(value: str, text: str) -> bool:
    """As a whole: a longer key or path that begins with ours is somebody else's."""
    return re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)", text) is not None
