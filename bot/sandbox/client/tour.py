"""Five steps for a newcomer: from an error that somebody pastes to a digest that has changed."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

ERROR = 'emea-prod: {"error":"invalid_client","error_description":"app must be installed into org"}'
"""What Salesforce answers where an app is not installed, with the name of the org that did."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and why. ``act`` is what the button ``label`` does for those who would rather watch."""

    title: str
    text: str
    label: str = ""
    act: str = ""


STEPS = (
    Step(
        "Somebody pastes an error",
        "Last Monday’s digest names emea-prod; today a login there fails. Put the error into the message field, and"
        " send it with Enter.",
        "Put the error there",
        f"type:{ERROR}",
    ),
    Step(
        "The bot says what it means",
        "Nobody asked it, so it answers in the thread of the message: open “1 reply”. The cause stands first, then who"
        " can help and how, with links into the very org.",
    ),
    Step(
        "Install the app, and say who may use it",
        "Press Connected Apps OAuth Usage: it lands on that page of Setup, here in a built-in look-alike. Press Install"
        " twice. Then Manage App Policies: Edit Policies, Admin approved users, Save; Manage Profiles, tick one, Save.",
    ),
    Step(
        "Check again",
        "Back here, press Check emea-prod now: the bot reads the org anew, and says what is to be done about the error."
        " Asked for the org, it says that emea-prod is ready; only you see that.",
        "Type /flosum status emea-prod",
        "type:/flosum status emea-prod",
    ),
    Step(
        "Monday, nine o’clock",
        "Every week #salesforce hears which orgs still need something. Set the bot’s clock forward and see the digest"
        " come: emea-prod is done, and by whom.",
        "Set the clock to Monday, nine",
        "do:monday",
    ),
)

_STEP = Markup(
    '<section class="step" hidden><p class="small">Step {} of {}</p><h2 tabindex="-1">{}</h2><p class="what">{}</p>'
    '<div class="row">{}{}{}</div></section>'
)
_BUTTON = Markup('<button type="button" class="button{}" data-tour="{}">{}</button>')


def drawn() -> Markup:
    """All steps, of which the script shows one."""
    return Markup("").join(_drawn(number, step) for number, step in enumerate(STEPS, 1))


def _drawn(number: int, step: Step) -> Markup:
    help_ = _BUTTON.format("", step.act, step.label) if step.act else ""
    further = _BUTTON.format(" primary", "next", "Next" if number < len(STEPS) else "Done")
    skip = _BUTTON.format(" quiet", "skip", "Skip the tour") if number < len(STEPS) else ""
    return _STEP.format(number, len(STEPS), step.title, step.text, help_, further, skip)
