-- One row per document that should exist in QuickBooks.
with
estimate as (select * from {{ ref('outbound__candidate') }} where target = 'Estimate' and skip is null),
-- An estimate is linked to one invoice and closed by it, unless the company bills in parts: the others say that they come after.
first_of_quote as (
    select source_kind, source_id
    from {{ ref('outbound__candidate') }}
    where target <> 'Estimate' and skip is null
    qualify row_number() over (partition by business_entity_id, quote_id order by source_kind, source_id) = 1
)
select
    document.realm_id, document.business_entity_id, document.target, document.source_kind, document.source_id, document.number,
    document.party_kind,
    coalesce(document.party_id, '') as party_id, document.transaction_date, document.due_date, document.expiry_date, document.currency,
    document.exchange_rate::decimal(28, 10) as exchange_rate,
    {{ tidy('document.po_number') }} as po_number, document.terms_code, document.email,
    {{ cut_text(tidy('document.customer_memo'), 1000) }} as customer_memo,
    {{ cut_text(tidy('document.private_note')) }} as private_note,
    document.department_code,
    -- A journal's accounts are its lines'.
    case when document.target <> 'JournalEntry' then document.account end as account, document.payment_method, document.reference,
    document.ship_to_id,
    case when document.discount_value is not null then document.discount_kind end as discount_kind,
    case when document.discount_kind is not null then document.discount_value end as discount_value,
    coalesce(document.discount_before_tax, true) as discount_before_tax,
    document.tax_total, document.total, coalesce(document.is_tax_inclusive, false) as is_tax_inclusive,
    case
        when estimate.source_id is not null then 'Estimate'
        when document.source_kind = 'write_off' then 'Invoice'
        else document.paid_target
    end as linked_target,
    case
        when document.source_kind = 'write_off' then 'invoice'
        when document.source_kind = 'payment_fee' then 'payment'
        else estimate.source_kind
    end as linked_source_kind,
    case when document.source_kind in ('write_off', 'payment_fee') then document.source_id else estimate.source_id end as linked_source_id,
    estimate.source_id is not null and first_of_quote.source_id is null as is_linked_again
from {{ ref('outbound__candidate') }} as document
left join first_of_quote
    on first_of_quote.source_kind = document.source_kind and first_of_quote.source_id = document.source_id
-- QuickBooks links an invoice to an estimate of the same customer only.
left join estimate
    on document.target <> 'Estimate' and estimate.source_id = document.quote_id and estimate.party_id = document.party_id
        and estimate.currency = document.currency
where document.skip is null
