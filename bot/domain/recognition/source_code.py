"""Which lines of a text are program text: they handle errors, they do not show one.

A line that quotes a whole error, its code together with its description, shows it even inside a program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPERATORS = re.compile(
    r"[=!]==|&&|\|\||=>|\s[=!]=\s|\bthrow\s+new\b|\bcatch\s*\(|\binstanceof\b|<enumeration\s"
    r"|\.(?:equals|includes|contains|indexOf|startsWith|toString|valueOf|test|match|send|json)\("
    r"|\b(?:console|logger|log|logging|System\.debug|assert\w*|expect|self\.assert\w+)\.\w+\(|\bassert\w*\("
)
_ASSIGNMENT = re.compile(
    r"\b(?:val|var|let|const|final|static|export)\s.{0,200}\w\s=\s|\w\s=\s[a-z_][\w.]*\("
    r"|\w\s=\s[\"'][\w.]{1,120}[\"']\s*$|^\s*(?:except|case|catch|when)\s[\w.\"'(), |]{1,120}:\s*$"
)
_TYPED = re.compile(r"\s*\w{1,80}:\s[\w\[\], |.]{1,80}\s=\s")
_CALL = re.compile(r"\s*[a-z_][\w.]{0,80}(?<!Error)(?<!Exception)\([^()]{0,300}\)\s*$")
_KEYWORD = re.compile(
    r"[\s+>-]*(?:\}\s*)?(?:if|else|elif|switch|case|while|for|catch|except|return|throw|raise|const|let|var|export"
    r"|public|private|protected|static|final|function|def|class|enum|async|await|module)\b"
)
_PUNCTUATED = re.compile(r"[({\[=].{0,400}[;{,):\]}]\s*$|=\s*[\"'][\w.]{1,80}[\"']\s*$|[{;]\s*$")
_COMMENT = re.compile(r"[\s+>-]*(?://|/\*|\*/|\*\s+@)")
_IMPORT = re.compile(
    r"\s*(?:from [\w.]{1,100} import\b|import [\w.]{1,100}(?: as \w+)?;?\s*$|import .{1,200} from ['\"]"
    r"|using [\w.]{1,100};|@[\w.]{1,80}(?:\(.{0,200}\))?\s*$)"
)
_NAMES = re.compile(r"\s+(?:[\w.\"']{1,80}\s*:\s*)?[\w.]{1,80}(?:,\s*[\w.]{1,80}){0,20}\s*(?:,|\)[,:;]?|\\)\s*$")
_COMMENT_OPENS = re.compile(r"[\s+>-]*/\*")
_CONSTANT = re.compile(
    r"[\s+>-]*(?:[\w.]{1,80}\s*=\s*)?[\"'][\w.]{1,120}[\"']\s*[,;)]\s*$|[\s+>-]*[A-Z][A-Z_]{4,80}:\s*[\"']\w{1,80}[\"'],?\s*$"
)
_ASSIGNED = re.compile(r"\w\s=\s[\"'][\w.]{1,120}[\"'];|\w\([^()\n]{0,300}\)+;\s*$")
_ENTRY = re.compile(r"\s*[\"']?\w{1,80}[\"']?\s*:\s*[\"'`].{0,400}[\"'`],?\s*$")
_OPENS = re.compile(r"[=(]\s*[{\[(]\s*$")
_QUOTED_ERROR = re.compile(
    r"[\"'`][A-Z][A-Z_]{7,60}\s{0,2}[:–—-]\s{0,2}\w+ \w+ \w+"
    r"|\berr\w{0,20}[\"']?\s?(?::|=>)\s?[\"'][a-z_]{5,40}[\"'],\s?[\"']?\w{1,20}[\"']?\s?(?::|=>)\s?[\"']\w+[ -/]\w+"
)
# Sentences in quotes: five words, or three where Salesforce is named.
_FOR_PEOPLE = re.compile(
    r"\"\W{0,3}(?=\w)[^\"\n]{0,200}?(?:\b[\w'’]+,? ){4}\w|[`']\W{0,3}(?=\w)[^`'\n]{0,200}?(?:\b\w+,? ){4}\w"
)
_ABOUT_SALESFORCE = re.compile(
    r"[\"'`](?=[^\"'`\n]{0,120}\b[Ss]alesforce\b)\W{0,3}(?=\w)[^\"'`\n]{0,120}?(?:\b\w+,? ){2}\w[^\"'`\n]{0,200}[\"'`]"
)
_FOR_NOBODY = re.compile(
    r"\b(?:it|test|describe|context|console|log\w*|LOG\w*|debug|info|print\w*|warn\w*|assert\w*)\s?[.(]"
    r"|\b(?:it|test|describe|context) [\"'`]|\bdef test"
)
_QUOTED = re.compile(r"\"[^\"]{0,300}\"|'[^']{0,300}'")
_SENTENCE = re.compile(r"(?:[A-Za-z’']{1,20}[,;:]? ){7}[A-Za-z]")
_LONGEST_LINE = 600  # letters; a longer line is data. Trial 0 / 0, no test


def lines_of_program(text: str) -> list[tuple[str, bool]]:
    """The text in pieces of whole lines, in order, each with whether it is program text."""
    pieces: list[tuple[str, bool]] = []
    is_inside = is_comment = is_text = False
    for line in text.splitlines(keepends=True):
        is_comment = _COMMENT_OPENS.match(line) is not None or (is_comment and line.lstrip().startswith("*"))
        quotes = line.count('"""') if is_text or line.lstrip().startswith('"""') else 0
        is_program = is_text or quotes > 0 or is_comment or _is_program(line)
        is_program = is_program or (is_inside and _ENTRY.match(line) is not None) or _goes_on(line, pieces)
        is_text = is_text != (quotes == 1)
        is_inside = is_program and (is_inside or _OPENS.search(line) is not None)
        if pieces and (pieces[-1][1] == is_program or not line.strip()):
            pieces[-1] = (pieces[-1][0] + line, pieces[-1][1])
        else:
            pieces.append((line, is_program))
    return pieces


def explains(program: str) -> bool:
    """Whether program text tells people what an error means, in a sentence that it quotes and that no log or test has.

    *Salesforce blocked this connected app* beside ``OAUTH_AUTHORIZATION_BLOCKED`` is what its users get to read.
    """
    lines = [line for line in program.splitlines() if len(line) <= _LONGEST_LINE]
    return any(_FOR_PEOPLE.search(line) and not _FOR_NOBODY.search(line) for line in lines)


def _goes_on(line: str, pieces: Sequence[tuple[str, bool]]) -> bool:
    """Whether a line of mere names continues the program text above it."""
    return bool(pieces) and pieces[-1][1] and _NAMES.match(line) is not None


def _is_program(line: str) -> bool:
    if len(line) > _LONGEST_LINE or _QUOTED_ERROR.search(line):
        return False
    if _ABOUT_SALESFORCE.search(line) and not _FOR_NOBODY.search(line):
        return False
    if _COMMENT.match(line) or _IMPORT.match(line):
        return True
    if _SENTENCE.search(_QUOTED.sub("", line)):
        return False
    if _OPERATORS.search(line) or _CONSTANT.match(line):
        return True
    if _ASSIGNED.search(line) or _ASSIGNMENT.search(line) or _CALL.match(line) or _TYPED.match(line):
        return True
    return _KEYWORD.match(line) is not None and _PUNCTUATED.search(line) is not None
