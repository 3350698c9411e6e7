-- One row per voided or deleted source: what QuickBooks has of it, if anything, ends too.
select realm_id, business_entity_id, target, source_kind, source_id, ending as reason
from {{ ref('outbound__candidate') }}
where ending is not null and realm_id is not null
