-- One row per source that is not pushed, with the reason.
select
    realm_id, business_entity_id, target, source_kind, source_id, source_number, transaction_date,
    skip.code as reason_code, skip.words as reason
from {{ ref('outbound__candidate') }}
where skip is not null
