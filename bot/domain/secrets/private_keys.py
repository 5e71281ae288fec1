"""Private keys: PEM and PuTTY files, also in part or without their frames, and keys as JSON and XML hold them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span

_BLANK = r"(?: |\+|%20)"
_PEM_NAME = rf"{_BLANK}(?:[A-Z0-9]{{1,10}}{_BLANK}){{0,3}}PRIVATE{_BLANK}KEY(?:{_BLANK}BLOCK)?"
_PEM_LINE = r"(?:\s|[>|]|\\[nr]|%0[AaDd]){0,8}[A-Za-z0-9+/]{16}"  # by it a BEGIN that lost its dashes is one
_PEM_BEGIN = late(rf"----[ -]BEGIN{_PEM_NAME}[ -]----|-{{0,5}}BEGIN{_PEM_NAME}-{{0,5}}(?={_PEM_LINE})")
_PEM_END = late(rf"----[ -]END{_PEM_NAME}[ -]----")
_PEM_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_PEM_LINE_LETTERS = 16  # at least; the last line of a key may have fewer
_PEM_HEADER = r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Subject): [^\n\\]*+"  # above the lines
_PEM_BODY = late(rf"(?:(?<=\s){_PEM_HEADER}|[A-Za-z0-9+/=\s>|]|\\[nr]|%[0-9A-Fa-f]{{2}})*")

_LINE_END = r"(?:\r?\n|\\r\\n|\\n|%0[Aa])"
_PUTTY = late(  # what stands behind the name of each part, however the file was cut
    rf"Private-Lines: ?\d+((?:{_LINE_END}[ \t>|]{{0,8}}[A-Za-z0-9+/]{{1,200}}+={{0,2}}(?![\w:-]))+)"
    r"|Private-(?:MAC|Hash): ?([0-9a-f]{16,})"
)
_LINES = r"(?:[A-Za-z0-9+/=]|\\[nr]|\r?\n(?=[A-Za-z0-9+/=]{16}))*"  # of a key that lost its frame
_START = r"(?:(?<![A-Za-z0-9+/])|(?<=\\[nrt]))"
_ANY = "[A-Za-z0-9+/]"
_BARE = tuple(
    (mark, late(rf"{_START}(?:{forms}){_LINES}"))
    for mark, forms in (  # base64 always begins so, because every such key begins with the same numbers
        ("MII", rf"MII[A-Z]{_ANY}{{2}}IBA(?:DANBgkq|AKC)"),  # PKCS #8 and PKCS #1, RSA
        ("GByqGSM49", rf"M[A-Z]{_ANY}{{2}}AgEAMB[MA]GByqGSM49"),  # PKCS #8, EC
        ("MEECAQAwEwYHKoZIzj0", r"MEECAQAwEwYHKoZIzj0"),
        ("MHcCAQEE", r"MHcCAQEE"),  # SEC 1
        ("EBBD", r"MIGkAgEBBD"),
        ("EBBE", r"MIHcAgEBBE"),
        ("MC4CAQAwBQYDK2V", r"MC4CAQAwBQYDK2V"),  # Ed25519, X25519
        ("qhkiG9w0B", rf"MII[A-Z]{_ANY}[A-Za-z]B{_ANY}Bg[ko]qhkiG9w0B(?:BQ|DA)"),  # PKCS #8, encrypted
        ("AIBAzC", rf"MII[A-Z]{_ANY}AIBAzC"),  # PKCS #12
        ("MIACAQMwgA", r"MIACAQMwgA"),
        ("/u3+7QAAAA", r"/u3\+7QAAAA[IE]"),  # Java's key store, in which Salesforce exports its keys
        ("b3BlbnNzaC1rZXktdjE", r"b3BlbnNzaC1rZXktdjE"),  # OpenSSH
    )
)
_IN_JSON = late(r"(?<=[\"'])(?:d|p|q|dp|dq|qi|k)\\?[\"']\s{0,3}:\s{0,3}\\?[\"']([A-Za-z0-9_-]{22,})")
_IN_XML = late(r"<(D|P|Q|DP|DQ|InverseQ)>([A-Za-z0-9+/=\s]{22,})</")
_IN_NUMBERS = late(  # as OpenSSL prints a key
    r"(?<![a-z0-9])(?:privateExponent|prime1|prime2|exponent1|exponent2|coefficient|priv)"
    r":\s{1,12}((?:[0-9a-f]{2}:?(?:\r?\n[ \t]{0,12}(?=[0-9a-f]{2}[:\s]))?){16,})"
)


def private_keys(text: str) -> list[Span]:
    """The places of what is secret of the keys in a text."""
    return [(start, end, Secret.PRIVATE_KEY) for start, end in (*_framed(text), *_unframed(text), *_spelled_out(text))]


def _framed(text: str) -> list[tuple[int, int]]:
    """PEM blocks from BEGIN to END; one that was cut off ends where its letters end."""
    if "PRIVATE" not in text:
        return []
    covered: list[tuple[int, int]] = []
    at, ends = 0, deque(match.end() for match in _PEM_END.finditer(text))
    for begin in _PEM_BEGIN.finditer(text):
        if begin.start() < at:
            continue
        while ends and ends[0] < begin.end():
            ends.popleft()
        body = _PEM_BODY.match(text, begin.end())
        at = ends[0] if ends else body.end() if body else begin.end()
        covered.append((begin.start(), at))
    rests: list[tuple[int, int]] = []
    for end in _PEM_END.finditer(text):
        if not any(start <= end.start() < stop for start, stop in covered):
            start = _without_begin(text, end.start())
            if start < end.start():
                rests.append((start, end.end()))
    return covered + rests


def _without_begin(text: str, end: int) -> int:
    """Where the lines of a key begin whose first ones were cut off; ``end`` is the place of its END."""
    at, is_last, lines = end, True, 0
    while True:
        head = text[:at].rstrip(" \t\r\n>|")
        while head.endswith(("\\n", "\\r")):
            head = head[:-2].rstrip(" \t\r\n>|")
        start = len(head.rstrip(_PEM_LETTERS))
        if len(head) - start < (1 if is_last else _PEM_LINE_LETTERS):
            return at if lines else end
        lines += len(head) - start >= _PEM_LINE_LETTERS
        at, is_last = start, False


def _unframed(text: str) -> Iterator[tuple[int, int]]:
    """Keys of which only the letters are there."""
    for mark, form in _BARE:
        if mark in text:
            yield from (match.span() for match in form.finditer(text))


def _spelled_out(text: str) -> Iterator[tuple[int, int]]:
    """The secret parts of keys of which the other parts may stay: PuTTY's, JSON Web Keys, .NET's, OpenSSL's print."""
    if "Private-" in text:
        yield from (match.span(match.lastindex or 1) for match in _PUTTY.finditer(text))
    if "kty" in text:
        yield from (match.span(1) for match in _IN_JSON.finditer(text))
    if "KeyValue>" in text:
        yield from (match.span(2) for match in _IN_XML.finditer(text))
    if "xponent" in text or "priv:" in text:
        yield from (match.span(1) for match in _IN_NUMBERS.finditer(text))
