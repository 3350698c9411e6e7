-- One row per company and month: every measure of the snapshot as the books have it now.
{{ config(materialized='table') }}
with
flow as (
    select
        realm_id, month,
        {% for measure in document_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('finance__document_measure') }}
    group by realm_id, month
),
refunded as (
    select realm_id, date_trunc('month', earned_date)::date as month, sum(amount) as amount
    from {{ ref('finance__refunded_revenue') }}
    group by all
),
opening as (
    select
        realm_id, date_trunc('month', change_date)::date as month,
        sum(home_amount) filter (where document_type = 'Invoice') as open_invoices,
        -sum(home_amount) filter (where document_type in ('Payment', 'Deposit')) as unapplied_payments,
        -sum(home_amount) filter (where document_type = 'CreditMemo') as unused_credits,
        sum(home_amount) filter (where document_type not in ('Invoice', 'Payment', 'Deposit', 'CreditMemo')) as other_receivables
    from {{ ref('ledger__open_item_change') }}
    where side = 'receivable'
    group by all
)
select
    month_end.realm_id,
    month_end.month,
    month_end.as_of_date,
    coalesce(sum(receivable) over to_date, 0)::decimal(18, 2) as ar_balance,
    coalesce(sum(payable) over to_date, 0)::decimal(18, 2) as ap_balance,
    {% for measure in balance_measures()[2:] %}
    coalesce(sum({{ measure }}) over to_date, 0)::decimal(18, 2) as {{ measure }},
    {% endfor %}
    {% for measure in flow_measures() %}
    (coalesce({{ measure }}, 0){{ ' + coalesce(refunded.amount, 0)' if measure == 'revenue_paid_portion' }})::decimal(18, 2)
        as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('finance__month_end') }} as month_end
left join flow using (realm_id, month)
left join refunded using (realm_id, month)
left join opening using (realm_id, month)
window to_date as (partition by month_end.realm_id order by month_end.month)
