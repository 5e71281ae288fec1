"""What the bot says in a conversation beside the guidance itself: pointing back, going on, and starting a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Text
from bot.domain.answers.humanize import age, listed
from bot.domain.answers.markup import channel, code, user
from bot.domain.command import AROUND, HELP, Command, shorten
from bot.domain.conversations.entry_reply import ALL_COMMANDS, About, guidance_buttons
from bot.domain.conversations.error_reply import first_step
from bot.domain.conversations.guidance_reply import guidance
from bot.domain.conversations.solved import Ending
from bot.domain.model import Org, PostedAnswer
from bot.domain.orgs.connection import CONNECT_AN_ORG
from bot.domain.orgs.setup_links import page_link, setup_link
from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.selection import strange_words
from bot.domain.verbs import VERBS, org_in


def pointer(
    entry: Entry, earlier: PostedAnswer | None, org: Org | None, now: datetime, *, guessed: bool = False
) -> Answer:
    """The same error again: one line that leads to the earlier answer (``with_link``), and the steps on request.

    What does not say why it failed may be another failing each time; what was ``guessed`` by its wording, too.
    """
    when = f"explained here {age(earlier.at, now)}" if earlier else "explained further up here"
    check = (Button(f"Check {org.name} now", command=f"status {org.name}", primary=True),) if org else ()
    return Answer(
        f"{_again(entry, guessed=guessed)} {when}: {entry.title}",
        "The button shows the steps again, to you alone.",
        buttons=(*check, Button("Show the steps", command=f"entry {entry.id}")),
    )


def _again(entry: Entry, *, guessed: bool) -> str:
    """No more certain than what it was found by."""
    if entry.hides_cause:
        return "This one does not say why. What to do then was"
    return "Perhaps this is the error that was" if guessed else "The same error was"


def with_link(answer: Answer, link: str | None) -> Answer:
    """A pointer with the address of the earlier answer, where that is to be had."""
    return replace(answer, lead=f"[That answer]({link}) has the steps.") if link else answer


def going_on(entry: Entry, abouts: Sequence[About]) -> Answer:
    """The answer above was about an error, and now it is known in which orgs: what was read of each, and its links."""
    orgs = [about.org for about in abouts if about.org is not None]
    headline = f"The answer above, for {listed([code(org.name) for org in orgs])}"
    told, steps = zip(*(first_step(entry, about) for about in abouts), strict=True)
    note = f"{entry.title} · {entry.source}"
    if len(set(steps)) == 1:  # said once for all
        buttons = guidance_buttons(entry, About(orgs[0])) if len(orgs) == 1 else (_check_these(orgs),)
        parts = tuple(Text(line) for line in told if line)
        return Answer(headline, f"First: {steps[0]}" if steps[0] else "", parts=parts, buttons=buttons, note=note)
    if len(orgs) > _EACH:
        _, step = first_step(entry, About())
        lines = [_page_of(entry, org, line) for org, line in zip(orgs, told, strict=True)]
        parts = tuple(map(Text, lines))
        return Answer(headline, f"First, in each: {step}", parts=parts, buttons=(_check_these(orgs),), note=note)
    lines = [part for org, line, step in zip(orgs, told, steps, strict=True) for part in _in_org(org, line, step)]
    return Answer(headline, parts=tuple(map(Text, lines)), buttons=(_check_these(orgs),), note=note)


_EACH = 2
"""So many orgs are told their own first step on a phone; of more, what is known, and the page in each."""


def _page_of(entry: Entry, org: Org, told: str) -> str:
    """What is known of one of many, and where its first step is done."""
    page = f" · {page_link(org.host, entry.page)}" if entry.page else ""
    return f"{told or code(org.name)}{page}"


def _in_org(org: Org, told: str, step: str) -> list[str]:
    """What is known of one of several, and its first step."""
    return [line for line in (told, f"First in {code(org.name)}: {step}" if step else "") if line]


def _check_these(orgs: Sequence[Org]) -> Button:
    return Button("Check these now", command=f"status {', '.join(org.name for org in orgs)}", primary=True)


def no_further(org: Org | None) -> Answer:
    """The address of the error page came, and holds nothing that the guidance knows."""
    page = Button("Open Login History", url=setup_link(org.host, "login-history")) if org else None
    check = Button(f"Check {org.name} now", command=f"status {org.name}", primary=True) if org else None
    return Answer(
        "That address does not name the cause",
        "The org keeps its own record: **Setup → Login History**, the newest line of that user. Paste its **Status**.",
        buttons=tuple(button for button in (check, page) if button),
        note="Nothing that I know was found in the address",
    )


def outdated(entry: Entry, orgs: Sequence[Org]) -> Answer:
    """An answer whose message was edited and shows no error any more: the steps stay, the claim does not."""
    answer = guidance(Recognition(entry), entry, About(orgs=orgs))
    return replace(answer, note=f"Answers what the message said before it was edited · {entry.source}")


def folded(how: Ending, entry: Entry | None) -> Answer:
    """An answer whose message says that its trouble is over: one line, and the steps on request."""
    if entry is None:
        return Answer(how.capitalize())
    return Answer(
        f"{how.capitalize()}: {entry.title}", buttons=(Button("Show the steps", command=f"entry {entry.id}"),)
    )


def withdrawn() -> Answer:
    """An answer about an entry that the guidance has no more, whose message was edited as well."""
    return Answer("The message was edited and shows no error any more", note="What stood here answered its first form")


def not_there(answer: Answer, where: str) -> Answer:
    """An answer to somebody who asked in the channel ``where``, which Slack did not take there; they alone see it."""
    why = f"Slack did not let me answer in {channel(where)}"
    return replace(answer, note=f"{answer.note} · {why}" if answer.note else why)


def together(answer: Answer) -> Answer:
    """An answer that goes on from the one above it."""
    return replace(answer, note=f"Goes on from the answer above · {answer.note}")


def inviting(answer: Answer) -> Answer:
    """An answer that does not know which org is meant: naming it in the thread is enough."""
    return replace(answer, note=f"{answer.note} · Name the org here for its links")


def unread() -> Answer:
    """To somebody who shows a picture, a recording or a document, and says nothing that could be answered."""
    return Answer(
        "I read text, and find none in that file",
        "Paste the error that it shows, and the page's address too (without `code=` and `state=`).",
        buttons=(ALL_COMMANDS,),
    )


def of_beginning(answer: Answer) -> Answer:
    """An answer to a file of which Slack shows the beginning alone: its steps, or what is needed to find some."""
    if answer.unknown:
        return Answer(
            "Slack shows me only the beginning of that file, and no error that I know is in it",
            "Paste the lines with the error here.",
            buttons=answer.buttons,
            unknown=True,
        )
    ask = "From the beginning of the file, more Slack does not show me; paste the lines with the error if it is another"
    return replace(answer, note=f"{answer.note} · {ask}" if answer.note else ask)


def working_on(org: str) -> str:
    """The status line while Salesforce is read; Slack puts the bot's name in front."""
    is_some = " or " in org or "," in org or strange_words(org) is not None
    what = "all orgs" if org == "all" else "some orgs" if is_some else _one_word(org_in(org))
    return f"is reading {what} in Salesforce" if what else "is reading Salesforce"


def meanwhile(command: Command) -> Answer | None:
    """What somebody sees while a command takes its time, their words as they typed them; None where it takes none."""
    if not command.slow:
        return None
    words, org = command.rest.casefold(), org_in(command.rest)
    if command.verb != "status" and not _reads_all(command):
        return Answer("One moment…")
    if command.verb != "status" or words == "all":
        return Answer("Reading all orgs from Salesforce…")
    if strange_words(org) is not None:
        return Answer("Reading these orgs from Salesforce…")
    name = _one_word(org)
    return Answer(f"Reading {code(shorten(name))} from Salesforce…" if name else "Reading Salesforce…")


_AROUND_A_NAME = f"{AROUND}`*_~\"'“”‘’„«».,;!?()"


def _one_word(said: str) -> str:
    """What was typed for an org, if it looks like a name: of several words some may be around it ("details prod", "uat
    cc @ada"), and an address or a person is none.
    """
    name = said.strip(_AROUND_A_NAME)
    return name if len(name.split()) == 1 and "<" not in name else ""


def _reads_all(command: Command) -> bool:
    """Whether a digest is made for it: posted now, or shown as it would look."""
    if command.verb != "remind" or not command.words:
        return False
    return command.words[0].casefold() == "now" or (len(command.words) > 1 and command.words[-1] not in ("on", "off"))


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to press in the assistant's pane: ``message`` is said for the person."""

    title: str
    message: str


def prompts(orgs: Sequence[Org]) -> tuple[Prompt, ...]:
    """How a talk may begin; Slack shows four at most."""
    check = (Prompt(f"Check {orgs[0].name}", f"status {orgs[0].name}"),) if orgs else ()
    return (
        *check,
        Prompt("Which orgs need a step?", "status all"),
        Prompt("Explain a login error", "explain"),
        Prompt("Go through the guide", "guide"),
    )


def for_outsider(refusal: str) -> Answer:
    """Why somebody is told nothing but what errors mean; to them alone."""
    return Answer(refusal, private=True)


def help_for_outsider(refusal: str) -> Answer:
    """The same for somebody who asks what to type: what works for them."""
    works = " · ".join(code(f"/flosum {words}") for words in ("explain <error>", *(verb.name for verb in _OPEN)))
    return Answer("I explain Salesforce login errors", refusal, parts=(Text(f"You can type {works}"),), private=True)


_OPEN = [verb for verb in VERBS if verb.open and verb.name != HELP]


def invited() -> Answer:
    """What the bot says in a channel that it was invited to: what it is for, and the one thing to do."""
    return Answer(
        "I explain Salesforce login errors that are pasted here, in their thread",
        "Try it: paste one. Other talk I leave in peace, and with `/flosum settings quiet` pastes, too.",
    )


def installed() -> Answer:
    """What whoever added the bot to their workspace reads first."""
    return Answer(
        "Flosum is in this workspace now",
        "Next: connect a Salesforce org, and I say what it still needs for Flosum's apps: `/flosum connect prod`",
        buttons=(CONNECT_AN_ORG,),
        note="Invite me to a channel, and I explain login errors that are pasted there. Everything else: /flosum help",
    )


def greeting(orgs: Sequence[Org], *, may_change: bool) -> Answer:
    """What somebody reads who opens the talk with the bot for the first time: one thing to do next that fits them."""
    headline = "I help Salesforce orgs through the connected-app restrictions for Flosum"
    if may_change and not orgs:
        return Answer(
            headline,
            "Next: connect a Salesforce org, and I say what it still needs for Flosum's apps: `/flosum connect prod`",
            buttons=(CONNECT_AN_ORG,),
            note="Everything else: /flosum help",
        )
    if may_change:
        which = Button("Which orgs need a step?", command="status all", primary=True)
        return Answer(headline, "Next: see what the connected orgs still need.", buttons=(which,))
    return Answer(
        headline,
        "Next: paste a Salesforce login error here, and I say what it means and who can solve it.",
        note="Everything else: /flosum help",
    )


def beside(answer: Answer, told: str) -> Answer:
    """The same, with a sentence of what was typed and says nothing here; "" for none."""
    return replace(answer, parts=(*answer.parts, Text(f"{told}."))) if told else answer


def shared(answer: Answer, by: str) -> Answer:
    """An answer that somebody posts for everybody in the channel: it says who did, and is not to be shared again."""
    buttons = tuple(button for button in answer.buttons if not button.public)
    note = " · ".join(filter(None, (answer.note, f"Shared by {user(by)}")))
    return replace(answer, buttons=buttons, note=note)


def not_shared(*, shared: bool | None) -> Answer:
    """Why nothing about orgs is posted into a channel; to the asker alone. ``shared`` None: Slack does not say."""
    if shared is None:
        return Answer(
            "Slack does not tell me who else reads this conversation, so I post nothing about orgs here",
            "Invite me to it with `/invite @Flosum` and press once more, or share it in a channel that I am in.",
            private=True,
        )
    return Answer(
        "This channel is shared with another company, so I post nothing about orgs here",
        "Share it in a channel of your own people.",
        private=True,
    )


OUTSIDERS_PROMPTS = (Prompt("Explain a login error", "explain"),)
"""The same where errors alone are explained."""

PROMPTS_TITLE = "Paste a Salesforce login error, or start here"
