"""The operational system's documents of one company in the published copy: wanted, or left out and why."""

from typing import Any

import duckdb

_DOCUMENTS = """
    with party as (
        select id, name from raw_ops.companies
        qualify row_number() over (partition by id order by updated_at desc, loaded_at desc) = 1
    ),
    document as (
        select
            document.target, document.source_kind, document.source_id, document.number, document.transaction_date,
            party.name as party, document.total, document.currency, null as reason
        from outbound.document as document
        left join party on party.id = document.party_id
        where document.realm_id = $realm_id
        union all by name
        select target, source_kind, source_id, source_number as number, transaction_date, reason
        from outbound.skipped
        where realm_id = $realm_id
    )
    select * from document
    where $text = '' or contains(lower(concat_ws(' ', source_id, number, party)), lower($text))
    order by reason is not null, transaction_date desc nulls last, source_kind, source_id
    limit $limit
"""


def source_documents(copy: duckdb.DuckDBPyConnection, realm_id: str, text: str, *, limit: int) -> list[dict[str, Any]]:
    """What is wanted, the newest first, then what is left out: those whose id, number or party holds `text`."""
    try:
        rows = copy.execute(_DOCUMENTS, {"realm_id": realm_id, "text": text, "limit": limit})
    except duckdb.CatalogException:
        return []
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
