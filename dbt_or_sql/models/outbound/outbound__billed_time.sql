-- One row per time entry that is billed, with the invoice it is on: that which went out with it, or else, for what is new, one per
-- customer, ticket, order number and currency. Hours that cost nothing go with those that do, and make no invoice by themselves.
with
fit as (
    select time.*, billed.billed_by_kind, billed.billed_by_id
    from {{ ref('outbound__billable_time') }} as time
    left join {{ source('sync', 'billed_work') }} as billed
        on billed.source_kind = 'time_entry' and billed.source_id = time.time_entry_id and billed.part = ''
            -- What is covered may still be shown on an invoice that goes to the same customer.
            and billed.billed_by_kind <> 'covered'
    where time.unfit is null
)
select
    * exclude (unfit, billed_by_kind, billed_by_id),
    -- The id of a new one is a hash of the entries on it: derived again it is the same, and with another entry another.
    coalesce(
        billed_by_id,
        company_id || '-' || left(md5(string_agg(time_entry_id, '|' order by time_entry_id) over together), 12)
    ) as billable_time_id
from fit
where billed_by_kind is null or billed_by_kind = 'billable_time'
window together as (
    partition by business_entity_id, company_id, ticket_id, po_number, currency, billed_by_id
)
qualify bool_or(is_charged) over together
