{# How old what is open is. #}

{#
    The bucket of a document, from 1 for what is not due yet: QuickBooks' periods of `period_days`, the last without an end.
    A credit or payment has no due date and is aged from its own date.
#}
{% macro aging_bucket(as_of, basis, period_days='30', periods='4') -%}
(case
    when {{ as_of }} <= {{ aged_from(basis) }} then 1
    else least(2 + ({{ as_of }} - {{ aged_from(basis) }} - 1) // {{ period_days }}, {{ periods }} + 1)
end)
{%- endmacro %}

{% macro aged_from(basis) -%}
case when {{ basis }} = 'transaction_date' then transaction_date else coalesce(due_date, transaction_date) end
{%- endmacro %}

{# What QuickBooks calls the bucket. #}
{% macro aging_bucket_name(bucket, period_days='30', periods='4') -%}
(case
    when {{ bucket }} = 1 then 'Current'
    when {{ bucket }} = {{ periods }} + 1 then (({{ periods }} - 1) * {{ period_days }} + 1) || ' and over'
    else (({{ bucket }} - 2) * {{ period_days }} + 1) || ' - ' || (({{ bucket }} - 1) * {{ period_days }})
end)
{%- endmacro %}

{# The month-ends within each span of days over which a document is open, and what is open of it then. #}
{% macro open_at_month_ends(side, is_touched_only=false) %}
    select *, last_day(month) as as_of_date
    from (
        select
            balance.*, last_month,
            unnest(generate_series(
                date_trunc('month', valid_from),
                coalesce(date_trunc('month', valid_to) - interval 1 month, last_month),
                interval 1 month
            ))::date as month
        from {{ ref('finance__document_balance') }} as balance
        inner join (
            select realm_id, max(month) as last_month
            from {{ ref('finance__month_end') }}
            group by realm_id
        ) as span using (realm_id)
        where side = '{{ side }}' and (open_amount <> 0 or open_home_amount <> 0)
            and valid_from < last_month + interval 1 month
            {% if is_touched_only %}
            and (balance.realm_id, coalesce(balance.party_id, '')) in (select realm_id, party_id from touched)
            {% endif %}
    )
    where month <= last_month
        {% if is_touched_only %}
        and (realm_id, coalesce(party_id, ''), month) in (select realm_id, party_id, month from touched)
        {% endif %}
{% endmacro %}

{# The body of an ageing table. #}
{% macro aging(side) %}
{% set is_touched_only = is_by_month() %}
with
{% if is_touched_only %}
touched as materialized ({{ touched_party_months() }}),
{% endif %}
open_document as (
    {{ open_at_month_ends(side, is_touched_only) }}
),
aged as (
    select
        *,
        basis.aging_basis,
        {{ aging_bucket('as_of_date', 'basis.aging_basis') }} as bucket
    from open_document
    cross join (values ('due_date'), ('transaction_date')) as basis (aging_basis)
)
select
    realm_id,
    as_of_date,
    aging_basis,
    party_id,
    currency_id,
    bucket,
    {{ aging_bucket_name('bucket') }} as bucket_name,
    sum(open_home_amount)::decimal(18, 2) as amount,
    sum(open_amount)::decimal(18, 2) as foreign_amount,
    count(*) as documents
from aged
group by all
{% endmacro %}
