"""A small, strict reader of SOQL: as much of the language as our own questions use, and a refusal for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime


class SoqlError(Exception):
    """A question that Salesforce refuses, with its code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of a WHERE; ``value`` is a literal, several, or a semi-join."""

    field: str
    operator: str
    value: object


@dataclass(frozen=True, slots=True)
class LastDays:
    """``LAST_N_DAYS:n``."""

    days: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """Tests joined by one word: ``either`` means OR."""

    parts: tuple[Condition | Conditions, ...] = ()
    either: bool = False

    def conditions(self) -> Iterator[Condition]:
        """Every test in it."""
        for part in self.parts:
            yield from part.conditions() if isinstance(part, Conditions) else (part,)


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT; ``fields`` pairs what is selected (a path or an aggregate) with its alias.

    ``order`` pairs a field with whether the largest comes first. ``group`` are the fields that aggregates are made for.
    """

    fields: tuple[tuple[str, str], ...]
    object: str
    where: Conditions = field(default=Conditions())
    group: tuple[str, ...] = ()
    order: tuple[str, bool] | None = None
    limit: int | None = None


_TOKEN = re.compile(
    r"\s*(LAST_N_DAYS:\d+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)|'(?:[^'\\]|\\.)*'|[A-Za-z_][\w.]*|-?\d+|!=|<=|[=(),>])"
)
_SEMI_JOINS = 2
_LITERALS: Mapping[str, object] = {"TRUE": True, "FALSE": False, "NULL": None}


class Reader:
    """Reads one statement from its words. Raises SoqlError."""

    def __init__(self, soql: str) -> None:
        self._words = self._split(soql)
        self._at = 0

    def statement(self) -> Statement:
        """The whole text as one statement."""
        found = self._select()
        if self._at < len(self._words):
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{self._words[self._at]}'")
        return found

    def _select(self) -> Statement:
        self._expect("SELECT")
        fields = [self._selected()]
        while self._take(","):
            fields.append(self._selected())
        self._expect("FROM")
        name = self._next()
        where = self._group() if self._take("WHERE") else Conditions()
        _refuse_semi_joins(where)
        return Statement(tuple(fields), name, where, self._grouped(), self._order(), self._limit())

    def _grouped(self) -> tuple[str, ...]:
        if not self._take("GROUP"):
            return ()
        self._expect("BY")
        names = [self._next()]
        while self._take(","):
            names.append(self._next())
        return tuple(names)

    def _group(self) -> Conditions:
        """Tests joined by AND, or by OR; to mix them takes brackets."""
        parts, word = [self._part()], self._peek()
        while word in ("AND", "OR") and self._take(word):
            parts.append(self._part())
        return Conditions(tuple(parts), either=word == "OR")

    def _part(self) -> Condition | Conditions:
        if not self._take("("):
            return self._condition()
        group = self._group()
        self._expect(")")
        return group

    def _order(self) -> tuple[str, bool] | None:
        if not self._take("ORDER"):
            return None
        self._expect("BY")
        name = self._next()
        return name, not self._take("ASC") and self._take("DESC")

    def _limit(self) -> int | None:
        return int(self._next()) if self._take("LIMIT") else None

    def _selected(self) -> tuple[str, str]:
        name = self._next()
        if not self._take("("):
            return name, name
        inner = self._next()
        self._expect(")")
        alias = "expr0" if self._peek() in (",", "FROM") else self._next()
        return f"{name.upper()}({inner})", alias

    def _condition(self) -> Condition:
        name, operator = self._next(), self._next().upper()
        if operator == "NOT":
            self._expect("IN")
            operator = "NOT IN"
        if operator in ("IN", "NOT IN"):
            self._expect("(")
            value: object = self._select() if self._peek() == "SELECT" else self._literals()
            self._expect(")")
        elif operator == "LIKE":
            value = self._pattern()
        elif operator in ("=", "!="):
            value = self._literal()
        elif operator in ("<=", ">"):
            value = self._time()
        else:
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{operator}'")
        return Condition(name, operator, value)

    def _time(self) -> datetime:
        word = self._next()
        try:
            return datetime.fromisoformat(word)
        except ValueError:
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{word}'") from None

    def _literals(self) -> tuple[object, ...]:
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        return tuple(values)

    def _literal(self) -> object:
        word = self._next()
        if word.startswith("'"):
            return re.sub(r"\\(.)", r"\1", word[1:-1])
        if word.upper() in _LITERALS:
            return _LITERALS[word.upper()]
        if word.startswith("LAST_N_DAYS:"):
            return LastDays(int(word.partition(":")[2]))
        if re.fullmatch(r"-?\d+", word):
            return int(word)
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{word}'")

    def _pattern(self) -> str:
        """The text behind LIKE, in which ``\\%`` and ``\\_`` stay as they are: they mean the signs themselves."""
        word = self._next()
        if not word.startswith("'"):
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{word}'")
        return re.sub(r"\\([^%_])", r"\1", word[1:-1])

    def _split(self, soql: str) -> list[str]:
        words, at, end = [], 0, len(soql.rstrip())
        while at < end:
            match = _TOKEN.match(soql, at)
            if match is None:
                raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{soql[at : at + 10].strip()}'")
            words.append(match[1])
            at = match.end()
        return words

    def _peek(self) -> str:
        return self._words[self._at].upper() if self._at < len(self._words) else ""

    def _next(self) -> str:
        if self._at >= len(self._words):
            raise SoqlError("MALFORMED_QUERY", "unexpected token: '<EOF>'")
        self._at += 1
        return self._words[self._at - 1]

    def _take(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if (found := self._next()).upper() != word:
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{found}'")


def _refuse_semi_joins(where: Conditions, *, within_or: bool = False) -> None:
    """Salesforce takes two of them to a query, and none beside an OR."""
    joins = [condition for condition in where.conditions() if isinstance(condition.value, Statement)]
    if len(joins) > _SEMI_JOINS:
        raise SoqlError("MALFORMED_QUERY", f"Maximum {_SEMI_JOINS} semi join sub-selects are allowed")
    if joins and (where.either or within_or):
        raise SoqlError("MALFORMED_QUERY", "Semi join sub-selects are not allowed with the 'OR' operator")
    for part in where.parts:
        if isinstance(part, Conditions):
            _refuse_semi_joins(part, within_or=within_or or where.either)
