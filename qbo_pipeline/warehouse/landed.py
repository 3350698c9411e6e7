"""What is landed of a company: which records are live, which vanished, and which refer to a name."""

from collections.abc import Collection, Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA, Entity
from qbo_pipeline.warehouse.raw import tables


def holdings(connection: duckdb.DuckDBPyConnection, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the `(realm_id, table)` pairs that hold rows."""
    realms_by_table: dict[str, list[str]] = {}
    for realm_id, table in wanted:
        realms_by_table.setdefault(table, []).append(realm_id)
    there = tables(connection)
    return {
        (realm_id, table)
        for table, realm_ids in realms_by_table.items()
        if table in there
        for (realm_id,) in connection.execute(
            f'select distinct realm_id from {RAW_SCHEMA}."{table}" where realm_id in (select unnest(?))',  # noqa: S608
            [realm_ids],
        ).fetchall()
    }


def live_records(connection: duckdb.DuckDBPyConnection, realm_id: str, table: str) -> set[str]:
    """The ids of a company's records whose newest version is no deletion."""
    if table not in tables(connection):
        return set()
    statement = f"{_newest(table)} select id from newest where operation = 'upsert'"  # noqa: S608 - the catalog's name
    rows = connection.execute(statement, [realm_id])
    return {record_id for (record_id,) in rows.fetchall()}


def is_inactive(connection: duckdb.DuckDBPyConnection, realm_id: str, table: str, record_id: str) -> bool:
    """Whether the newest version of a company's record says that it is not active."""
    if table not in tables(connection):
        return False
    statement = f"""
        select payload->>'$.Active' from {RAW_SCHEMA}."{table}" where realm_id = ? and id = ? and operation = 'upsert'
        order by updated_at desc nulls last, try_cast(sync_token as bigint) desc nulls last, loaded_at desc limit 1
    """  # noqa: S608 - the catalog's name
    row = connection.execute(statement, [realm_id, record_id]).fetchone()
    return row is not None and row[0] == "false"


def vanished_records(
    connection: duckdb.DuckDBPyConnection, realm_id: str, table: str, present: Collection[str], before: datetime
) -> list[str]:
    """The ids of a company's live records last changed before `before` that are not among `present`."""
    if table not in tables(connection):
        return []
    connection.register("present", pa.table({"id": pa.array(list(present), pa.string())}))
    try:
        rows = connection.execute(
            f"""
            {_newest(table)}
            select id from newest
            where operation = 'upsert' and coalesce(updated_at < ?, true) and id not in (select id from present)
            order by id
            """,  # noqa: S608 - the catalog's name
            [realm_id, before],
        )
        return [record_id for (record_id,) in rows.fetchall()]
    finally:
        connection.unregister("present")


def referring_records(
    connection: duckdb.DuckDBPyConnection, realm_id: str, name: Entity, ids: Collection[str]
) -> dict[str, list[str]]:
    """By table, the records that refer, or once did, to those of the names `ids` that were last landed as active.

    A reference to a Customer is a property such as `CustomerRef`; `EntityRef` and `ParentRef` may be to any name.
    """
    there = tables(connection)
    active = _last_active(connection, realm_id, name.table, ids) if name.table in there else []
    if not active:
        return {}
    pattern = rf'"(\w*{name.name}|Entity|Parent)Ref"\s*:\s*\{{[^{{}}]*"value"\s*:\s*"({"|".join(active)})"'
    found = {
        entity.table: connection.execute(
            f'select distinct id from {RAW_SCHEMA}."{entity.table}" '  # noqa: S608 - the catalog's name
            "where realm_id = ? and regexp_matches(payload, ?) order by id",
            [realm_id, pattern],
        ).fetchall()
        for entity in ENTITIES
        if entity.has_ids and entity.table in there
    }
    return {table: [record_id for (record_id,) in rows] for table, rows in found.items() if rows}


def _last_active(connection: duckdb.DuckDBPyConnection, realm_id: str, table: str, ids: Collection[str]) -> list[str]:
    rows = connection.execute(
        f"""
        select id
        from {RAW_SCHEMA}."{table}" as landed
        where realm_id = ? and id in (select unnest(?)) and regexp_full_match(id, '\\w+')
        group by id
        having regexp_matches(arg_max(payload, landed.loaded_at), '"Active"\\s*:\\s*true')
        """,  # noqa: S608 - the catalog's name
        [realm_id, list(ids)],
    )
    return [record_id for (record_id,) in rows.fetchall()]


def _newest(table: str) -> str:
    """The newest version of each record of the realm given as parameter, in the order the models know."""
    return f"""
        with newest as (
            select id, newest_version.operation, newest_version.updated_at
            from (
                select
                    id,
                    max_by(
                        struct_pack(operation, updated_at),
                        (
                            coalesce(updated_at, '-infinity'::timestamptz),
                            coalesce(try_cast(sync_token as bigint), -1),
                            loaded_at,
                            rowid
                        )
                    ) as newest_version
                from {RAW_SCHEMA}."{table}"
                where realm_id = ?
                group by id
            )
        )
    """  # noqa: S608 - the catalog's name
