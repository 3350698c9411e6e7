"""Fields QuickBooks sends that no model reads: found in what was landed, kept in `sync.unknown_field`.

The raw payload holds such a field already; what is missing is a column. Only names are looked at: a path says where a field
stands (`Line[].SalesItemLineDetail.NewField`), and no value of a record leaves its payload. Looking costs a tenth of a
millisecond per record, so only what landed since the last look is read, and of a large first load a part with each run.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property

import duckdb

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.warehouse.raw import tables

RECORDS_PER_LOOK = 10_000

_TABLES = """
create schema if not exists sync;
create table if not exists sync.unknown_field (
    entity varchar, path varchar, records bigint, first_seen timestamptz, last_seen timestamptz
);
create table if not exists sync.field_watermark (entity varchar primary key, loaded_at timestamptz not null);
"""
# A recurring transaction stands inside an object named after its type.
_UNWRAPPED = "json_extract(payload, '$.*')[1]"


@dataclass(frozen=True)
class KnownFields:
    """What is known of one entity's records: the paths its models read, and patterns of those left out on purpose."""

    table: str
    reads: frozenset[str]
    ignores: Sequence[str]
    is_wrapped: bool = False

    @cached_property
    def _places(self) -> frozenset[str]:
        """Every path that is read or that one which is read lies beneath."""
        return frozenset(place for path in self.reads for place in _path_and_parents(path))

    def knows(self, path: str) -> bool:
        """Whether a column is made of `path` or of something beneath it, or it is left out on purpose."""
        return path in self._places or any(fnmatchcase(path, pattern) for pattern in self.ignores)


@dataclass(frozen=True)
class UnknownField:
    """A field no model reads: where it stands, and in how many landed versions it was seen, first and last."""

    entity: str
    path: str
    records: int
    first_seen: datetime
    last_seen: datetime


def note_unknown_fields(
    connection: duckdb.DuckDBPyConnection, entities: Iterable[KnownFields], *, records_max: int = RECORDS_PER_LOOK
) -> list[UnknownField]:
    """Look through what landed since the last look, load by load until `records_max` are read; all that are unknown now."""
    connection.execute(_TABLES)
    there, left = tables(connection), records_max
    for known in entities:
        _forget(connection, known)
        if left > 0 and known.table in there:
            left -= _look(connection, known, left)
    rows = connection.execute("select * from sync.unknown_field order by entity, path").fetchall()
    return [UnknownField(*row) for row in rows]


def _forget(connection: duckdb.DuckDBPyConnection, known: KnownFields) -> None:
    noted = connection.execute("select path from sync.unknown_field where entity = ?", [known.table]).fetchall()
    learnt = [path for (path,) in noted if known.knows(path)]
    if learnt:
        connection.execute("delete from sync.unknown_field where entity = ? and path in ?", [known.table, learnt])


def _look(connection: duckdb.DuckDBPyConnection, known: KnownFields, records_max: int) -> int:
    """Look through the next loads of one entity; how many records that were."""
    loads = connection.execute(
        f"""
        select loaded_at, count(*) from {RAW_SCHEMA}."{known.table}"
        where loaded_at > coalesce((select loaded_at from sync.field_watermark where entity = ?), '-infinity'::timestamptz)
        group by loaded_at order by loaded_at
        """,  # noqa: S608 - the table's name comes from the catalog
        [known.table],
    ).fetchall()
    taken = _first_loads(loads, records_max)
    if taken == 0:
        return 0
    first, last = loads[0][0], loads[taken - 1][0]
    connection.execute("begin")
    for path in _unknown_paths(connection, known, first, last):
        _note(connection, known, path, first, last)
    connection.execute("insert or replace into sync.field_watermark values (?, ?)", [known.table, last])
    connection.execute("commit")
    return sum(count for _, count in loads[:taken])


def _first_loads(loads: Sequence[tuple[datetime, int]], records_max: int) -> int:
    """How many of `loads` to take: at least one, so that a load of any size is looked through at last."""
    records = 0
    for taken, (_, count) in enumerate(loads):
        records += count
        if taken and records > records_max:
            return taken
    return len(loads)


def _landed(known: KnownFields) -> str:
    payload = _UNWRAPPED if known.is_wrapped else "payload"
    return (
        f'(select try({payload}::json) as record, loaded_at from {RAW_SCHEMA}."{known.table}"'  # noqa: S608
        " where loaded_at between ? and ? and operation = 'upsert')"
    )


def _unknown_paths(
    connection: duckdb.DuckDBPyConnection, known: KnownFields, first: datetime, last: datetime
) -> list[str]:
    query = f"select json_group_structure(record) from {_landed(known)}"  # noqa: S608
    structure = connection.execute(query, [first, last]).fetchone()[0]
    return sorted(_walk(json.loads(structure), "", known)) if structure else []


def _walk(structure: object, place: str, known: KnownFields) -> Iterator[str]:
    """The topmost paths of a JSON structure that are not known; a key that is no plain name is data, not a field."""
    if not isinstance(structure, dict):
        return
    for name, inner in structure.items():
        path, element = place + name, inner
        if isinstance(inner, list):
            path, element = f"{path}[]", inner[0]
        if not known.knows(path):
            # What is null everywhere says nothing yet.
            if name.isidentifier() and element != "NULL" and not known.knows(place + name):
                yield path
        else:
            yield from _walk(element, f"{path}.", known)


def _note(
    connection: duckdb.DuckDBPyConnection, known: KnownFields, path: str, first: datetime, last: datetime
) -> None:
    steps = path.removesuffix("[]").split(".")
    json_path = "$" + "".join(f'."{step.removesuffix("[]")}"' + "[*]" * step.endswith("[]") for step in steps)
    there = (
        f"len(json_extract(record, '{json_path}')) > 0" if "[*]" in json_path else f"json_exists(record, '{json_path}')"
    )
    seen = connection.execute(
        f"select count(*), min(loaded_at), max(loaded_at) from {_landed(known)} where {there}",  # noqa: S608
        [first, last],
    ).fetchone()
    key = [known.table, path]
    before = connection.execute(
        "delete from sync.unknown_field where entity = ? and path = ? returning records, first_seen", key
    ).fetchone()
    records, first_seen = before or (0, seen[1])
    connection.execute(
        "insert into sync.unknown_field values (?, ?, ?, ?, ?)", [*key, records + seen[0], first_seen, seen[2]]
    )


def _path_and_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
