-- One row per line of every document that may be pushed, with the work it bills.
with
sale as (select id, {{ tidy('name') }} as name from {{ current_rows('sales') }}),
quoted as (
    select document_id || '/' || line_id as quote_line, amount
    from {{ ref('outbound__source_line') }}
    where document_kind = 'quote'
),
consumed as (select source_kind, source_id from {{ ref('outbound__consumed') }} where source_kind = 'sale_line'),
credit_note as (select id from {{ current_rows('invoices') }} where kind = 'credit_note'),
own as (
    select
        line.document_kind as source_kind,
        line.document_id as source_id,
        line.line_id, line.position, line.line_kind, line.product_id, line.account,
        case
            when line.line_kind in ('item', 'shipping') then coalesce(line.own_description, sale.name, line.product_description)
            else line.own_description
        end as description,
        line.quantity, line.unit_price, line.amount, line.tax_code, line.is_taxable, line.class_code, line.customer_id,
        line.is_billable, line.service_date,
        case when line.is_order_line then 'PurchaseOrder' end as linked_target,
        case when line.is_order_line then 'purchase_order' end as linked_source_kind,
        case when line.is_order_line then regexp_replace(line.source_id, '/[^/]*$', '') end as linked_source_id,
        case when line.is_order_line then regexp_extract(line.source_id, '[^/]*$') end as linked_line_id,
        -- What a sale sells is billed by its own line, whoever else might name it. A credit takes back and bills nothing, and
        -- a vendor's bill bills us.
        list_filter([
            case when line.source_kind is not null and line.source_id is not null and line.document_kind <> 'vendor_bill'
                and credit_note.id is null then struct_pack(
                source_kind := line.source_kind, source_id := line.source_id,
                -- A part of a quoted line is claimed as this document's, so that another can bill the rest.
                part := case
                    when line.source_kind = 'quote_line' and line.amount < quoted.amount
                        then line.document_kind || ':' || line.document_id
                    else ''
                end
            ) end,
            case when line.document_kind = 'sale' and line.line_kind in ('item', 'shipping') then struct_pack(
                source_kind := 'sale_line', source_id := line.document_id || '/' || line.line_id, part := ''
            ) end
        ], lambda each: each is not null) as bills
    from (
        select *, document_kind = 'vendor_bill' and source_kind = 'po_line' and source_id like '%/%' as is_order_line
        from {{ ref('outbound__source_line') }}
    ) as line
    left join credit_note on line.document_kind = 'invoice' and credit_note.id = line.document_id
    left join sale on line.document_kind = 'sale' and sale.id = line.document_id
    left join quoted on line.source_kind = 'quote_line' and quoted.quote_line = line.source_id
    anti join consumed on line.document_kind = 'sale' and consumed.source_id = line.document_id || '/' || line.line_id
),
worked as (
    select
        time.*,
        case setting.time_lines
            when 'entry' then time_entry_id
            when 'ticket' then coalesce(ticket_id, '')
            when 'person' then user_id
            when 'day' then work_date::varchar
            when 'role' then coalesce(work_role, '')
            else ''
        end as line_group,
        concat_ws(' ', ticket_number, work_date::varchar, worker_name) || coalesce(': ' || notes, '')
            || case when is_charged then '' else ' (no charge)' end as words,
        is_charged or setting.show_covered_time as is_shown,
        setting.time_lines = 'entry' as is_entry
    from {{ ref('outbound__billed_time') }} as time
    inner join {{ ref('outbound__setting') }} as setting using (business_entity_id)
),
time_line as (
    select
        'billable_time' as source_kind,
        billable_time_id as source_id,
        case when bool_and(is_entry) then min(time_entry_id) else left(md5(concat_ws('|', line_group, product_id, rate)), 12) end as line_id,
        row_number() over (
            partition by billable_time_id order by min(work_date), line_group, product_id nulls first, rate
        )::integer as position,
        'item' as line_kind,
        product_id,
        string_agg(words, chr(10) order by work_date, time_entry_id) as description,
        {{ hours_of('sum(minutes)') }} as quantity,
        rate as unit_price,
        {{ price_of_minutes('sum(minutes)', 'rate') }} as amount,
        min(tax_code) as tax_code,
        bool_or(is_taxable) as is_taxable,
        min(class_code) as class_code,
        case when min(work_date) = max(work_date) then min(work_date) end as service_date,
        list(
            struct_pack(source_kind := 'time_entry', source_id := time_entry_id, part := '') order by time_entry_id
        ) as bills
    from worked
    where is_shown
    group by billable_time_id, line_group, product_id, rate
),
-- Hours that cost nothing and are not shown are consumed all the same, by the invoice's first line.
unseen as (
    select
        billable_time_id,
        list(
            struct_pack(source_kind := 'time_entry', source_id := time_entry_id, part := '') order by time_entry_id
        ) as bills
    from worked
    where not is_shown
    group by billable_time_id
)
select * from own
union all by name
select
    'quote_billing' as source_kind, billing_id as source_id,
    line_id, position, line_kind, product_id, account, description, quantity, unit_price, amount, tax_code, is_taxable,
    class_code, service_date, bills
from {{ ref('outbound__quote_billing_line') }}
union all by name
select
    source_kind, source_id, '1' as line_id, 1 as position, 'item' as line_kind, product_id, description,
    1 as quantity, price as unit_price, price as amount, tax_code, is_taxable, class_code, transaction_date as service_date,
    [struct_pack(source_kind := 'ticket', source_id := source_id, part := '')] as bills
from {{ ref('outbound__ticket') }}
where price is not null
union all by name
select
    time_line.* replace (
        case when position = 1 then list_concat(time_line.bills, coalesce(unseen.bills, [])) else time_line.bills end as bills
    )
from time_line
left join unseen on unseen.billable_time_id = time_line.source_id
union all by name
select * from {{ ref('outbound__expense_line') }}
union all by name
select * from {{ ref('outbound__settlement_line') }}
union all by name
select * from {{ ref('outbound__journal_line') }}
