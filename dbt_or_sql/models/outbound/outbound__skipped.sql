-- One row per source that is not pushed, with the reason.
select
    realm_id, business_entity_id, target, source_kind, source_id, source_number, transaction_date,
    skip.code as reason_code, skip.words as reason
from {{ ref('outbound__candidate') }}
where skip is not null
union all by name
select
    realm_id, business_entity_id, 'Invoice' as target, 'time_entry' as source_kind, time_entry_id as source_id,
    ticket_number as source_number, work_date as transaction_date, unfit.code as reason_code, unfit.words as reason
from {{ ref('outbound__billable_time') }}
where unfit is not null
union all by name
select
    realm_id, business_entity_id, target, source_kind, source_id, null::varchar as source_number, transaction_date,
    skip.code as reason_code, skip.words as reason
from {{ ref('outbound__time_activity_part') }}
where skip is not null
