"""What stands in the place of a secret: whether it stands for one, and how much it looks like one."""

from __future__ import annotations

import re

from bot.domain.patterns import late
from bot.domain.secrets import MASK, Secret

_JUDGED = 120  # letters; more tell nothing new, and a line full of names costs little
_STATUS_WORDS = frozenset(
    """
    expired invalid required missing wrong incorrect reset none null true false undefined empty string str optional
    yes no not the a an is was has and or in on for to of with must should please error revoked text disabled unknown
    bearer basic password username token secret hidden redacted masked removed omitted changed rejected denied blank
    policy policies never bytes number int any failed failure lost stolen correct valid ok
    """.split()
)
_PLACEHOLDER = late(  # a sign that stands for the value, in quotes too
    r"\\[nrt]|\$\{|\$\([a-z]|\$[a-z_][a-z0-9_]*$|\$[A-Z_][A-Z0-9_]*$|\$[a-z]+(?:[A-Z][a-z]+)+$"
    r"|<(?![^<>]{0,80}$)|<$|\{(?:$|[\s{%\"'}]|[A-Za-z_]{2}[A-Za-z_. -]*(?:\}|[:,](?:$|[\w ])))"
    r"|%\(|%[sd]$|[*•·.]{2,}$|[xX]{3,}$|\.{3}|…|\[(?:$|[\"'\s\]]|[A-Za-z_ ][\w .-]*\]|[a-z]-[a-z])"
)
_REFERENCE = late(  # code that names the value
    r"[a-z_]{3,}+[\w.]{0,60}+\((?=[\w.,:=*\[/-]{0,80}\)*[\]\[.,:;]*$|\)\.)"
    r"|[a-z_]\w{0,20}\.[a-z_]{3,}+\w{0,40}+[.(\[]|[a-z_]\w{0,40}+\[(?:[\"'\]]|str|int|any|none|$)"
    r"|(?-i:[a-z_]{4,40}=[a-z_]{2}|[a-z]{3,40}_[a-z_]{2,40}=)"
    r"|(?:self|os|config|conf|settings|env|process|args|options|params|this|ctx|secrets|vault|system|creds"
    r"|credentials|request|req|data|user|auth|conn|hook)[.\[(]",
    re.IGNORECASE,
)
_SENTENCE = late(  # of a language that writes no blanks: what follows the name explains it
    r"(?=\W*+[\u0e00-\u1fff\u3040-\ud7ff])[\W\u0e00-\u1fff\u3040-\ud7ff]+"
)
_LONGEST_WORD = 80
_SIGNS = late(r"\W|_")
_KEY_LENGTH = 16  # a consumer key is longer than 80 characters; short ids are names
SHORTEST = 6  # of a password; whether something shorter is one only what stands right before it can tell
_NAME_LENGTH = 8  # letters; a short word in the place of a secret that programs make is a variable's name
_NO_SECRET = late(r"\d{1,4}$|0x[0-9a-f]+$|[A-Za-z]+:$", re.IGNORECASE)  # a status, another system's id, a word
_WORDS = late(r"[a-z]+(?:_[a-z0-9]+)+$")
_KNOWN_FORM = late(  # addresses, paths, times, versions, ids of records and of Slack, algorithms
    r"[a-z][a-z0-9+.-]{1,15}://|www\.|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,10}$|(?:[\w-]+\.)+(?-i:[a-z]{2,10})(?:[:/?].*)?$"
    r"|(?=.{0,35}$|[^+=]*[._-])[~.]{0,2}(?:/[\w.-]+){2,}/?$|&(?:lt|gt|nbsp|quot);|[a-z]:\\|\d{1,4}[-./:]\d{1,2}(?:[-./:T]|$)|v?\d+\.\d[\w.+-]*$"
    r"|0[a-z0-9]{14}(?:[A-Z0-5]{3})?$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|0x[0-9a-f]+$"
    r"|[UWCTBDG]0[A-Z0-9]{7,10}$|(?:oauth|sha|base|utf|saml|aes|rsa|hmac|hs|rs|es|ps|pbkdf|pkcs|http|iso|tls|ssl|x)"
    r"[-_#./]?\d[\w.-]{0,12}$",
    re.IGNORECASE,
)
_PIECE = late(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_DIGIT = late(r"\d")
_LETTER = late(r"[^\W\d_]")
_SPACE = late(r"\s")
_NUMBER = late(r"[0-9]+")
_SHORT_WORDS = frozenset("a an as at by db do go id in io is it js my no of on or py qa sf so to up us v".split())
_VOWEL = late(r"[aeiouy]", re.IGNORECASE)
_SPECIAL = late(r"[#$%&*+=^~!]|(?<=.)[?{}\[\]();,|](?=.)")
_RUN_OF_CONSONANTS = late(r"[^aeiouy]{5}", re.IGNORECASE)
_IN_KEYS = late(r"[-_+/]")
_WEAK_MARK = late(r"@|[?_-]$|^[?_-]")  # special letters that also belong to names and sentences
_MARK_AT_END = late(r"[A-Za-z]{3,}\d{1,6}[!#$%&*+?@]{1,3}$|[A-Za-z]{4,}[!#$%&*+?@]\d{1,6}$")


def judged(text: str, start: int, end: int) -> str:
    """The letters of a value that its judgement rests on."""
    return text[start : min(end, start + _JUDGED)]


def is_placeholder(value: str, name: str, *, quoted: bool) -> bool:
    """Whether a value stands for a secret instead of being one."""
    if MASK[:-1] in value or _PLACEHOLDER.match(value) or (len(value) < _LONGEST_WORD and _is_word(value, name)):
        return True
    return not quoted and _REFERENCE.match(value) is not None


def _is_word(value: str, name: str) -> bool:
    """Whether a value says how it is with the secret, or only names it again."""
    return value.lower() in _STATUS_WORDS or _SIGNS.sub("", value).lower() == _SIGNS.sub("", name).lower()


def is_too_plain(value: str, kind: Secret) -> bool:
    """Whether a value is no secret of this kind: a name instead of a key, a word instead of a token."""
    if kind in (Secret.PASSWORD, Secret.SECURITY_TOKEN):
        return len(value) < 2 or _SENTENCE.fullmatch(value) is not None
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
    return not value.isalpha() and _DIGIT.search(value) is not None


def has_letter(value: str) -> bool:
    """Whether a value holds a letter of any language."""
    return value.isalpha() or _LETTER.search(value) is not None


def looks_random(value: str) -> bool:
    """Whether a value is long and holds digits, as keys and codes do."""
    return len(value) >= _KEY_LENGTH and has_digit(value)


def is_marked(value: str, kind: Secret) -> bool:
    """Whether a value is more than a word, a number or an address: enough behind a name and a sign."""
    if _is_short(value, kind):
        return False
    mixed = has_digit(value) and has_letter(value) and not _SPACE.search(value)
    return (mixed or _looks_made(value, kind)) and not _KNOWN_FORM.match(value)


def is_unguessable(value: str, kind: Secret) -> bool:
    """Whether a value can hardly be a word, a name, an address or another system's id: enough near a name."""
    return not _is_short(value, kind) and _looks_made(value, kind) and not _KNOWN_FORM.match(value)


def _is_short(value: str, kind: Secret) -> bool:
    return len(value) < (SHORTEST if kind is Secret.PASSWORD else _KEY_LENGTH)


def _looks_made(value: str, kind: Secret) -> bool:
    """Whether a value was made to be hard to guess, or at least so that rules for passwords take it."""
    if _SPACE.search(value):
        return False
    if value.isdigit():
        return kind is Secret.CONSUMER_SECRET and len(value) >= _KEY_LENGTH
    if not has_digit(value):
        return len(value) >= _KEY_LENGTH and _IN_KEYS.sub("", value).isalpha() and _is_mixed_case(value)
    return has_letter(value) and (_SPECIAL.search(value) is not None or _is_mixed(value))


def _is_mixed_case(letters: str) -> bool:
    if letters.isascii() and letters.islower():  # one piece
        return False
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
    if len(piece) < 3:
        return piece.lower() not in _SHORT_WORDS
    return not _VOWEL.search(piece) or _RUN_OF_CONSONANTS.search(piece) is not None
