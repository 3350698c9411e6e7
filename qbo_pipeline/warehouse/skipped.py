"""Why the models leave a source document out, from the published copy."""

from pathlib import Path
from typing import Any

import duckdb

from qbo_pipeline.warehouse.query import Connection, read_only


def skipped_sources(published: Path, text: str, source_kind: str | None = None) -> list[dict[str, Any]]:
    """The rows of `outbound.skipped` about a source, by its id or number; none before the first publishing."""
    if not published.exists():
        return []
    with read_only(published) as copy:
        return skipped_in(copy, text, source_kind)


def skipped_in(copy: Connection, text: str, source_kind: str | None = None) -> list[dict[str, Any]]:
    """The same of an open copy."""
    statement = """
        select target, source_kind, source_id, source_number, reason_code, reason
        from outbound.skipped
        where (source_id = $text or source_number = $text) and ($kind is null or source_kind = $kind)
        order by source_kind, source_id, target
    """
    try:
        rows = copy.execute(statement, {"text": text, "kind": source_kind})
    except duckdb.CatalogException:
        return []  # Published by a version that derived nothing.
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
