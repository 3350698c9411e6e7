-- One row per sale: the invoice or, where it was paid on the spot, the sales receipt it is, or why it is none yet.
with
left_to_bill as (
    select
        line.document_id as sale_id,
        count(*) filter (where consumed.source_id is null) as lines,
        min(consumed.billed_by) as billed_by
    from {{ ref('outbound__source_line') }} as line
    left join {{ ref('outbound__consumed') }} as consumed
        on consumed.source_kind = 'sale_line' and consumed.source_id = line.document_id || '/' || line.line_id
    where line.document_kind = 'sale'
    group by all
)
select
    sale.business_entity_id,
    case when sale.paid_at_sale then 'SalesReceipt' else 'Invoice' end as target,
    'sale' as source_kind,
    sale.id as source_id,
    sale.number as source_number,
    'customer' as party_kind,
    sale.company_id,
    coalesce(sale.sale_date, timezone(setting.time_zone, coalesce(sale.closed_at, sale.updated_at))::date) as transaction_date,
    sale.currency,
    sale.po_number,
    sale.discount_kind,
    {{ to_cent('sale.discount_value') }} as discount_value,
    sale.quote_id,
    case
        when sale.is_deleted then 'The sale was deleted.'
        when sale.status = 'cancelled' then 'The sale was cancelled.'
    end as ending,
    case
        when sale.status = 'open' then {{ because('open', "'The sale is open: it goes once it is closed.'") }}
        when left_to_bill.lines = 0 then {{ because('billed_elsewhere', "'Its lines are billed already, by ' || left_to_bill.billed_by || '.'") }}
    end as unfit
from {{ current_rows('sales') }} as sale
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
left join left_to_bill on left_to_bill.sale_id = sale.id
