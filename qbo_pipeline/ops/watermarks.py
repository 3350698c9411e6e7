"""When documents of each kind last changed in the operational system, lines included: one cheap query that indexes answer."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.reading import KINDS


def document_watermarks(database: OpsDatabase, kinds: Iterable[str]) -> dict[str, datetime | None]:
    """The newest change of any document of each kind, its lines among it; None where there is none of the kind."""
    with database.reading() as connection:
        return {kind: connection.scalar(_newest(kind)) for kind in kinds}


def _newest(kind: str) -> sa.Select[tuple[datetime]]:
    place = KINDS[kind]
    changes = [sa.select(sa.func.max(place.table.c.updated_at).label("at"))]
    if place.lines is not None:
        lines = sa.select(sa.func.max(place.lines.c.updated_at).label("at"))
        if place.document_kind:
            lines = lines.where(place.lines.c.document_kind == place.document_kind)
        changes.append(lines)
    newest = sa.union_all(*changes).subquery()
    # The column's own type, so that SQLite's text comes out as an instant.
    return sa.select(sa.type_coerce(sa.func.max(newest.c.at), place.table.c.updated_at.type))
