"""One-time codes of mails, messages and authenticator apps: a few digits, told by the words around them alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import folded

_ANCHORS = "code código codigo codice otp コード 码 碼 코드 번호 код pin".split()
"""One of them stands in every name of such a code; of those that name none what stands before it tells."""
_ANCHOR = late("|".join(_ANCHORS).replace("pin", r"\bpin\b"))
_DIGIT = late(r"\d")

_OF_LOGINS = (
    *(
        r"verif(?:ication|y)",
        r"confirm(?:ation)?",
        r"identity",
        r"one[ -]?time",
        r"single[ -]?use",
        r"(?:log|sign)[ -]?in",
    ),
    *(r"security", r"mfa", r"2fa", r"sms", r"(?:two|2|multi)[ -]?(?:factor|step)", r"authenticator", r"authentication"),
    *(
        r"temporary",
        r"[4-8][ -]?digit",
        r"totp",
        r"device",
        r"user",
        r"pairing",
        r"pass",
        r"einmal",
        r"anmelde",
        r"freigabe",
    ),
    *(r"verifizierungs", r"best(?:ä|a\u0308|ae)tigungs", r"sicherheits", r"verificatie"),
)
_SURE = late(  # a name to its end
    rf"(?:(?:{'|'.join(_OF_LOGINS)})[ -]?(?:pass)?code|(?<![a-z])t?otp"
    r"|(?:確認|検証|認証|ワンタイム)コード|(?:验证|確認|确认|驗證)[码碼]|(?:인증|확인) ?(?:코드|번호)|проверочный код)$"
)
_SURE_BEHIND = late(  # the rest of a name that goes on
    r"s? d(?:[ei] |[’'])(?:v(?:é|e)rifi|confirm|s(?:é|e)curit|identif|conferma|seguri|seguran|acces|un solo uso)\w*"
    r"| (?:à|a) usage unique| подтверждения"
    r"|s?,? (?:from|in|of) (?:(?:my|the|your|an|his|her) )?(?:\w+ )?(?:authenticator|phone|sms|app)\b(?: app)?"
)
_BARE = late(r"(?:^|[\s*_(>])(?:codes?|コード|代码)$")
_OF_ERRORS = late(
    r"(?:error|status|exit|response|reason|return|result|http|country|area|post|zip|diagnostic|sub)[ _]codes?$"
)
_CUES = (
    *("verif", "authenticator", "one-time", "one time", "otp", "2fa", "mfa", "two-factor", "multi-factor", "passcode"),
    *("identity", "texted", " sms", "mailed", "bestätig", "確認", "認証"),
)
_LEADS = late(  # words and signs between a name and its code
    r"s?(?:[ \t:：=*_`\"'“”>«|(\u200b\\-]{1,6}|\r?\n|\\n|<[^<>\n]{0,40}>"
    r"|(?:is|was|are|ist|lautet|war|est|es|era|é|è|for|to|für|your|new|salesforce|org|login|today|enter(?:ed)?|typed|got)(?![a-z])"
    r"|は|是|为|為|는|은){1,10}"
)
_DIGITS = r"(?:[A-Z]-)?\d{5,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4}"
_NO_NUMBER = r"(?![\w%/]|[.:,-]\d)"  # what goes on is an amount, a time, a version
_CODE = late(  # with letters only where they alternate with digits, as in no error's code
    rf"({_DIGITS}|(?!19|20)\d{{4}}|[A-Z0-9]{{4}}-(?=[A-Z]*\d)[A-Z0-9]{{4}}"
    rf"|(?=[A-Za-z]*\d+[A-Za-z]+\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{{6,12}}){_NO_NUMBER}"
)
_SIX = late(rf"(\d{{6}}|\d{{5}}|\d{{3}}[ -]\d{{3}}){_NO_NUMBER}")
_BEFORE = late(  # "482913 is your Salesforce verification code"
    rf"(?<![\w.:/,-])({_DIGITS})[*_`\"')]{{0,3}} (?:is|ist|est|es|é)"
    r"(?: [^\W\d]{1,12}){0,3} (?:[\w-]{1,20}[ -]?){0,2}$"
)
_IS_SET = late(r"[ *_`]{0,3}[:=]")
_LONGEST_NAME = 32  # letters; the longest there is has 24
_REACH = 70  # letters that are looked at before a name for the code that it comes after
_LIST = late(  # codes for when the phone is lost, one below the other
    r"(?:recovery|back-?up|emergency|rescue|scratch|wiederherstellungs)[ -]?codes?\W{1,6}"
    r"((?:[a-z0-9]{4,10}(?:-[a-z0-9]{4,10}){0,3}[ ,;\r\n\t>*`]{0,6}){1,20})",
)
_LISTS = ("recovery", "backup", "back-up", "emergency", "rescue", "scratch", "wiederherstellungs")
_LISTED = late(r"(?=[a-z-]*\d)[a-z0-9]{4,}(?:-[a-z0-9]{4,}){0,3}(?![a-z0-9-])")


def one_time_codes(text: str) -> list[Span]:
    """Codes that are good for one login, where words say that they are."""
    letters = folded(text)
    if not any(map(letters.__contains__, _ANCHORS)) or _DIGIT.search(letters) is None:
        return []
    return [*_named(text, letters), *_listed(letters)]


def _named(text: str, letters: str) -> Iterator[Span]:
    is_of_login: bool | None = None
    for anchor in _ANCHOR.finditer(letters):
        end = anchor.end()
        before = letters[max(0, end - _LONGEST_NAME) : end]
        behind = _SURE_BEHIND.match(letters, end)
        form = _CODE if behind or _SURE.search(before) else None
        if form is None and _BARE.search(before) and not _OF_ERRORS.search(before):
            is_of_login = any(cue in letters for cue in _CUES) if is_of_login is None else is_of_login
            form = _SIX if is_of_login else None
        if anchor[0] == "pin" and _IS_SET.match(letters, end):  # or it is pinned
            form = _CODE
        if form is None:
            continue
        leads = _LEADS.match(letters, behind.end() if behind else end)
        code = form.match(text, leads.end()) if leads else None
        if code is not None:
            yield *code.span(1), Secret.ONE_TIME_CODE
        elif (said := _BEFORE.search(text, max(0, anchor.start() - _REACH), anchor.start())) is not None:
            yield *said.span(1), Secret.ONE_TIME_CODE


def _listed(letters: str) -> Iterator[Span]:
    if "code" in letters and any(name in letters for name in _LISTS):
        for several in _LIST.finditer(letters):
            for one in _LISTED.finditer(letters, *several.span(1)):
                yield *one.span(), Secret.ONE_TIME_CODE
