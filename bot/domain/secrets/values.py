"""What stands in the place of a secret: where it ends, whether it stands for one, and how much it looks like one."""

from __future__ import annotations

import re

from bot.domain.secrets import MASK, Secret

_CRY = re.compile(r"[!?]{1,9}$")
_QUOTE = re.compile(r"\\{0,4}[\"'`]|[“‘„«]")
_CLOSING_OF = {"“": "”", "‘": "’", "„": "“", "«": "»"}
_BARE = re.compile(r"[^\s\"'“”<>`]{1,4000}")
_JUDGED = 300  # letters of a bare value that its judgement rests on, so that a line full of names costs little
_BARE_END = re.compile(  # where a value without quotes ends although no blank follows
    r"&(?:amp;)?(?=(?-i:[a-z]{2,24}(?:_[a-z]{1,24}){0,3}|[a-z]{3,24}(?:[A-Z][a-z]{2,24}){1,3})=)|%26(?=[\w.-]{1,40}(?:%3D|=))|\\u0026|\\n|\\r|\\t|\\\"|&quot;|&lt;(?=/)"
    r"|%22(?=%2C|%7D|%5D|[,&]|$)|%7D$"
    r"|[,;)\]}]{1,9}(?=[\"']?(?-i:[a-z_]{3})[\w-]{0,40}[\"']?[=:])|[,;.)\]}:\u200b]{1,9}$"
    r"|(?<=.)@(?=[\w-]{2,60}(?:\.[\w-]{2,60}){0,5}\.[a-z]{2,10}$)",
    re.IGNORECASE,
)
_STATUS_WORDS = frozenset(
    """
    expired invalid required missing wrong incorrect reset none null true false undefined empty string str optional
    yes no not the a an is was has and or in on for to of with must should please error revoked text disabled unknown
    bearer basic password username token secret hidden redacted masked removed omitted changed rejected denied blank
    policy policies never bytes number int any failed failure lost stolen correct valid ok
    """.split()
)
_PLACEHOLDER = re.compile(  # a sign that stands for the value, in quotes too
    r"\\[nrt]|\$\{|\$\([a-z]|\$[a-z_][a-z0-9_]*$|\$[A-Z_][A-Z0-9_]*$|\$[a-z]+(?:[A-Z][a-z]+)+$"
    r"|<(?![^<>]{0,80}$)|<$|\{(?:$|[\s{%\"'}]|[A-Za-z_]{2}[A-Za-z_. -]*(?:\}|[:,](?:$|[\w ])))"
    r"|%\(|%[sd]$|[*•·.]{2,}$|[xX]{3,}$|\.{3}|…|\[(?:$|[\"'\s\]]|[A-Za-z_ ][\w .-]*\]|[a-z]-[a-z])"
)
_REFERENCE = re.compile(  # code that names the value
    r"[a-z_]{3,}[\w.]{0,60}\((?=[\w.,:=*\[/-]{0,80}\)*[\]\[.,:;]*$|\)\.)"
    r"|[a-z_]\w{0,20}\.[a-z_]{3,}\w{0,40}[.(\[]|[a-z_]\w{0,40}\[(?:[\"'\]]|str|int|any|none|$)"
    r"|(?-i:[a-z_]{4,40}=[a-z_]{2}|[a-z]{3,40}_[a-z_]{2,40}=)"
    r"|(?:self|os|config|conf|settings|env|process|args|options|params|this|ctx|secrets|vault|system|creds"
    r"|credentials|request|req|data|user|auth|conn|hook)[.\[(]",
    re.IGNORECASE,
)
_KEY_LENGTH = 16  # a consumer key is longer than 80 characters; short ids are names
_NAME_LENGTH = 8  # letters; a short word in the place of a secret that programs make is a variable's name
_NO_SECRET = re.compile(r"\d{1,4}$|0x[0-9a-f]+$|[A-Za-z]+:$", re.IGNORECASE)  # a status, another system's id, a word
_WORDS = re.compile(r"[a-z]+(?:_[a-z0-9]+)+$")
_KNOWN_FORM = re.compile(  # addresses, paths, times, versions, ids of records and of Slack, algorithms
    r"[a-z][a-z0-9+.-]{1,15}://|www\.|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,10}$|(?:[\w-]+\.)+(?-i:[a-z]{2,10})(?:[:/?].*)?$"
    r"|(?=.{0,35}$|[^+=]*[._-])[~.]{0,2}(?:/[\w.-]+){2,}/?$|&(?:lt|gt|nbsp|quot);|[a-z]:\\|\d{1,4}[-./:]\d{1,2}(?:[-./:T]|$)|v?\d+(?:\.\d+)+[\w.+-]*$"
    r"|0[a-z0-9]{14}(?:[A-Z0-5]{3})?$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|0x[0-9a-f]+$"
    r"|[UWCTBDG]0[A-Z0-9]{7,10}$|(?:oauth|sha|base|utf|saml|aes|rsa|hmac|hs|rs|es|ps|pbkdf|pkcs|http|iso|tls|ssl|x)"
    r"[-_#./]?\d[\w.-]{0,12}$",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_SHORT_WORDS = frozenset("a an as at by db do go id in io is it js my no of on or py qa sf so to up us v".split())
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_SPECIAL = re.compile(r"[#$%&*+=^~!]|(?<=.)[?{}\[\]();,|](?=.)")
_RUN_OF_CONSONANTS = re.compile(r"[^aeiouy]{5}", re.IGNORECASE)
_IN_KEYS = re.compile(r"[-_+/]")
_WEAK_MARK = re.compile(r"@|[?_-]$|^[?_-]")  # special letters that also belong to names and sentences
_MARK_AT_END = re.compile(r"[A-Za-z]{3,}\d{1,6}[!#$%&*+?@]{1,3}$|[A-Za-z]{4,}[!#$%&*+?@]\d{1,6}$")


def extent(text: str, start: int) -> tuple[int, int, bool]:
    """Where the value begins and ends, and whether quotes enclose it."""
    quote = _QUOTE.match(text, start)
    if quote is not None:
        start = quote.end()
        end = _closing(text, start, _CLOSING_OF.get(quote.group(), quote.group()))
        if end >= 0:
            return start, end, True
    return start, _bare_end(text, start, _JUDGED), False


def whole(text: str, start: int, end: int) -> int:
    """Where a value ends of which ``extent`` gave the beginning only, as it does of very long ones."""
    return _bare_end(text, start, 4000) if end - start > _JUDGED - 80 else end


def _bare_end(text: str, start: int, longest: int) -> int:
    if text.startswith(MASK, start):
        return start + len(MASK)
    bare = _BARE.match(text, start, start + longest)
    if bare is None:
        return start
    ending = _BARE_END.search(bare.group(), 1)
    return start + _without_cry(bare.group()[: ending.start() if ending else None])


def _without_cry(value: str) -> int:
    """The length of a value without a sentence's ``!`` or ``?``; of letters and digits they may be the value's own."""
    cry = _CRY.search(value)
    if cry is None or (has_digit(value) and any(map(str.isalpha, value))):
        return len(value)
    return cry.start() or len(value)


def _closing(text: str, start: int, mark: str) -> int:
    """Where the quotes close, past escaped ones; -1 where they do not."""
    end = text.find(mark, start, start + 8000)
    while end > start and len(mark) == 1 and text[end - 1] == "\\":
        end = text.find(mark, end + 1, start + 8000)
    return end


def is_placeholder(value: str, name: str, *, quoted: bool) -> bool:
    """Whether a value stands for a secret instead of being one."""
    if MASK[:-1] in value or value.lower() in _STATUS_WORDS or _PLACEHOLDER.match(value):
        return True
    same = re.sub(r"\W|_", "", value).lower() == re.sub(r"\W|_", "", name).lower()
    return same or (not quoted and _REFERENCE.match(value) is not None)


def is_too_plain(value: str, kind: Secret) -> bool:
    """Whether a value is no secret of this kind: a name instead of a key, a word instead of a token."""
    if kind in (Secret.PASSWORD, Secret.SECURITY_TOKEN):
        return len(value) < 2
    if kind is Secret.CONSUMER_KEY:
        return not looks_random(value) or _WORDS.match(value) is not None
    if _NO_SECRET.match(value):
        return True
    return (
        value.isalpha()
        and not is_unguessable(value, kind)
        and (kind in (Secret.OTHER_TOKEN, Secret.JWT) or len(value) <= _NAME_LENGTH)
    )


def has_digit(value: str) -> bool:
    """Whether a value holds a digit."""
    return any(map(str.isdigit, value))


def looks_random(value: str) -> bool:
    """Whether a value is long and holds digits, as keys and codes do."""
    return len(value) >= _KEY_LENGTH and has_digit(value)


def is_marked(value: str, kind: Secret) -> bool:
    """Whether a value is more than a word, a number or an address: enough behind a name and a sign."""
    if len(value) < (6 if kind is Secret.PASSWORD else _KEY_LENGTH) or _KNOWN_FORM.match(value):
        return False
    if is_unguessable(value, kind):
        return True
    return has_digit(value) and any(map(str.isalpha, value)) and not any(map(str.isspace, value))


def is_unguessable(value: str, kind: Secret) -> bool:
    """Whether a value can hardly be a word, a name, an address or another system's id: enough near a name."""
    if len(value) < (6 if kind is Secret.PASSWORD else _KEY_LENGTH) or _KNOWN_FORM.match(value):
        return False
    if any(map(str.isspace, value)):
        return False
    if value.isdigit():
        return kind is Secret.CONSUMER_SECRET and len(value) >= _KEY_LENGTH
    if not has_digit(value):
        return len(value) >= _KEY_LENGTH and _IN_KEYS.sub("", value).isalpha() and _is_mixed_case(value)
    if not any(map(str.isalpha, value)):
        return False
    return _SPECIAL.search(value) is not None or _is_mixed(value)


def _is_mixed_case(letters: str) -> bool:
    odd, pieces = _odd_pieces(letters)
    return odd > 2 or (odd > 1 and len(letters) < 4.5 * pieces)


def _is_mixed(value: str) -> bool:
    """Whether letters and digits alternate as in no name, or a word carries a number and a mark."""
    odd, pieces = _odd_pieces(value)
    odd += len(_WEAK_MARK.findall(value))
    if value.isalnum() and (len(_NUMBER.findall(value)) > 2 or (odd == 1 and 19 < len(value) < 4 * pieces)):
        return True
    return odd > 1 or _MARK_AT_END.match(value) is not None


def _odd_pieces(value: str) -> tuple[int, int]:
    """How many of a value's pieces (words of a camel-case name, runs of digits) are odd, and how many there are."""
    pieces = _PIECE.findall(value)
    return sum(map(_is_odd, pieces)), len(pieces)


def _is_odd(piece: str) -> bool:
    if piece.isdigit():
        return len(piece) > 4
    if piece.lower() in _SHORT_WORDS:
        return False
    return len(piece) < 3 or not _VOWEL.search(piece) or bool(_RUN_OF_CONSONANTS.search(piece))
