-- One row per wanted or ended document and source it was derived of, with the instant that source, lines included, last changed.
with
entry as (select id, timesheet_id, updated_at from {{ current_rows('time_entries') }}),
row_change as (
    {% for kind, table in {
        'quote': 'quotes', 'quote_billing': 'quote_billings', 'sale': 'sales', 'invoice': 'invoices', 'ticket': 'tickets',
        'purchase_order': 'purchase_orders', 'vendor_bill': 'vendor_bills', 'expense_receipt': 'expense_receipts',
        'payment': 'payments', 'application': 'applications', 'timesheet': 'timesheets'
    }.items() %}
    select '{{ kind }}' as kind, id, updated_at from {{ current_rows(table) }}
    union all
    {% endfor %}
    select 'time_entry', id, updated_at from entry
    union all
    -- A source counts as changed when one of its lines did, as who reads it straight from the operational system sees it.
    select document_kind, document_id, updated_at from {{ current_rows('document_lines') }}
    union all
    select 'expense_receipt', expense_receipt_id, updated_at from {{ current_rows('expense_lines') }}
    union all
    select 'timesheet', timesheet_id, updated_at from entry where timesheet_id is not null
),
-- The rows behind a payment, and behind what is written off of an invoice, are those that settle it too.
settling as (
    select 'Payment' as target, 'payment' as source_kind, from_id as source_id, 'application' as kind, id
    from {{ current_rows('applications') }}
    where from_kind = 'payment'
    union all
    select 'BillPayment', 'payment', from_id, 'application', id
    from {{ current_rows('applications') }}
    where from_kind = 'payment'
    union all
    select 'JournalEntry', 'payment_fee', id, 'payment', id from {{ current_rows('payments') }}
    union all
    select written.target, written.source_kind, written.source_id, written_of.kind, written_of.id
    from {{ ref('outbound__write_off') }} as written
    inner join (
        select to_id as invoice_id, 'application' as kind, id from {{ current_rows('applications') }} where to_kind = 'invoice'
        union all
        select id, 'invoice', id from {{ current_rows('invoices') }}
    ) as written_of on written_of.invoice_id = written.source_id
),
version as (
    select kind, id, max(updated_at) as updated_at
    from row_change
    group by kind, id
),
derived_of as (
    select business_entity_id, target, source_kind, source_id, source_kind as kind, source_id as id
    from {{ ref('outbound__candidate') }}
    where skip is null or ending is not null
    union all
    select candidate.business_entity_id, target, source_kind, source_id, settling.kind, settling.id
    from {{ ref('outbound__candidate') }} as candidate
    inner join settling using (target, source_kind, source_id)
    where skip is null or ending is not null
    union all
    select candidate.business_entity_id, target, source_kind, source_id, 'quote', billing.quote_id
    from {{ ref('outbound__candidate') }} as candidate
    inner join {{ current_rows('quote_billings') }} as billing on billing.id = candidate.source_id
    where candidate.source_kind = 'quote_billing' and (skip is null or ending is not null)
    union all
    select business_entity_id, target, source_kind, source_id, source_kind, source_id from {{ ref('outbound__attachment') }}
    union all
    select business_entity_id, 'Invoice', 'billable_time', billable_time_id, 'time_entry', time_entry_id
    from {{ ref('outbound__billed_time') }}
    union all
    select business_entity_id, target, source_kind, source_id, 'time_entry', time_entry_id
    from {{ ref('outbound__time_activity_part') }}
    where skip is null
    union all
    select business_entity_id, target, source_kind, source_id, 'timesheet', timesheet_id
    from {{ ref('outbound__time_activity_part') }}
    where skip is null
    union all
    select business_entity_id, target, source_kind, time_entry_id, unnest(['time_entry', 'timesheet']), unnest([time_entry_id, timesheet_id])
    from {{ ref('outbound__time_activity_part') }}
    where ending is not null and part = 0
)
select
    derived_of.business_entity_id, derived_of.target, derived_of.source_kind, derived_of.source_id,
    version.kind as seen_kind, version.id as seen_id, version.updated_at
from derived_of
inner join version using (kind, id)
