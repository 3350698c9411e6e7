-- One row per line of an expense receipt, in the words and amounts a document takes over; tax beside the lines is one more.
with
billed as (select source_id from {{ ref('outbound__consumed') }} where source_kind = 'expense_line')
select
    'expense_receipt' as source_kind,
    line.expense_receipt_id as source_id,
    line.line_id,
    row_number() over (partition by line.expense_receipt_id order by length(line.line_id), line.line_id)::integer as position,
    'account' as line_kind,
    line.category as account,
    {{ tidy('line.description') }} as description,
    {{ to_cent('line.amount') }} as amount,
    {{ tidy('line.tax_code') }} as tax_code,
    -- A line without a code bears no tax that can be reclaimed: its amount is what was paid.
    {{ tidy('line.tax_code') }} is not null as is_taxable,
    line.customer_company_id as customer_id,
    -- What an invoice of ours bills already, QuickBooks is not to offer for billing again.
    line.billable and line.customer_company_id is not null and billed.source_id is null as is_billable,
    -- Paid otherwise than was said at first, a receipt becomes another document; only one of the two may go.
    case when position = 1 then [
        struct_pack(source_kind := 'expense_receipt', source_id := line.expense_receipt_id, part := '')
    ] end as bills
from {{ current_rows('expense_lines') }} as line
left join billed on billed.source_id = line.expense_receipt_id || '/' || line.line_id
where not line.is_deleted
union all by name
select source_kind, source_id, 'tax' as line_id, 100000 as position, 'tax' as line_kind, 'Tax' as description, tax_beside as amount
from {{ ref('outbound__expense') }}
where tax_beside <> 0
