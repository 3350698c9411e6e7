-- One row per wanted or ended document and source it was derived of, with the instant that source, lines included, last changed.
with
line_change as (
    select document_kind as kind, document_id as id, max(updated_at) as updated_at
    from {{ current_rows('document_lines') }}
    group by all
),
source_row as (
    {% for kind, table in {'quote': 'quotes', 'invoice': 'invoices'}.items() %}
    select '{{ kind }}' as kind, id, updated_at from {{ current_rows(table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
version as (
    select source_row.kind, source_row.id, greatest(source_row.updated_at, line_change.updated_at) as updated_at
    from source_row
    left join line_change using (kind, id)
)
select
    document.business_entity_id, document.target, document.source_kind, document.source_id,
    version.kind as seen_kind, version.id as seen_id, version.updated_at
from {{ ref('outbound__candidate') }} as document
inner join version on version.kind = document.source_kind and version.id = document.source_id
where document.skip is null or document.ending is not null
