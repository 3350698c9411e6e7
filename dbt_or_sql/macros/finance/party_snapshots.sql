{# The snapshots of customers and of vendors, one row each per month with anything to tell. #}

{#
    `balance` is what is open of `side` at the month's end. What belongs to no party is a row with an empty id, so that the
    parties of a month add up to the company.
#}
{% macro party_snapshot(party, side, balance) %}
{% set is_touched_only = is_by_month() %}
with
{% if is_touched_only %}
touched as materialized ({{ touched_party_months() }}),
{% endif %}
flow as (
    select
        realm_id, month, coalesce({{ party }}_id, '') as {{ party }}_id,
        {% for measure in flow_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select realm_id, month, {{ party }}_id, {{ flow_measures() | join(', ') }}
        from {{ ref('finance__document_measure') }}
        {% if party == 'customer' %}
        union all by name
        select
            realm_id, date_trunc('month', earned_date)::date as month, customer_id, amount as revenue_paid_portion
        from {{ ref('finance__refunded_revenue') }}
        {% endif %}
    )
    {% if is_touched_only %}
    where (realm_id, coalesce({{ party }}_id, ''), month) in (select realm_id, party_id, month from touched)
    {% endif %}
    group by all
    having {% for measure in flow_measures() %}sum({{ measure }}) <> 0{{ ' or ' if not loop.last }}{% endfor %}
),
open_document as (
    select realm_id, month, coalesce(party_id, '') as {{ party }}_id, sum(open_home_amount) as open_home_amount
    from ({{ open_at_month_ends(side, is_touched_only) }})
    group by all
)
select
    realm_id,
    {{ party }}_id,
    month,
    last_day(month) as as_of_date,
    coalesce(open_home_amount, 0)::decimal(18, 2) as {{ balance }},
    {% for measure in flow_measures() %}
    coalesce({{ measure }}, 0)::decimal(18, 2) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from flow
full join open_document using (realm_id, month, {{ party }}_id)
inner join {{ ref('finance__month_end') }} using (realm_id, month)
{% endmacro %}
