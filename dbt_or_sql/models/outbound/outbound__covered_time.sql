-- One row per time entry that its contract or goodwill pays for and that is on no invoice: it is consumed, so that none bills it later.
select time.realm_id, time.business_entity_id, time.time_entry_id
from {{ ref('outbound__billable_time') }} as time
anti join {{ ref('outbound__billed_time') }} as billed on billed.time_entry_id = time.time_entry_id
where (time.unfit is null and not time.is_charged) or time.unfit.code = 'covered'
