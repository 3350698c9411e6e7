-- One row per line of a balance sheet, by month-end and accounting method: the accounts, and the year's net income.
{{ config(materialized='table') }}
with
line as (
    select
        balance.realm_id, accounting_method, as_of_date, month, account_id, account.name, account.full_name, section,
        balance.account_type, account.position,
        natural_side * balance as amount
    from {{ ref('finance__trial_balance') }} as balance
    left join {{ ref('finance__account') }} as account using (realm_id, account_id)
    where coalesce(account.statement, 'balance_sheet') = 'balance_sheet'
    union all
    select
        balance.realm_id, accounting_method, as_of_date, month, null, 'Net income', 'Net income', 'Equity', 'Net income', 11,
        -sum(balance)
    from {{ ref('finance__trial_balance') }} as balance
    inner join {{ ref('finance__account') }} as account using (realm_id, account_id)
    where account.statement = 'profit_and_loss'
    group by balance.realm_id, accounting_method, as_of_date, month
)
select
    now.realm_id,
    now.accounting_method,
    now.as_of_date,
    now.month,
    now.account_id,
    now.name as account_name,
    now.full_name,
    now.section,
    now.account_type,
    now.position,
    now.amount::decimal(18, 2) as amount,
    coalesce(prior_month.amount, 0)::decimal(18, 2) as prior_month_amount,
    coalesce(prior_year.amount, 0)::decimal(18, 2) as prior_year_amount
from line as now
{{ compared_with('line', 'prior_month', '1 month') }}
{{ compared_with('line', 'prior_year', '1 year') }}
