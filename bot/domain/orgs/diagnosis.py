"""An org's facts -> a verdict and the steps of the article that this org still needs.

What we decide where the article leaves it open:

- *Self-authorize* is ready: the article's troubleshooting says that Flosum then works as before and any user can
  connect. That its step 3 asks for admin-approved is advice on safety, so the policy stays a recommended step.
- With *API Access Control* on *self-authorize* opens nothing by itself: who gets in is who is granted. Where that is
  not known it is said, and the org is as ready as its policy makes it: few orgs have it, and few connections see it.
- *Admin-approved with nobody let in* needs a step, whether nothing is granted or only to people who are not active.
- *Not seen* and *unreadable* are never "not installed": the verdict is unknown, and a person is asked to look.
- *Two apps of one name* leave open which of them is Flosum's, so what one of them is like makes nothing ready.
- *Ready* with a word: people can get in, and something beside that is not as it should be or could not be read.
- *Blocked* is believed only when the facts say so. A login of this assistant that was refused as blocked speaks of the
  assistant's own app and comes in as ``trouble``.
- A reading that is a week old, or after which an attempt failed, proves nothing (``reading_age``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.answers.markup import code
from bot.domain.model import Diagnosis, Org, OrgFacts, Read, Verdict
from bot.domain.orgs.findings import Finding, Judged, judge, leading, named
from bot.domain.orgs.next_steps import ArticleSteps, look_yourself, next_steps
from bot.domain.orgs.reading_age import OVER, as_of, how_read


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a finding amounts to."""

    verdict: Verdict
    brief: str


_SENTENCES: Mapping[Verdict, str] = {
    Verdict.ACTION_NEEDED: "{org} needs a step: {brief}",
    Verdict.UNKNOWN: "Cannot tell whether {org} is ready: {brief}",
    Verdict.READY: "{org} is {brief}",
}
_MEANINGS: Mapping[Finding, _Meaning] = {
    Finding.BLOCKED: _Meaning(Verdict.ACTION_NEEDED, "unblock {apps}"),
    Finding.MISSING: _Meaning(Verdict.ACTION_NEEDED, "install {apps}"),
    Finding.UNINSTALLED: _Meaning(Verdict.ACTION_NEEDED, "install {apps}"),
    Finding.NOBODY_GRANTED: _Meaning(Verdict.ACTION_NEEDED, "nobody is granted access to {either} yet"),
    Finding.CONTROLLED: _Meaning(
        Verdict.ACTION_NEEDED,
        "API Access Control is on, so self-authorize is not enough, and nobody is granted access to {either}",
    ),
    Finding.ONLY_FROZEN: _Meaning(Verdict.ACTION_NEEDED, "the users who are granted access to {apps} are frozen"),
    Finding.ONLY_ENDED: _Meaning(Verdict.ACTION_NEEDED, "the assignments that grant access to {apps} have ended"),
    Finding.STALE_GROUP: _Meaning(
        Verdict.ACTION_NEEDED, "a permission set group that is to grant access to {apps} is not up to date"
    ),
    Finding.SESSION_ONLY: _Meaning(
        Verdict.ACTION_NEEDED, "access to {apps} is granted only while a permission set is activated for a session"
    ),
    Finding.EMPTY_PROFILES: _Meaning(
        Verdict.ACTION_NEEDED, "no active user has a profile that is granted access to {either}"
    ),
    Finding.NOBODY_ACTIVE: _Meaning(Verdict.ACTION_NEEDED, "no active user is granted access to {either}"),
    Finding.REFRESHED: _Meaning(
        Verdict.ACTION_NEEDED, "the sandbox was refreshed, so Flosum's token for {apps} is to be updated"
    ),
    Finding.ONE_NOT_INSTALLED: _Meaning(
        Verdict.UNKNOWN, "there are two apps of this name: one installed, one not ({apps})"
    ),
    Finding.TWO_APPS: _Meaning(
        Verdict.UNKNOWN, "there are two apps of this name, and which of them is Flosum's cannot be read ({apps})"
    ),
    Finding.BOTH_KINDS: _Meaning(
        Verdict.UNKNOWN, "there are two apps of this name: a connected app and an external client app ({apps})"
    ),
    Finding.BLOCK_UNREAD: _Meaning(Verdict.UNKNOWN, "whether the block of {apps} still holds cannot be read"),
    Finding.QUESTION_REFUSED: _Meaning(
        Verdict.UNKNOWN, "a question about {either} was refused, and not for lack of a permission"
    ),
    Finding.HIDDEN: _Meaning(Verdict.UNKNOWN, "its connection may not read {either}"),
    Finding.TOO_MANY: _Meaning(Verdict.UNKNOWN, "its list of tokens is too long to find {either} in"),
    Finding.HIDDEN_POLICY: _Meaning(Verdict.UNKNOWN, "the Permitted Users of {either} cannot be read"),
    Finding.HIDDEN_GRANTS: _Meaning(Verdict.UNKNOWN, "who is granted access to {either} cannot be read"),
    Finding.UNCOUNTED: _Meaning(Verdict.UNKNOWN, "whom the grants of {either} let in cannot be read"),
    Finding.UNSEEN: _Meaning(Verdict.UNKNOWN, "it shows no sign of {either}"),
    Finding.BLOCK_UNTOLD: _Meaning(Verdict.READY, "ready, unless {either} is blocked, which nothing tells"),
    Finding.OPEN: _Meaning(Verdict.READY, "ready, and open to all its users: anybody may connect with {apps}"),
    Finding.CONTROL_UNREAD: _Meaning(
        Verdict.READY, "ready, with {apps} open to all its users unless API Access Control is on, which was not read"
    ),
    Finding.GROUP_BEHIND: _Meaning(
        Verdict.READY, "ready, but a permission set group that grants access to {apps} is not up to date"
    ),
    Finding.GRANT_UNNAMED: _Meaning(Verdict.READY, "ready, though not all that is granted access to {apps} shows"),
    Finding.GRANTS_CUT: _Meaning(Verdict.READY, "ready, with more grants of {apps} than could be read"),
    Finding.FROZEN_UNSEEN: _Meaning(Verdict.READY, "ready"),
    Finding.TOKENS_CUT: _Meaning(Verdict.READY, "ready"),
    Finding.THROUGH: _Meaning(Verdict.READY, "ready"),
}


def diagnose(
    org: Org, facts: OrgFacts | None, *, article: ArticleSteps, now: datetime, trouble: str | None = None
) -> Diagnosis:
    """What ``facts``, the newest reading there is, amount to at ``now``.

    ``trouble`` is the finished sentence that says why there is no fresh reading; with it ``facts`` are old, and the
    verdict is unknown.
    ``article`` holds the words of the steps.
    """
    read = how_read(org, trouble)
    if facts is None:
        brief = "it could not be read" if trouble else "not read yet"
        headline = _headline(org, Verdict.UNKNOWN, brief)
        if read is Read.OVER:
            brief = OVER
            headline = f"{code(org.name)} {OVER}"
        # Before the first try to read it there is nothing for a person to look up.
        steps = look_yourself(org, article) if trouble else ()
        return Diagnosis(org, Verdict.UNKNOWN, headline, brief, steps, None, trouble, read)
    judged = [judge(name, facts) for name in org.apps]
    verdict, brief = _verdict(judged), _brief(judged)
    steps = tuple(next_steps(org, judged, facts.missing_permissions, article))
    return as_of(Diagnosis(org, verdict, _headline(org, verdict, brief), brief, steps, facts, trouble, read), now)


def verdict_of(finding: Finding) -> Verdict:
    """What one finding makes of its app."""
    return _MEANINGS[finding].verdict


def _verdict(judged: Sequence[Judged]) -> Verdict:
    verdicts = {_MEANINGS[app.finding].verdict for app in judged}
    for verdict in (Verdict.ACTION_NEEDED, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.READY


def _brief(judged: Sequence[Judged]) -> str:
    worst, names = leading(judged)
    apps = named(names)
    return _MEANINGS[worst].brief.format(apps=apps, either=apps.replace("both Flosum apps", "either Flosum app"))


def _headline(org: Org, verdict: Verdict, brief: str) -> str:
    return _SENTENCES[verdict].format(org=code(org.name), brief=brief)
