"""How the contract's columns are written down: name, meaning, kind.

Conventions of every table: `id` is the operational system's own stable id, as text. `*_at` are instants in UTC, `*_date` and
other dates are calendar dates of the business entity. Amounts are in the document's currency. `updated_at` moves with every
change of the row and is what incremental loads follow. A deleted row stays, with `is_deleted` set.
"""

from typing import Any

import sqlalchemy as sa

from qbo_pipeline.ops.values import Amount, Day, Flag, Instant

metadata = sa.MetaData()

Column = sa.Column[Any]


def text(
    name: str, meaning: str, *, one_of: tuple[str, ...] = (), default: str | None = None, **options: Any
) -> Column:
    """A text; with `one_of` a code in lower case, one of these."""
    codes = ", ".join(f"'{code}'" for code in one_of)
    checks = [sa.CheckConstraint(f"{name} in ({codes})")] if one_of else []
    server_default = sa.text(f"'{default}'") if default is not None else None
    info = {"one_of": one_of}
    return _column(name, sa.Text(), meaning, *checks, info=info, server_default=server_default, **options)


def money(name: str, meaning: str, **options: Any) -> Column:
    """An amount in the document's currency, to four decimals."""
    return _column(name, Amount(18, 4), meaning, **options)


def number(name: str, meaning: str, precision: int, scale: int, **options: Any) -> Column:
    """An exact number with its own precision and scale: a rate, a price, a percentage."""
    return _column(name, Amount(precision, scale), meaning, **options)


def whole(name: str, meaning: str, *, default: int | None = None, **options: Any) -> Column:
    """A whole number."""
    server_default = sa.text(str(default)) if default is not None else None
    return _column(name, sa.Integer(), meaning, server_default=server_default, **options)


def flag(name: str, meaning: str, *, default: bool | None = None, **options: Any) -> Column:
    """True or false."""
    server_default = None if default is None else (sa.true() if default else sa.false())
    return _column(name, Flag(), meaning, server_default=server_default, **options)


def day(name: str, meaning: str, **options: Any) -> Column:
    """A calendar date of the business entity."""
    return _column(name, Day(), meaning, **options)


def instant(name: str, meaning: str, **options: Any) -> Column:
    """An instant, in UTC."""
    return _column(name, Instant(), meaning, **options)


def table(name: str, meaning: str, *columns: Column, soft_delete: bool = True) -> sa.Table:
    """A table of the contract, with what every one of them ends with."""
    deletion = (
        [flag("is_deleted", "The row was deleted; it stays as its own tombstone.", default=False)]
        if soft_delete
        else []
    )
    ending = [*deletion, instant("updated_at", "When the row last changed in any way.", required=True)]
    return sa.Table(name, metadata, *columns, *ending, sa.Index(f"{name}_updated_at", "updated_at"), comment=meaning)


def _column(
    name: str,
    kind: sa.types.TypeEngine[Any],
    meaning: str,
    *checks: Any,
    required: bool = False,
    key: bool = False,
    **options: Any,
) -> Column:
    is_optional = not (required or key or options.get("server_default") is not None)
    return sa.Column(name, kind, *checks, primary_key=key, nullable=is_optional, comment=meaning, **options)
