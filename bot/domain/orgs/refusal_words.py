"""What each kind of refusal means and what helps: one sentence of cause, one step, and whether a connection is over.

All of it is about the app and the user that this assistant logs in with; a "blocked" here says nothing of Flosum's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from bot.domain.orgs.refusal_kinds import RefusalKind


class About(StrEnum):
    """Whom a refusal is about, and so who can change it."""

    APP = auto()
    USER = auto()
    ORG = auto()
    CONNECTION = auto()
    SALESFORCE = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a kind of refusal means. ``over``: it ends the connection for good; only connecting again can help."""

    about: About
    cause: str
    step: str
    over: bool = False


_FEW_MINUTES = "Try again in a few minutes"
SCOPES = "**Manage user data via APIs (api)** and **Perform requests at any time (refresh_token, offline_access)**"
_TELL = "Tell whoever runs this assistant"

MEANINGS: Mapping[RefusalKind, Meaning] = {
    RefusalKind.CLOSED: Meaning(
        About.ORG,
        "The org is locked, closed or suspended.",
        "Only its owner and Salesforce can open it again; if it is gone for good, disconnect it here.",
    ),
    RefusalKind.MAINTENANCE: Meaning(
        About.SALESFORCE,
        "The org is in maintenance.",
        "Try again in an hour; status.salesforce.com shows how long it takes.",
    ),
    RefusalKind.BLOCKED: Meaning(
        About.APP,
        "This assistant's own app is blocked in that org.",
        "An administrator unblocks this assistant's own app under **Connected Apps OAuth Usage**.",
    ),
    RefusalKind.NOT_INSTALLED: Meaning(
        About.APP,
        "This assistant's own app is not installed in that org.",
        "Install this assistant's own app in that org.",
    ),
    RefusalKind.NOT_GRANTED: Meaning(
        About.APP,
        "The user of this login is not let into this assistant's own app.",
        "Grant the connection's user access to this assistant's own app.",
    ),
    RefusalKind.NO_POLICY: Meaning(
        About.APP,
        "That org holds no policies for this assistant's own app.",
        "Open the app in **External Client App Manager**, **Edit Policies**, and save them once.",
    ),
    RefusalKind.OTHER_ORGS_APP: Meaning(
        About.APP,
        "This assistant's own app belongs to another org and is not open to this one.",
        "Log in to the org that the app is in, or connect this org with an app of its own.",
    ),
    RefusalKind.RUN_AS: Meaning(
        About.APP,
        "No user is set for this way of logging in.",
        "Set **Run As** in the policies of this assistant's own app.",
    ),
    RefusalKind.FLOW_OFF: Meaning(
        About.APP,
        "This way of logging in is switched off.",
        "Enable the flow that this connection uses in this assistant's own app.",
    ),
    RefusalKind.SCOPE: Meaning(
        About.APP,
        "This assistant's own app lacks a scope that the login asks for.",
        f"Add {SCOPES} to its OAuth scopes.",
    ),
    RefusalKind.CALLBACK: Meaning(
        About.APP,
        "This bot's callback address is not among those of its own app.",
        "Add it to the app's callback URLs, letter by letter: it ends in `/salesforce/callback`.",
    ),
    RefusalKind.MY_DOMAIN: Meaning(
        About.CONNECTION,
        "The org takes no such login at the address that is kept of it.",
        "Compare that address with Setup → **My Domain** there, then connect the org again.",
    ),
    RefusalKind.SESSION_LEVEL: Meaning(
        About.APP,
        "That org asks for a session of high assurance.",
        "Log in with a second factor, or lower the session level in the policies of this assistant's own app.",
    ),
    RefusalKind.RATE: Meaning(
        About.SALESFORCE,
        "There were too many logins in a short time.",
        "Try again in an hour; that limit passes by itself.",
    ),
    RefusalKind.SERVER: Meaning(
        About.SALESFORCE,
        "Salesforce has trouble of its own right now.",
        f"{_FEW_MINUTES}; status.salesforce.com shows maintenance and outages of its instance.",
    ),
    RefusalKind.UNSAID: Meaning(
        About.SALESFORCE,
        "Salesforce gives no reason.",
        f"{_FEW_MINUTES}; if it stays so, look at **Login History** of the connection's user.",
    ),
    RefusalKind.CONCURRENT: Meaning(
        About.ORG,
        "Too many requests to that org were running at that moment.",
        "Try again in a minute; that passes by itself.",
    ),
    RefusalKind.DAILY: Meaning(
        About.ORG,
        "That org has used up its API requests for the last 24 hours, so it answers no program.",
        "The count rolls over 24 hours: try again in a few hours. **Setup** → **Company Information** shows the limit.",
    ),
    RefusalKind.LIMIT: Meaning(
        About.ORG,
        "One of that org's request limits is used up, and it does not say which.",
        f"{_FEW_MINUTES}; if it stays so, it is the limit of 24 hours, which **Setup** → **Company Information** "
        "shows.",
    ),
    RefusalKind.PASSWORD: Meaning(
        About.USER, "The password of the connection's user has expired.", "Give that user a new password."
    ),
    RefusalKind.LOCKED: Meaning(About.USER, "The connection's user is locked out.", "Unlock the connection's user."),
    RefusalKind.FROZEN: Meaning(About.USER, "The connection's user is frozen.", "Unfreeze the connection's user."),
    RefusalKind.INACTIVE: Meaning(
        About.USER,
        "The connection's user is not active.",
        "Activate the connection's user, or connect the org again with another one.",
        over=True,
    ),
    RefusalKind.ADDRESS: Meaning(
        About.USER,
        "That org lets this user in only from certain addresses or at certain hours.",
        "Allow the bot's address and these hours for the connection's user.",
    ),
    RefusalKind.CLOCK: Meaning(
        About.OPERATOR,
        "The signed login had run out before Salesforce read it: the clock of the bot's machine is wrong.",
        "Whoever runs the bot sets that clock right; then try again.",
    ),
    RefusalKind.CODE: Meaning(
        About.CONNECTION, "The login took too long, or its answer was used before.", "Log in once more, in one go."
    ),
    RefusalKind.ENDED: Meaning(
        About.CONNECTION, "The connection's login has expired or was revoked.", "Connect the org again.", over=True
    ),
    RefusalKind.AUDIENCE: Meaning(
        About.CONNECTION,
        "The signed login was meant for another login page than the org's.",
        "Check that sandbox and production are not mixed up, then connect the org again.",
    ),
    RefusalKind.CERTIFICATE: Meaning(
        About.APP,
        "The certificate in this assistant's own app has expired.",
        "Upload a new certificate there, and give the bot the private key that belongs to it.",
    ),
    RefusalKind.ASSERTION: Meaning(
        About.CONNECTION,
        "Salesforce does not take the signed login.",
        "Check username, private key and certificate, then connect the org again.",
    ),
    RefusalKind.SECRET: Meaning(
        About.CONNECTION,
        "The consumer key or the secret is not right.",
        "Check the consumer key and secret, then connect the org again.",
        over=True,
    ),
    RefusalKind.SETTINGS: Meaning(
        About.OPERATOR,
        "The consumer key or the secret is not right.",
        "Whoever runs the bot checks the consumer key and secret in its settings.",
    ),
    RefusalKind.CLIENT_ID: Meaning(
        About.CONNECTION,
        "That org does not know the consumer key: the app was deleted, is new, or is of another org.",
        "Check the consumer key, then connect the org again.",
        over=True,
    ),
    RefusalKind.LOGIN_HISTORY: Meaning(
        About.USER,
        "Salesforce does not tell programs why.",
        "Look at **Login History** of the connection's user: its status names the reason.",
    ),
    RefusalKind.DENIED: Meaning(
        About.CONNECTION, "Access was denied on Salesforce's page.", "Log in once more, and allow it."
    ),
    RefusalKind.UNFIT_LOGIN: Meaning(
        About.CONNECTION, "What is stored of the login cannot be used.", "Connect the org again.", over=True
    ),
    RefusalKind.API_OFF: Meaning(
        About.ORG,
        "The API is off in that org, or not open to this app.",
        "Ask its Salesforce administrator: an edition with API access is needed.",
    ),
    RefusalKind.USER_API: Meaning(
        About.USER, "The connection's user may not use the API.", "Give the connection's user **API Enabled**."
    ),
    RefusalKind.API_CONTROL: Meaning(
        About.APP,
        "Its session does not open the REST API.",
        "Check that the connection's user has **API Enabled**, and whether API Access Control allows its app.",
    ),
    RefusalKind.SECURITY_POLICY: Meaning(
        About.ORG,
        "A Transaction Security policy of that org stopped the call.",
        "Whoever looks after that org's security has to allow the connection's user.",
    ),
    RefusalKind.CLIENT_CERTIFICATE: Meaning(
        About.USER,
        "That org asks the connection's user for a client certificate, which the bot has none of.",
        "Choose a user for the connection whose profile asks for none.",
    ),
    RefusalKind.VERSION: Meaning(
        About.OPERATOR,
        "The org does not speak the API version that this assistant uses.",
        f"{_TELL}: the assistant has to be updated.",
    ),
    RefusalKind.OURS: Meaning(
        About.OPERATOR,
        "This assistant asked in a way that Salesforce does not take, which is the assistant's own fault.",
        f"{_TELL}.",
    ),
    RefusalKind.OTHER: Meaning(
        About.CONNECTION, "", "Check the app and the user of the connection, then connect the org again."
    ),
}
