"""The kinds of value a column of the contract holds, read strictly whatever the database gives.

SQLite has no dates and no decimals: it hands out text and floats. PostgreSQL's views may be wider than the contract. Each
kind therefore turns what arrives into exactly one Python type at the declared scale, or raises `UnreadableValue`.
"""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa


class UnreadableValue(ValueError):  # noqa: N818 - named for what happened
    """A stored value that is not of its column's kind; the message does not repeat it."""


class Amount(sa.types.TypeDecorator[Decimal]):
    """An exact number of a declared scale; a float is taken at its shortest decimal form and rounded half up to the scale."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """SQLite's own type passes values through: SQLAlchemy's would round through a float."""
        return _SqliteNumber(self.precision, self.scale) if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        exact = self._exact(value)
        return str(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else self._exact(value)

    def _exact(self, value: Any) -> Decimal:
        try:
            return Decimal(str(value)).quantize(Decimal(1).scaleb(-self.scale), rounding=ROUND_HALF_UP)
        except InvalidOperation:
            raise UnreadableValue("a value is no number, or is too large") from None


class _SqliteNumber(sa.Numeric):
    """A column SQLite declares as a number and returns as it stores it."""

    def bind_processor(self, dialect: sa.Dialect) -> None:
        return None

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> None:
        return None


class Instant(sa.types.TypeDecorator[datetime]):
    """An instant in UTC; one without a zone is UTC already."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """SQLite keeps text; its form is ours, so that a comparison of texts is one of instants."""
        return _SqliteText("TIMESTAMP") if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        plain = value.astimezone(UTC).replace(tzinfo=None)
        return plain.isoformat(" ", "microseconds") if dialect.name == "sqlite" else plain

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        found = value if isinstance(value, datetime) else _parsed(value, datetime.fromisoformat, "instant")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


class Day(sa.types.TypeDecorator[date]):
    """A calendar date of the business entity, without a zone; midnight after it is dropped."""

    impl = sa.Date
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """SQLite keeps text."""
        return _SqliteText("DATE") if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> date | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else _parsed(value, datetime.fromisoformat, "date").date()


class Flag(sa.types.TypeDecorator[bool]):
    """True or false; SQLite's 1 and 0."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """SQLite keeps whole numbers."""
        return _SqliteText("BOOLEAN") if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> Any:
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        raise UnreadableValue("a value is neither true nor false")


class _SqliteText(sa.types.UserDefinedType[Any]):
    """A column declared with a type name SQLite has no class for, its values passed through."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


def _parsed(value: Any, parse: Any, kind: str) -> Any:
    try:
        return parse(value)
    except (TypeError, ValueError):
        raise UnreadableValue(f"a value is no {kind} in ISO form") from None
