"""Whether an operational system offers what the contract asks for: each table and column that is missing or mistyped.

Tables and views are both accepted. A view's column may have no declared type, and SQLite's types bind nothing, so besides
the declarations a sample of the rows is read the way the pipeline reads them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import TABLES
from qbo_pipeline.ops.values import Amount, Day, Flag, Instant, UnreadableValue

SAMPLED_ROWS = 1000

# The declared types that can hold a kind of value: anywhere, and in SQLite besides.
_ACCEPTED: dict[type, tuple[tuple[type, ...], tuple[type, ...]]] = {
    Amount: ((sa.Numeric, sa.Integer), ()),
    Instant: ((sa.DateTime,), (sa.Text,)),
    Day: ((sa.Date,), (sa.Text,)),
    Flag: ((sa.Boolean,), (sa.Integer, sa.Numeric)),
    sa.Integer: ((sa.Integer,), ()),
    sa.Text: ((sa.String, sa.Uuid, postgresql.CITEXT), ()),
}


@dataclass(frozen=True)
class Deviation:
    """One thing that is not as the contract has it, and what makes it so; `column` is `None` for a whole table."""

    table: str
    column: str | None
    problem: str
    fix: str


def check(database: OpsDatabase) -> list[Deviation]:
    """Every deviation, by table and column in the contract's order; empty where all is well."""
    with database.reading() as connection:
        inspector = sa.inspect(connection)
        views = {*inspector.get_view_names(), *_materialized(inspector)}
        present = {*inspector.get_table_names(), *views}
        return [
            deviation
            for table in TABLES
            for deviation in (
                _table_deviations(connection, inspector, table, is_view=table.name in views)
                if table.name in present
                else [_missing_table(table)]
            )
        ]


def _materialized(inspector: sa.Inspector) -> list[str]:
    return inspector.get_materialized_view_names() if inspector.dialect.name == "postgresql" else []


def _missing_table(table: sa.Table) -> Deviation:
    columns = ", ".join(column.name for column in table.columns)
    return Deviation(
        table.name,
        None,
        "is missing",
        f"offer a table or view {table.name} with the columns {columns}; it may be empty",
    )


def _table_deviations(
    connection: sa.Connection, inspector: sa.Inspector, table: sa.Table, *, is_view: bool
) -> Iterator[Deviation]:
    declared = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
    readable = []
    for column in table.columns:
        wanted = column.type.compile(connection.dialect)
        if column.name not in declared:
            yield Deviation(table.name, column.name, "is missing", _missing_fix(table, column, wanted, is_view=is_view))
        elif not _may_hold(column.type, declared[column.name], connection.dialect.name):
            found = declared[column.name].compile(connection.dialect)
            fix = f"make it {wanted}, in a view with cast({column.name} as {wanted})"
            yield Deviation(table.name, column.name, f"is {found} where {wanted} is needed", fix)
        else:
            readable.append(column)
    yield from _row_deviations(connection, table, readable)


def _missing_fix(table: sa.Table, column: sa.Column[Any], wanted: str, *, is_view: bool) -> str:
    meaning = f"{column.comment} May be empty." if column.nullable else column.comment
    if is_view:
        return f"give the view {table.name} a column {column.name} of type {wanted}. {meaning}"
    return f"alter table {table.name} add column {column.name} {wanted}. {meaning}"


def _may_hold(wanted: sa.types.TypeEngine[Any], found: sa.types.TypeEngine[Any], dialect: str) -> bool:
    """Whether a column declared as `found` can hold `wanted`; an undeclared type is judged by its rows alone."""
    if isinstance(found, sa.types.NullType):
        return True
    anywhere, in_sqlite = _ACCEPTED[type(wanted)]
    if dialect == "sqlite":
        return isinstance(found, anywhere + in_sqlite)
    # A binary fraction is exact nowhere but where the database knows nothing else.
    return isinstance(found, anywhere) and not isinstance(found, sa.Float)


def _row_deviations(connection: sa.Connection, table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[Deviation]:
    for column in columns:
        for problem, fix in _value_problems(connection, table, column):
            yield Deviation(table.name, column.name, problem, fix)


def _value_problems(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> Iterator[tuple[str, str]]:
    rows = sa.select(column).limit(SAMPLED_ROWS)
    try:
        found = connection.execute(rows).scalars().all()
    except UnreadableValue as error:
        yield f"cannot be read: {error}", f"cast it to {column.type.compile(connection.dialect)} in a view"
        return
    if not column.nullable and any(value is None for value in found):
        yield "is empty in some rows", "fill it in: documents cannot be made without it"
    allowed = column.info.get("one_of", ())
    if allowed:
        strange = (
            connection.execute(sa.select(column).distinct().where(column.not_in(allowed)).limit(5)).scalars().all()
        )
        if strange:
            yield f"holds {', '.join(map(repr, strange))}", f"translate its values to: {', '.join(allowed)}"
