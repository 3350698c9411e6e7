-- One row per time activity that should exist in QuickBooks.
select
    realm_id, business_entity_id, target, source_kind, source_id, time_entry_id, user_id, customer_id, product_id, class_code,
    transaction_date, minutes, is_billable, rate, description
from {{ ref('outbound__time_activity_part') }}
where skip is null
