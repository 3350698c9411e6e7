-- One row per invoice of billable time.
select
    business_entity_id,
    'Invoice' as target,
    'billable_time' as source_kind,
    billable_time_id as source_id,
    coalesce(min(ticket_number), 'TIME') || '-' || upper(right(billable_time_id, 5)) as source_number,
    'customer' as party_kind,
    min(company_id) as company_id,
    max(work_date) as transaction_date,
    min(currency) as currency,
    min(po_number) as po_number,
    null::varchar as ending
from {{ ref('outbound__billed_time') }}
group by business_entity_id, billable_time_id
