"""The guidance put into words, and the bot's words about itself. The finding comes first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Answer, Button, Item, Items, Part, State, Steps, Text
from bot.domain.answers.markup import code
from bot.domain.command import Command, shorten
from bot.domain.conversations.error_reply import About, brief, check_button
from bot.domain.model import Org
from bot.domain.orgs.setup_links import NAMES, setup_link
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.verbs import BY_NAME, VERBS, Verb


def guidance(found: Recognition, entry: Entry, about: About) -> Answer:
    """What an error means and the first steps; of a section of the guide all there is."""
    if entry.kind is Kind.ERROR:
        return brief(entry, about, found.others, _how_sure(found, entry))
    return whole(found, entry, about)


def whole(found: Recognition, entry: Entry, about: About) -> Answer:
    """The cause in one sentence, who does what in which order, and how we know."""
    who_can = f"Who can: {entry.who}" if entry.who else ""
    parts: list[Part] = [Steps(entry.steps)] if entry.steps else []
    parts += [Text(tip) for tip in entry.tips]
    if found.others:
        also = "; ".join(other.title for other in found.others)
        parts.append(Text(f"The text shows more than one error. Also in it: {also}"))
    return Answer(
        headline=entry.cause if entry.kind is Kind.ERROR else entry.title,
        lead=entry.cause if entry.kind is Kind.GUIDE else who_can,
        parts=tuple(parts),
        buttons=guidance_buttons(entry, about),
        note=entry.source,
        rates=entry.id,
    )


def guidance_buttons(entry: Entry, about: About) -> tuple[Button, ...]:
    """The check of the org that is meant, or of the only one there is; and the very page of its first step."""
    check, org = check_button(about), about.only
    page = Button(f"Open {NAMES[entry.page]}", url=setup_link(org.host, entry.page)) if org and entry.page else None
    return tuple(button for button in (check, page) if button)


def _how_sure(found: Recognition, entry: Entry) -> str:
    signs = (found.code, *found.evidence) if found.code else found.evidence
    spellings = {sign.replace("_", " ").casefold(): sign for sign in reversed(signs)}
    evidence = ", ".join(code(sign) for sign in [*reversed(spellings.values())][:2])
    source = entry.source.split(";")[0] if entry.kind is Kind.ERROR else entry.source
    return " · ".join(word for word in (f"From the text: {evidence}" if evidence else "", source) if word)


def not_recognised(command: Command, nearest: Sequence[Entry], orgs: Sequence[Org]) -> Answer:
    """Asked, and nothing was recognised, perhaps because a verb was mistyped.

    Nobody is sent to a planned verb, unless what follows names one of their orgs, so that it surely was meant.
    """
    verb = BY_NAME.get(command.meant or "")
    if verb is not None and not verb.is_planned:
        _, *rest = command.rest.split(maxsplit=1)
        return mistyped(shorten(command.rest), " ".join([verb.name, *rest]))
    names = {org.name.casefold() for org in orgs}
    if verb is not None and {word.casefold() for word in command.words[1:2]} & names:
        return not_built(verb)
    return nothing_known(nearest)


def nothing_known(nearest: Sequence[Entry]) -> Answer:
    """Asked, and the guidance has nothing: said so, with the nearest sections as suggestions."""
    titles = " · ".join(f"**{entry.title}**" for entry in nearest)
    return Answer(
        headline="I have no guidance for that",
        lead=f"The nearest in the guide: {titles}" if nearest else "",
        parts=(
            Text(
                "For a Salesforce login error, paste its whole text, and the page's address too "
                "(without `code=` and `state=`)."
            ),
        ),
        buttons=tuple(Button(entry.title, command=f"guide {entry.topic}") for entry in nearest),
        unknown=True,
    )


def mistyped(typed: str, meant: str) -> Answer:
    """A verb that is nearly one of ours, and a text that the guidance does not know either."""
    return Answer(
        headline=f"There is no command {code(typed.split()[0])}",
        lead=f"Did you mean {code(f'/flosum {meant}')}?",
        buttons=(Button(f"/flosum {meant}", command=meant, primary=True), Button("All commands", command="help")),
        unknown=True,
    )


def help_text(orgs: Sequence[Org]) -> Answer:
    """The short help: what to type, by what one wants."""
    example = orgs[0].name if orgs else "prod"
    lines = [
        Item(code(f"/flosum {verb.name} {usage.brief.replace('<org>', example)}".strip()), usage.help)
        for verb in VERBS
        for usage in verb.usages
        if usage.brief is not None
    ]
    return Answer(
        headline="I help Salesforce orgs through the connected-app restrictions for Flosum",
        lead="Paste a Salesforce login error into a channel I am in, or type one of these:",
        parts=(Items(tuple(lines)),),
        note="Anything else after `/flosum` is taken as a question about the guide.",
    )


def guide_contents(sections: Sequence[Entry]) -> Answer:
    """The table of contents."""
    return Answer(
        headline="The guide, section by section",
        lead="A System Administrator of the org goes through these once for each org.",
        parts=(Items(tuple(Item(f"`/flosum guide {entry.topic}`", entry.title) for entry in sections)),),
        note="Source: Flosum's article on installing its connected apps",
    )


def not_built(verb: Verb) -> Answer:
    """A planned command: said so, with the way by hand."""
    return Answer(f"`/flosum {verb.name}` is not there yet", verb.meanwhile, state=State.UNKNOWN)
