-- One row per line of every document that may be pushed, with the work it bills.
with
described as (
    select
        line.document_kind as source_kind,
        line.document_id as source_id,
        line.line_id, line.position, line.line_kind, line.product_id, line.account,
        case
            when line.line_kind in ('item', 'shipping')
                then coalesce(line.own_description, line.product_description)
            else line.own_description
        end as description,
        line.quantity, line.unit_price, line.amount, line.tax_code, line.is_taxable, line.class_code, line.customer_id,
        line.is_billable, line.service_date,
        case when line.source_id is not null then line.source_kind end as billed_kind,
        case when line.source_kind is not null then line.source_id end as billed_id
    from {{ ref('outbound__source_line') }} as line
),
quoted as (
    select document_id || '/' || line_id as quote_line_id, amount
    from {{ ref('outbound__source_line') }}
    where document_kind = 'quote'
)
select
    described.*,
    -- A part of a quoted line is claimed as this document's part of it, so that another document can bill the rest.
    case
        when billed_kind = 'quote_line' and described.amount < quoted.amount then source_kind || ':' || source_id
        when billed_kind is not null then ''
    end as billed_part
from described
left join quoted on described.billed_kind = 'quote_line' and quoted.quote_line_id = described.billed_id
