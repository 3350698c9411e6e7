-- One row per piece of work and document of the operational system's own that bills it: nothing else may bill it again.
with
document as (
    select 'invoice' as kind, id, number, invoice_date as document_date
    from {{ current_rows('invoices') }}
    where kind in ('invoice', 'deposit') and status not in ('draft', 'void') and not is_deleted
    union all
    select 'sale', id, number, coalesce(sale_date, closed_at::date)
    from {{ current_rows('sales') }}
    where status = 'closed' and not is_deleted
),
billed as (
    select
        line.source_kind,
        line.source_id,
        document.kind as billed_by_kind,
        document.id as billed_by_id,
        document.kind || ' ' || coalesce(document.number, document.id) as billed_by,
        document.document_date,
        sum(line.amount)::decimal(18, 2) as amount
    from {{ ref('outbound__source_line') }} as line
    inner join document on document.kind = line.document_kind and document.id = line.document_id
    where line.source_kind is not null and line.source_id is not null
    group by all
)
select
    * exclude (document_date),
    sum(amount) over (
        partition by source_kind, source_id order by document_date, billed_by_kind, billed_by_id
    )::decimal(18, 2) as amount_so_far
from billed
