-- One row per time entry that its customer is to be billed for or shown for nothing: minutes and rate, or why not yet.
-- What an hour costs is decided here and nowhere else.
with
entry as (
    select
        entry.*,
        entry.minutes - entry.break_minutes as net_minutes
    from {{ current_rows('time_entries') }} as entry
),
sheet as (select * from {{ current_rows('timesheets') }}),
ticket as (select * from {{ current_rows('tickets') }}),
contract as (select * from {{ current_rows('contracts') }}),
product as (select * from {{ current_rows('products') }}),
worker as (select * from {{ current_rows('users') }}),
consumed as (
    select source_id as time_entry_id, min(billed_by) as billed_by
    from {{ ref('outbound__consumed') }}
    where source_kind = 'time_entry'
    group by source_id
),
-- What was covered when it was approved is paid for by its contract, whatever is said of it since.
covered as (
    select source_id as time_entry_id
    from {{ source('sync', 'billed_work') }}
    where source_kind = 'time_entry' and billed_by_kind = 'covered'
),
priced as (
    select
        entry.* exclude (product_id),
        coalesce(entry.product_id, agreed.product_id) as product_id,
        -- The operational system may have rounded or priced already; what it gives stands.
        coalesce(
            entry.bill_minutes,
            {{ billed_minutes('entry.net_minutes', 'agreed.min_minutes', 'agreed.round_minutes', 'agreed.round_mode') }}
        ) as priced_minutes,
        entry.billable = 'billable' as is_charged,
        case when entry.billable = 'billable' then coalesce(entry.rate, agreed.rate) else 0::decimal(18, 4) end as hourly_rate
    from entry
    left join {{ ref('outbound__hourly_rate') }} as agreed on agreed.time_entry_id = entry.id
)
select
    setting.realm_id,
    priced.business_entity_id,
    priced.id as time_entry_id,
    priced.company_id,
    priced.ticket_id,
    ticket.number as ticket_number,
    contract.po_number,
    coalesce(contract.currency, party.currency) as currency,
    priced.user_id,
    worker.display_name as worker_name,
    priced.work_role,
    priced.work_date,
    priced.product_id,
    {{ tidy('priced.notes') }} as notes,
    coalesce(party.tax_code, product.tax_code) as tax_code,
    coalesce(product.taxable, false) and not coalesce(party.tax_exempt, false) as is_taxable,
    product.class_code,
    priced.priced_minutes as minutes,
    priced.hourly_rate as rate,
    priced.is_charged,
    {{ price_of_minutes('priced.priced_minutes', 'priced.hourly_rate') }} as amount,
    case
        when setting.realm_id is null then {{ because('not_connected', "'Business entity ' || priced.business_entity_id || ' is connected to no QuickBooks company.'") }}
        when setting.go_live_date is null
            then {{ because('no_go_live_date', "'No go-live date is set: give the first day whose documents are to go to QuickBooks.'") }}
        when priced.work_date < setting.go_live_date
            then {{ because('before_go_live', "'It was worked on ' || priced.work_date || ', before ' || setting.go_live_date || ', from which on documents are pushed.'") }}
        when priced.is_deleted then {{ because('ended', "'The time entry was deleted.'") }}
        when priced.status <> 'approved' then {{ because('not_approved', "'The time entry is not approved: it is ' || replace(priced.status, '_', ' ') || '.'") }}
        when sheet.id is not null and (sheet.status <> 'approved' or sheet.is_deleted)
            then {{ because('not_approved', "'Its timesheet is not approved: it is ' || replace(sheet.status, '_', ' ') || '.'") }}
        when priced.company_id is null then {{ because('no_customer', "'It is billable, and names no customer to bill.'") }}
        when ticket.billing_mode = 'fixed' then {{ because('fixed_price', "'Ticket ' || ticket.number || ' has a fixed price, which covers it.'") }}
        when ticket.billing_mode in ('covered', 'none') and priced.is_charged
            then {{ because('not_billed', "'Ticket ' || ticket.number || ' is not billed by time.'") }}
        when ticket.id is not null and not ticket.ready_to_bill
            then {{ because('not_ready', "'Ticket ' || ticket.number || ' is not released for billing.'") }}
        when consumed.billed_by is not null then {{ because('billed_elsewhere', "'It is billed already, by ' || consumed.billed_by || '.'") }}
        when covered.time_entry_id is not null and priced.is_charged
            then {{ because('covered', "'It was covered when it was approved, and is not billed later: take its approval back to bill it after all.'") }}
        when priced.priced_minutes <= 0 then {{ because('no_time', "'It comes to no time: ' || priced.priced_minutes || ' minutes.'") }}
        when priced.hourly_rate is null
            then {{ because('no_rate', "'No rate is known for it: role ' || coalesce(priced.work_role, '(none)') || '. Enter one.'") }}
    end as unfit
from priced
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
left join {{ ref('outbound__party') }} as party
    on party.company_id = priced.company_id and party.business_entity_id = priced.business_entity_id
left join sheet on sheet.id = priced.timesheet_id
left join ticket on ticket.id = priced.ticket_id
left join contract on contract.id = coalesce(priced.contract_id, ticket.contract_id)
left join product on product.id = priced.product_id
left join worker on worker.id = priced.user_id
left join consumed on consumed.time_entry_id = priced.id
left join covered on covered.time_entry_id = priced.id
-- Where QuickBooks bills hours, they go there as billable time activities and as nothing else.
where priced.billable <> 'not_billable' and setting.time_billing_owner = 'psa'
    -- What costs nothing anyway needs no reason for not being billed.
    and (priced.is_charged or unfit is null)
