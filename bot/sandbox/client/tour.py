"""Five steps for a newcomer: from an error that somebody pastes to a digest that has changed."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

ERROR = '{"error":"invalid_client","error_description":"app must be installed into org"}'
"""What Salesforce answers where an app is not installed."""


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
        "A colleague could not log in to emea-prod. Put the error into the message field, and send it with Enter.",
        "Put the error there",
        f"type:{ERROR}",
    ),
    Step(
        "The bot says what it means",
        "It answers in the thread of the message, because it was not asked: open “1 reply”. The cause stands first,"
        " then the one next step. Ask for the org itself, too; that answer is seen by you alone.",
        "Type /flosum status emea-prod",
        "type:/flosum status emea-prod",
    ),
    Step(
        "Install the app, and say who may use it",
        "Press the link of the step: it lands on the very page of Setup, here in a built-in look-alike. Install the"
        " app, then give a profile or a permission set access to it.",
    ),
    Step(
        "Check again",
        "Back here, press Check emea-prod, or ask once more. The bot reads the org anew and says that it is ready.",
        "Type /flosum status emea-prod",
        "type:/flosum status emea-prod",
    ),
    Step(
        "Monday, nine o’clock",
        "Every week #salesforce hears which orgs still need something. Set the bot’s clock forward and see the digest"
        " come; what was done since the last one stands in it, too.",
        "Set the clock to Monday, nine",
        "do:monday",
    ),
)

_STEP = Markup(
    '<section class="step" hidden><p class="small">Step {} of {}</p><h2 tabindex="-1">{}</h2><p>{}</p>'
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
