"""Tokens that say by their own form who issued them: Salesforce's, Slack's, and those of what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.values import is_unguessable, judged

_LINK = r"<https?://[^<>|\s]++(?:\|[^<>|\s]++)?>"  # Slack turns a.io inside a token into a link
_UNSEEN = "[\u200b-\u200d\u2060\ufeff\u00ad]"
_BODY = rf"(?:[A-Za-z0-9._~+/=-]|%[0-9A-Fa-f]{{2}}|\\u00[0-9A-Fa-f]{{2}}|\\[/=+]|{_LINK}|{_UNSEEN})"
_JWT_REST = rf"(?:[A-Za-z0-9_.=-]|%2[Ee]|{_UNSEEN}|\r?\n(?=[A-Za-z0-9_-]{{20}}))"
_WRAPPED = (  # the rest of a token that a terminal broke: a line of nothing but mixed letters and digits
    r"(?:\\?\r?\n[ \t>]{0,6}(?=\S{0,200}[0-9])(?=\S{0,200}[A-Z])(?=\S{0,200}[a-z])"
    r"[A-Za-z0-9._]{24,}+(?=[\s\"'`<]|$))"
)
_START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=\\[nrt]))"
_EXCLAMATION = r"\\?(?:!|%(?:25){0,3}21|\\u0021|&#0*33;|&#x21;|&excl;)"

_LINES = r"(?:[A-Za-z0-9+/=]|%[0-9A-Fa-f]{2}|\\[nr/]|\r?\n[ \t>]{0,4}(?=[A-Za-z0-9+/=]{16}))"  # base64, also broken
_REST = rf"(?:[A-Za-z0-9._~+=-]|{_UNSEEN})"
_OTHERS = (  # how they begin, and how many letters follow at least
    *("ghp_ 16", "gho_ 16", "ghu_ 16", "ghs_ 16", "ghr_ 16", "github_pat_ 16"),  # GitHub
    *("glpat- 16", "gloas- 16", "gldt- 16", "glrt- 16", "glrtr- 16", "glcbt- 16", "glptt- 16", "glft- 16"),  # GitLab
    *("glsoat- 16", "glagent- 16", "glimt- 16", "glwt- 16"),
    *("ATATT3 20", "ATCTT3 20", "ATSTT3 20", "ATBB 20"),  # Atlassian, Bitbucket
    *("npm_ 30", "pypi-Ag 30", "dckr_pat_ 20", "dckr_oat_ 20", "rubygems_ 40", "AKCp 40"),  # packages and images
    *("AIza 30", "ya29. 10", "GOCSPX- 20", "dop_v1_ 40", "hvs. 20", "hvb. 20"),  # clouds, vaults
    *("sk_live_ 16", "rk_live_ 16", "sk_test_ 16", "rk_test_ 16", "whsec_ 20", "sq0atp- 20", "sq0csp- 20"),  # payments
    *("shpat_ 30", "shpss_ 30", "shpca_ 30", "shppa_ 30", "hf_ 30", "gsk_ 40", "xai- 40", "pplx- 40"),
    *("lin_api_ 30", "ntn_ 40", "figd_ 30", "sntrys_ 30", "sntryu_ 30", "glsa_ 30", "glc_ey 30", "NRAK- 20"),
    *("PMAK- 40", "CCIPAT_ 30", "CCIPRJ_ 30", "bkua_ 30", "sbp_ 30", "nfp_ 30", "vcp_ 20", "pscale_tkn_ 30"),
    *("pul- 40", "tskey- 20", "dapi 32", "dt0c01. 60", "dp.pt. 30", "dp.st. 30", "ops_ey 60", "snyk_ 30"),
    *("pat-eu1- 30", "pat-na1- 30", "HRKU- 30", "sdk-live- 20", "AGE-SECRET-KEY-1 50", "xwfp- 20", "xwfp_ 20"),
)

_FORMS: tuple[tuple[str, Secret, re.Pattern[str]], ...] = tuple(
    (mark, kind, late(pattern))
    for mark, kind, pattern in (
        (
            "00D",
            Secret.SESSION_ID,
            rf"{_START}00D{_UNSEEN}?[A-Za-z0-9]{{9,15}}{_EXCLAMATION}{_BODY}{{4,}}{_WRAPPED}*",
        ),
        ("5Aep", Secret.REFRESH_TOKEN, rf"5Aep8[0-9A-Za-z]{_BODY}{{8,}}{_WRAPPED}*"),
        ("3MVG9", Secret.CONSUMER_KEY, rf"3MVG9{_BODY}{{8,}}{_WRAPPED}*"),
        ("aPrx", Secret.AUTHORIZATION_CODE, rf"{_START}aPrx{_BODY}{{8,}}"),
        (
            "eyJ",
            Secret.JWT,
            rf"{_START}(?<![_-])eyJ[A-Za-z0-9_-]{{6,}}+(?:\.|%2[Ee]){_JWT_REST}{{4,}}",
        ),
        ("xox", Secret.OTHER_TOKEN, rf"{_START}xox[a-z](?:\.xox[a-z])?-{_BODY}{{6,}}"),
        ("xapp-", Secret.OTHER_TOKEN, rf"{_START}xapp-{_BODY}{{6,}}"),
        ("ticket=", Secret.OTHER_TOKEN, r"(?<=slack\.com/link/\?ticket=)[A-Za-z0-9%-]{8,}"),
        ("frontdoor", Secret.SESSION_ID, rf"(?:(?<=[?&;]otp=)|(?<=%3[Ff]otp%3[Dd])|(?<=%26otp%3[Dd])){_BODY}{{4,}}"),
        ("sk-", Secret.OTHER_TOKEN, rf"{_START}sk-(?=[A-Za-z_-]{{0,40}}[0-9])[A-Za-z0-9_-]{{32,}}"),
        ("SG.", Secret.OTHER_TOKEN, rf"{_START}SG\.[A-Za-z0-9_-]{{16,}}+\.[A-Za-z0-9_-]{{20,}}"),
        # What has no beginning of its own, but something inside that nothing else has
        ("AZDO", Secret.OTHER_TOKEN, rf"{_START}[A-Za-z0-9]{{76}}AZDO[A-Za-z0-9]{{4}}(?![A-Za-z0-9])"),  # Azure DevOps
        ("8Q~", Secret.CONSUMER_SECRET, rf"{_START}[A-Za-z0-9_.~-]{{3}}8Q~[A-Za-z0-9_.~-]{{31,34}}"),  # Microsoft Entra
        ("AKIA", Secret.OTHER_TOKEN, rf"{_START}AKIA[A-Z0-9]{{16}}(?![A-Za-z0-9])"),  # AWS
        ("ASIA", Secret.OTHER_TOKEN, rf"{_START}ASIA(?=[A-Z]*[0-9])[A-Z0-9]{{16}}(?![A-Za-z0-9])"),
        # Terraform
        (".atlasv1.", Secret.OTHER_TOKEN, rf"{_START}[A-Za-z0-9]{{10,20}}\.atlasv1\.[A-Za-z0-9=_-]{{40,}}"),
        ("key-", Secret.OTHER_TOKEN, rf"{_START}key-[0-9a-f]{{32}}(?![0-9A-Za-z-])"),  # Mailgun
        ("pat", Secret.OTHER_TOKEN, rf"{_START}pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}"),  # Airtable
        ("oy2", Secret.OTHER_TOKEN, rf"{_START}oy2[a-z0-9]{{43}}(?![A-Za-z0-9])"),  # NuGet
        # base64 of what begins as SAML's responses and assertions do
        ("PHNhbW", Secret.JWT, rf"{_START}PHNhbW(?:xwOlJlc3|w6QXNz|wycDpSZXNw|wyOkFzc2){_LINES}{{20,}}"),
        ("$", Secret.PASSWORD, r"\$(?:apr1|2[aby]|[156y])\$[./A-Za-z0-9$=,]{20,}"),  # a password's hash
    )
)
_BY_BEGINNING = tuple(
    (begin, late(rf"{_START}{re.escape(begin)}(?=[A-Za-z._-]{{0,60}}[0-9]){_REST}{{{shortest},}}"))
    for begin, shortest in map(str.split, _OTHERS)
)
_SHORTEST = min(len(begin) + int(shortest) for begin, shortest in map(str.split, _OTHERS))
_DIGIT = late("[0-9]")
SESSION_ID = late(rf"{_START}00D{_UNSEEN}?[A-Za-z0-9]{{9,15}}{_EXCLAMATION}")


def issued_tokens(text: str) -> Iterator[Span]:
    """The places of what shows by its own form that it is a secret."""
    for mark, kind, pattern in _FORMS:
        if mark in text:
            yield from ((*match.span(), kind) for match in pattern.finditer(text))
    long = " ".join([word for word in text.split() if len(word) >= _SHORTEST])
    if _DIGIT.search(long) is None:  # each of the rest is one word and has one, unlike most talk
        return
    for begin, pattern in _BY_BEGINNING:
        if begin in long:
            for match in pattern.finditer(text):
                whole = judged(text, *match.span()).replace(".", "_")  # no host or file, whatever ends it
                if is_unguessable(whole, Secret.OTHER_TOKEN):  # or it is a name that begins so
                    yield *match.span(), Secret.OTHER_TOKEN
