-- One row per billing of a quote: the invoice it is, or why it is none yet.
with
quote as (select * from {{ current_rows('quotes') }}),
billing as (select * from {{ current_rows('quote_billings') }}),
part as (
    select
        billing_id,
        sum(amount) filter (where line_id not in ('retainer', 'set-off'))::decimal(18, 2) as amount,
        sum(consumed)::decimal(18, 2) as consumed,
        max(net_total) as net_total,
        bool_or(is_whole) as is_whole
    from {{ ref('outbound__quote_billing_line') }}
    group by billing_id
),
summed as (
    select
        billing.*, part.amount as part_amount, part.consumed, part.net_total, part.is_whole,
        sum(part.amount) filter (where billing.kind not in ('full', 'retainer')) over (
            partition by billing.quote_id order by billing.position, billing.id
        ) as billed_so_far
    from billing
    left join part on part.billing_id = billing.id
),
sale_of_quote as (
    -- A sale that names its quote and none of its lines bills the whole.
    select sale.quote_id, min('sale ' || sale.number) as billed_by
    from {{ current_rows('sales') }} as sale
    where sale.status = 'closed' and not sale.is_deleted and sale.quote_id is not null and sale.id not in (
        select billed_by_id from {{ ref('outbound__consumed') }} where billed_by_kind = 'sale' and source_kind = 'quote_line'
    )
    group by sale.quote_id
)
select
    quote.business_entity_id,
    'Invoice' as target,
    'quote_billing' as source_kind,
    billing.id as source_id,
    quote.number || '-' || billing.position as source_number,
    'customer' as party_kind,
    quote.company_id,
    coalesce(billing.due_date, timezone(setting.time_zone, billing.updated_at)::date) as transaction_date,
    quote.currency,
    quote.po_number,
    quote.memo as customer_memo,
    case when billing.is_whole then quote.discount_kind end as discount_kind,
    case when billing.is_whole then {{ to_cent('quote.discount_value') }} end as discount_value,
    case when billing.kind <> 'retainer' then quote.id end as quote_id,
    case
        when billing.is_deleted then 'The billing was deleted.'
        when quote.is_deleted then 'The quote was deleted.'
    end as ending,
    case
        when not (quote.status = 'accepted' or (quote.status = 'closed' and quote.accepted_at is not null))
            then {{ because('not_accepted', "'The quote is ' || quote.status || ', and only an accepted one is billed.'") }}
        when not billing.ready then {{ because('not_ready', "'It is not released for invoicing yet.'") }}
        when billing.due_date > setting.as_of_date then {{ because('not_due', "'It is to be invoiced on ' || billing.due_date || '.'") }}
        when sale_of_quote.billed_by is not null
            then {{ because('billed_elsewhere', "'The quote is billed already, by ' || sale_of_quote.billed_by || '.'") }}
        when (billing.kind = 'percent' and coalesce(billing.percent, 0) <= 0)
            or (billing.kind in ('amount', 'milestone', 'retainer') and coalesce(billing.amount, 0) <= 0)
            then {{ because('no_amount', "'It does not say how much of the quote it bills.'") }}
        when billing.kind = 'retainer' and billing.net_total is null and billing.id not in (
            select billing_id from {{ ref('outbound__quote_billing_line') }} where line_id = 'retainer'
        ) then {{ because('no_deposit_item', "'A retainer goes to a product of kind deposit, and there is none: make one.'") }}
        when billing.kind not in ('full', 'retainer') and billing.billed_so_far + billing.consumed > billing.net_total
            then {{ because('over_quoted', "'With it ' || (billing.billed_so_far + billing.consumed) || ' would be billed of a quote of ' || billing.net_total || '.'") }}
        when billing.kind = 'full' and coalesce(billing.part_amount, 0) <= 0 and billing.is_whole is not true
            then {{ because('billed_elsewhere', "'Nothing of the quote is left to bill.'") }}
    end as unfit
from summed as billing
inner join quote on quote.id = billing.quote_id
left join {{ ref('outbound__setting') }} as setting on setting.business_entity_id = quote.business_entity_id
left join sale_of_quote on sale_of_quote.quote_id = billing.quote_id
