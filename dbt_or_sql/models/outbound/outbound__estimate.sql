-- One row per quote: the estimate it is, or why it is none yet.
select
    quote.business_entity_id,
    'Estimate' as target,
    'quote' as source_kind,
    quote.id as source_id,
    quote.number as source_number,
    'customer' as party_kind,
    quote.company_id,
    quote.quote_date as transaction_date,
    quote.expiry_date,
    quote.currency,
    quote.po_number,
    quote.memo as customer_memo,
    quote.discount_kind,
    {{ to_cent('quote.discount_value') }} as discount_value,
    case when quote.is_deleted then 'The quote was deleted.' end as ending,
    case
        when quote.status = 'accepted' or (quote.status = 'closed' and quote.accepted_at is not null) then null
        when quote.status = 'sent' and setting.estimate_from = 'sent' then null
        when quote.status = 'draft' then {{ because('draft', "'The quote is a draft.'") }}
        when quote.status = 'sent' then {{ because('not_accepted', "'The customer has not accepted the quote yet.'") }}
        else {{ because('not_accepted', "'The quote is ' || quote.status || ' and was never accepted.'") }}
    end as unfit
from {{ current_rows('quotes') }} as quote
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
