"""QuickBooks' query language: a statement's text becomes a `Statement`, or fault 4000 naming the place.

    SELECT * [, property ...] | count(*) | property, ...  FROM Entity
      [WHERE property op value [AND property op value] ...]
      [ORDERBY property [ASC | DESC], ...] [STARTPOSITION n] [MAXRESULTS n]

Nothing else is in the language: no OR, NOT, !=, parentheses around conditions, or doubled quotes; a quote inside a string is
written `\\'`. What may be asked of an entity is decided where the statement is executed (`search`).
"""

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from qbo_pipeline.emulator.faults import parse_fault, query_fault, system_fault

ValueKind = Literal["string", "number", "boolean", "current_date"]

OPERATORS = ("<=", ">=", "=", "<", ">")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?![A-Za-z_]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<symbol><=|>=|[=<>*,()])""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = {"select", "from", "where", "and", "in", "like", "orderby", "startposition", "maxresults"}
_QUICKBOOKS_NAMES = {"name": "IDENTIFIER", "string": "STRING", "number": "INTEGER"}


@dataclass(frozen=True)
class Value:
    """A value compared with; `text` is what stood there, without quotes and escapes."""

    text: str
    kind: ValueKind = "string"


@dataclass(frozen=True)
class Condition:
    """One comparison of the WHERE clause; `operator` is one of = < > <= >= IN LIKE, only IN has several values."""

    property: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Ordering:
    """One sort key."""

    property: str
    is_descending: bool = False


@dataclass(frozen=True)
class Statement:
    """A query understood; empty `columns` means all of them, `limit` is None where MAXRESULTS is not given."""

    entity: str
    columns: tuple[str, ...] = ()
    is_count: bool = False
    conditions: tuple[Condition, ...] = ()
    orderings: tuple[Ordering, ...] = ()
    start: int = 1
    limit: int | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Statement:
    """Understand a statement; no statement at all is QuickBooks' system failure under HTTP 200."""
    if not text.strip():
        raise system_fault("System Failure Error: no query was given")
    return _Parser(text).statement()


def unquoted(literal: str) -> str:
    """The text inside a quoted literal: `\\'` is a quote, `\\\\` a backslash, any other backslash itself."""
    return re.sub(r"\\(['\\])", r"\1", literal[1:-1])


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._cut(text)
        self._next = 0

    def statement(self) -> Statement:
        self._expect("select")
        columns, is_count = self._columns()
        self._expect("from")
        entity = self._name()
        conditions = self._conditions() if self._take("where") else ()
        orderings = self._orderings()
        start = self._count("startposition")
        limit = self._count("maxresults")
        if self._token.kind != "end":
            self._refuse()
        return Statement(entity, columns, is_count, conditions, orderings, 1 if start is None else start, limit)

    def _columns(self) -> tuple[tuple[str, ...], bool]:
        if self._take("*"):
            # Some ask for more than everything by name: `*, Sku` got the one property old minor versions left out of `*`.
            while self._take(","):
                self._name()
            return (), False
        if self._token.text.lower() == "count" and self._tokens[self._next + 1].text == "(":
            for expected in ("count", "(", "*", ")"):
                self._expect(expected)
            return (), True
        columns = [self._name()]
        while self._take(","):
            columns.append(self._name())
        return tuple(columns), False

    def _conditions(self) -> tuple[Condition, ...]:
        conditions = [self._condition()]
        while self._take("and"):
            conditions.append(self._condition())
        return tuple(conditions)

    def _condition(self) -> Condition:
        name = self._name()
        for operator in OPERATORS:
            if self._take(operator):
                return Condition(name, operator, (self._value(),))
        if self._take("like"):
            if self._token.kind != "string":
                self._refuse()
            return Condition(name, "LIKE", (self._value(),))
        self._expect("in")
        self._expect("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(")")
        return Condition(name, "IN", tuple(values))

    def _value(self) -> Value:
        token = self._token
        lowered = token.text.lower()
        if token.kind == "string":
            value = Value(unquoted(token.text))
        elif token.kind == "number":
            value = Value(token.text, "number")
        elif lowered in ("true", "false"):
            value = Value(lowered, "boolean")
        elif lowered == "current_date":
            value = Value(token.text, "current_date")
        else:
            self._refuse()
        self._next += 1
        return value

    def _orderings(self) -> tuple[Ordering, ...]:
        if self._take("order"):
            self._expect("by")
        elif not self._take("orderby"):
            return ()
        orderings = [self._ordering()]
        while self._take(","):
            orderings.append(self._ordering())
        return tuple(orderings)

    def _ordering(self) -> Ordering:
        name = self._name()
        is_descending = self._take("desc")
        if not is_descending:
            self._take("asc")
        return Ordering(name, is_descending)

    def _count(self, keyword: str) -> int | None:
        if not self._take(keyword):
            return None
        if self._token.kind != "number" or "." in self._token.text:
            self._refuse()
        count = int(self._token.text)
        self._next += 1
        if count < 1:
            raise query_fault(f"value {count} is too small. Min allowed value is 1")
        return count

    def _name(self) -> str:
        token = self._token
        if token.kind != "name" or token.text.lower() in _KEYWORDS:
            self._refuse()
        self._next += 1
        return token.text

    def _take(self, expected: str) -> bool:
        token = self._token
        if token.kind not in ("name", "symbol") or token.text.lower() != expected:
            return False
        self._next += 1
        return True

    def _expect(self, expected: str) -> None:
        if not self._take(expected):
            self._refuse()

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _cut(self, text: str) -> list[_Token]:
        tokens = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                self._refuse_at(position, text[position])
            if match.lastgroup != "space":
                tokens.append(_Token(str(match.lastgroup), match[0], position))
            position = match.end()
        return [*tokens, _Token("end", "<EOF>", position)]

    def _refuse(self) -> NoReturn:
        token = self._token
        named = _QUICKBOOKS_NAMES.get(token.kind)
        self._refuse_at(token.position, f' <{named}> "{token.text} "' if named else token.text)

    def _refuse_at(self, position: int, encountered: str) -> NoReturn:
        line = self._text.count("\n", 0, position) + 1
        column = position - self._text.rfind("\n", 0, position)
        raise parse_fault(f'Encountered "{encountered}" at line {line}, column {column}.')
