-- One row per document that should exist in QuickBooks.
select
    realm_id, business_entity_id, target, source_kind, source_id, number, party_kind, party_id, transaction_date,
    due_date, expiry_date, currency, exchange_rate, {{ tidy('po_number') }} as po_number, terms_code,
    email,
    {{ cut_text(tidy('customer_memo'), 1000) }} as customer_memo,
    null::varchar as private_note, null::varchar as ship_to_id,
    case when discount_value is not null then discount_kind end as discount_kind,
    case when discount_kind is not null then discount_value end as discount_value,
    coalesce(discount_before_tax, true) as discount_before_tax,
    tax_total, total,
    null::varchar as linked_target, null::varchar as linked_source_kind, null::varchar as linked_source_id
from {{ ref('outbound__candidate') }}
where skip is null
