{# Months whose measures are not what the statements, the open documents or the parties' snapshots come to. #}
{{ config(meta={'dagster': {'ref': {'name': 'finance__monthly_snapshot', 'package': 'qbo_pipeline'}}}) }}
with
statement as (
    select
        realm_id, month,
        sum(balance) filter (where account_type = 'Accounts Receivable') as ar_balance,
        -sum(balance) filter (where account_type = 'Accounts Payable') as ap_balance
    from {{ ref('finance__trial_balance') }}
    where accounting_method = 'Accrual'
    group by all
),
result as (
    select
        realm_id, month,
        {% for method in ['Accrual', 'Cash'] %}
        sum(amount) filter (where accounting_method = '{{ method }}' and account_type = 'Income') as revenue_{{ method | lower }},
        sum(amount) filter (where accounting_method = '{{ method }}' and account_type not like '%Income')
            as expenses_{{ method | lower }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('finance__profit_and_loss') }}
    group by all
),
customers as (
    select realm_id, month, sum(revenue_paid_portion) as revenue_paid_portion, sum(cash_collected) as cash_collected
    from {{ ref('finance__customer_monthly_snapshot') }}
    group by all
)
select snapshot.*
from {{ ref('finance__monthly_snapshot') }} as snapshot
left join statement using (realm_id, month)
left join result using (realm_id, month)
left join customers using (realm_id, month)
where snapshot.ar_balance <> coalesce(statement.ar_balance, 0)
    or snapshot.ap_balance <> coalesce(statement.ap_balance, 0)
    {% for measure in ['revenue_accrual', 'revenue_cash', 'expenses_accrual', 'expenses_cash'] %}
    or snapshot.{{ measure }} <> coalesce(result.{{ measure }}, 0)
    {% endfor %}
    or snapshot.revenue_paid_portion <> coalesce(customers.revenue_paid_portion, 0)
    or snapshot.cash_collected <> coalesce(customers.cash_collected, 0)
    or snapshot.ar_balance <> snapshot.open_invoices - snapshot.unapplied_payments - snapshot.unused_credits
        + snapshot.other_receivables
