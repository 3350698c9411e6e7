-- One row per billing of an accepted quote and quoted line: what the billing takes of it, so that all of them together come to
-- what was quoted and never to a cent more. A retainer is a line of its own, and is set off by the billing that takes the rest.
with
quote as (
    select id, business_entity_id, number, discount_kind, {{ to_cent('discount_value') }} as discount_value
    from {{ current_rows('quotes') }}
),
line as (
    select
        document_id as quote_id, line_id, position, line_kind, product_id, account,
        coalesce(own_description, product_description) as description,
        product_name,
        quantity, unit_price, amount, tax_code, is_taxable, class_code, service_date,
        sum(amount) over by_quote::decimal(18, 2) as gross,
        sum(amount) over so_far::decimal(18, 2) as gross_so_far
    from {{ ref('outbound__source_line') }}
    where document_kind = 'quote' and line_kind not in ('note', 'subtotal', 'tax')
    window
        by_quote as (partition by document_id),
        so_far as (partition by document_id order by position, line_id)
),
discounted as (
    select
        line.*,
        quote.number as quote_number,
        case
            when gross <= 0 then gross
            when quote.discount_kind = 'percent' then gross - {{ percent_of('gross', 'coalesce(quote.discount_value, 0)') }}
            else gross - coalesce(quote.discount_value, 0)
        end::decimal(18, 2) as net_total,
        coalesce(quote.discount_value, 0) <> 0 as is_discounted
    from line
    inner join quote on quote.id = line.quote_id
),
net_line as (
    select
        *,
        case when gross > 0 then {{ share_of('net_total', 'gross_so_far', 'gross') }} else gross_so_far end as net_so_far,
        case
            when gross > 0 then {{ share_of('net_total', '(gross_so_far - amount)', 'gross') }} else gross_so_far - amount
        end as net_before
    from discounted
),
consumed as (
    select source_id as quote_line, sum(amount)::decimal(18, 2) as amount
    from {{ ref('outbound__consumed') }}
    where source_kind = 'quote_line'
    group by source_id
),
billing as (
    select
        billing.id, billing.quote_id, billing.position, billing.kind, billing.percent,
        {{ to_cent('billing.amount') }} as amount,
        {{ tidy('billing.description') }} as description,
        sum(billing.percent) filter (where billing.kind = 'percent') over so_far as percent_so_far,
        count(*) filter (where billing.kind <> 'retainer') over by_quote as parts,
        count(*) filter (where billing.kind = 'retainer') over by_quote as retainers,
        coalesce(sum(billing.amount) filter (where billing.kind = 'retainer' and billing.ready) over so_far, 0) as retained
    from {{ current_rows('quote_billings') }} as billing
    where not billing.is_deleted
    window
        by_quote as (partition by billing.quote_id),
        so_far as (partition by billing.quote_id order by billing.position, billing.id)
),
part as (
    select
        billing.id as billing_id, billing.quote_id, billing.position as billing_position, billing.kind,
        billing.description as billing_description, billing.percent, billing.parts, billing.retainers,
        net_line.* exclude (quote_id, description),
        net_line.description,
        net_so_far - net_before as net,
        coalesce(consumed.amount, 0)::decimal(18, 2) as consumed,
        case billing.kind
            when 'percent' then
                {{ percent_of('(net_so_far - net_before)', 'billing.percent_so_far') }}
                - {{ percent_of('(net_so_far - net_before)', '(billing.percent_so_far - billing.percent)') }}
            when 'full' then null
            else
                case
                    when net_total > 0
                        then {{ share_of('billing.amount', 'net_so_far', 'net_total') }} - {{ share_of('billing.amount', 'net_before', 'net_total') }}
                end
        end as taken
    from billing
    inner join net_line on net_line.quote_id = billing.quote_id
    left join consumed on consumed.quote_line = billing.quote_id || '/' || net_line.line_id
    where billing.kind <> 'retainer'
),
rest as (
    select
        *,
        coalesce(
            taken,
            net - consumed - coalesce(sum(taken) over (
                partition by quote_id, line_id order by billing_position, billing_id rows between unbounded preceding and 1 preceding
            ), 0)
        )::decimal(18, 2) as part_amount,
        kind = 'full' and parts = 1 and (retainers = 0 or not is_discounted)
            and sum(consumed) over (partition by billing_id) = 0 as is_whole
    from part
),
deposit_product as (
    select business_entity_id, min_by(product, product.id) as product
    from {{ current_rows('products') }} as product
    where kind = 'deposit' and is_active and not is_deleted
    group by business_entity_id
)
select
    billing_id, quote_id, line_id, position, line_kind, product_id, account,
    case
        when is_whole then description
        else
            concat_ws(
                ': ',
                coalesce(
                    billing_description,
                    case kind
                        when 'percent' then rtrim(rtrim(percent::varchar, '0'), '.') || ' % of quote ' || quote_number
                        when 'full' then 'Rest of quote ' || quote_number
                        else 'Part of quote ' || quote_number
                    end
                ),
                coalesce(description, product_name)
            )
    end as description,
    case when is_whole then quantity else 1 end as quantity,
    case when is_whole then unit_price else part_amount end as unit_price,
    case when is_whole then amount else part_amount end as amount,
    tax_code, is_taxable, class_code, service_date, is_whole, consumed, net_total,
    [struct_pack(
        source_kind := 'quote_line', source_id := quote_id || '/' || line_id,
        part := case when is_whole then '' else 'quote_billing:' || billing_id end
    )] as bills
from rest
where part_amount <> 0 or is_whole
union all by name
-- A retainer is money of the customer's that is kept for later: it goes to the deposit item, a liability.
select
    billing.id as billing_id, billing.quote_id, 'retainer' as line_id, 1 as position, 'item' as line_kind,
    deposit_product.product.id as product_id,
    coalesce(billing.description, 'Deposit for quote ' || quote.number) as description,
    1 as quantity, billing.amount as unit_price, billing.amount, deposit_product.product.tax_code, false as is_taxable,
    deposit_product.product.class_code, false as is_whole,
    [struct_pack(source_kind := 'quote_billing', source_id := billing.id, part := '')] as bills
from billing
inner join quote on quote.id = billing.quote_id
inner join deposit_product using (business_entity_id)
where billing.kind = 'retainer'
union all by name
select
    billing.id as billing_id, billing.quote_id, 'set-off' as line_id, 1000000 as position, 'item' as line_kind,
    deposit_product.product.id as product_id,
    'Deposit for quote ' || quote.number || ' set off' as description,
    1 as quantity, -{{ to_cent('billing.retained') }} as unit_price, -{{ to_cent('billing.retained') }} as amount,
    deposit_product.product.tax_code, false as is_taxable, deposit_product.product.class_code, false as is_whole,
    [] as bills
from billing
inner join quote on quote.id = billing.quote_id
inner join deposit_product using (business_entity_id)
where billing.kind = 'full' and billing.retained > 0
