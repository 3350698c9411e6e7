-- One row per voided, deleted or un-approved source: what QuickBooks has of it, if anything, ends too. A time activity's is that of
-- its time entry, whatever approval it was pushed under.
select realm_id, business_entity_id, target, source_kind, source_id, ending as reason
from {{ ref('outbound__candidate') }}
where ending is not null and realm_id is not null
union all
select realm_id, business_entity_id, target, source_kind, time_entry_id, ending
from {{ ref('outbound__time_activity_part') }}
where ending is not null and realm_id is not null and part = 0
