"""What whoever set a digest is told when it does not come."""

from __future__ import annotations

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.markup import channel
from bot.domain.digest import wish
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.digest.schedule import slot_words
from bot.domain.digest.subscription import About, Slot, SlotStatus, Subscription
from bot.domain.errors import SlackRefused
from bot.domain.orgs.alert_report import NOT_AGAIN

FOR_GOOD = frozenset(
    (
        "access_denied cannot_dm_bot channel_is_archived channel_not_found "
        "enterprise_is_restricted invalid_channel is_archived messages_tab_disabled "
        "method_not_supported_for_channel_type missing_scope no_permission not_allowed_token_type "
        "not_in_channel posting_to_general_channel_denied restricted_action "
        "restricted_action_non_threadable_channel restricted_action_read_only_channel "
        "restricted_action_thread_locked restricted_action_thread_only_channel team_access_not_granted "
        "user_disabled user_not_found user_not_visible "
    ).split()
)
"""Refusals of Slack's that stay until somebody does something; all others are worth another try within the day.

A token that has ended is not among them: the operator sets a new one, and until then nothing reaches anybody who could
be told.
"""


def is_for_good(refusal: SlackRefused) -> bool:
    """Whether posting there fails until somebody does something."""
    return refusal.permanent and (not refusal.code or refusal.code in FOR_GOOD)


READ_ELSEWHERE = "That channel is shared with another company, whose people would read the names of your orgs."
"""Why nothing that names an org comes to a channel."""


def not_here() -> SlackRefused:
    """Why it is not posted where people of another company would read it: as if Slack did not take it there."""
    return SlackRefused(
        f"{READ_ELSEWHERE} Choose one of your own people: `/flosum remind monday 09:00 #channel`.",
        permanent=True,
        clear=True,
    )


def notice(subscription: Subscription, slot: Slot) -> Answer:
    """What whoever set it is told, once."""
    where, when = channel(subscription.target), slot_words(subscription, slot.due)
    if subscription.personal:
        where = "the person that it is for"
    change = Button("Choose another channel", command=subscription.target, form=DIGEST_FORM, primary=True)
    at = wish.ME if subscription.personal else f"<#{subscription.target}>"
    now = Button("Post it now", command=f"remind now {at}")
    if slot.about == About.UNCERTAIN:
        return Answer(
            f"Look whether the digest of {when} is in {where}",
            NOT_AGAIN,
            State.UNKNOWN,
            buttons=(now,),
        )
    if slot.about == About.GIVEN_UP:
        return Answer(
            f"The digest of {when} did not come to {where}",
            "I tried for a day and Slack did not take it. The next one comes at its time.",
            State.MISSING,
            buttons=(now, change),
        )
    return Answer(
        f"The digest cannot be delivered to {where}",
        subscription.failing or "Slack does not let me post there.",
        State.MISSING,
        buttons=(change,),
        note="I try again at each of its times, and tell you no more of it.",
    )


_WHAT = {
    SlotStatus.UNCERTAIN: "may or may not have arrived",
    SlotStatus.GIVEN_UP: "was not posted, and will not be",
    SlotStatus.MISSED: "was due while nothing ran",
}


def undelivered_words(slot: Slot, target: str) -> str:
    """``the digest of 2026-11-23 08:00 UTC to C1 was due while nothing ran``, for whoever runs the bot."""
    return f"the digest of {slot.due:%Y-%m-%d %H:%M} UTC to {target} {_WHAT.get(slot.status, 'is still being tried')}"
