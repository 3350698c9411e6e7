{# Months whose cash flow is not the change of the bank accounts and undeposited funds. #}
{{ config(meta={'dagster': {'ref': {'name': 'finance__cash_flow', 'package': 'qbo_pipeline'}}}) }}
with
money as (
    select realm_id, flow.month, sum(debit - credit) as amount
    from {{ ref('finance__account_month') }} as flow
    inner join {{ ref('finance__account') }} as account using (realm_id, account_id)
    where accounting_method = 'Accrual' and {{ is_money_account('account') }}
    group by all
),
flow as (
    select realm_id, month, sum(amount) as amount
    from {{ ref('finance__cash_flow') }}
    group by all
)
select realm_id, month, money.amount as change_of_money, flow.amount as cash_flow
from money
left join flow using (realm_id, month)
where money.amount <> coalesce(flow.amount, 0)
