-- One row per account, month-end and accounting method: its closing balance, as QuickBooks' TrialBalance of that day has it.
{{ config(materialized='table') }}
with
account as (
    select * from {{ ref('finance__account') }}
),
retained_earnings as (
    select realm_id, {{ retained_earnings() }} as account_id
    from account
    group by realm_id
),
account_month as (
    select flow.*, coalesce(account.statement, 'balance_sheet') as statement
    from {{ ref('finance__account_month') }} as flow
    left join account using (realm_id, account_id)
),
year_result as (
    -- What the fiscal years before earned: no transaction, and in retained earnings from the new year's first day on.
    select
        result.realm_id, accounting_method, retained_earnings.account_id, month_end.month, month_end.as_of_date,
        sum(debit - credit) as closing
    from account_month as result
    inner join retained_earnings using (realm_id)
    inner join {{ ref('finance__month_end') }} as month_end
        on month_end.realm_id = result.realm_id and month_end.fiscal_year_start > result.fiscal_year_start
    where statement = 'profit_and_loss'
    group by all
),
closing as (
    select
        realm_id, accounting_method, account_id, month, as_of_date, debit, credit,
        sum(debit - credit) over (
            partition by
                realm_id, accounting_method, account_id, case when statement = 'profit_and_loss' then fiscal_year_start end
            order by month
        ) as balance
    from account_month
    union all
    select realm_id, accounting_method, account_id, month, as_of_date, 0, 0, closing from year_result
),
month_closing as (
    select
        realm_id, accounting_method, account_id, month, as_of_date,
        sum(debit)::decimal(18, 2) as month_debit,
        sum(credit)::decimal(18, 2) as month_credit,
        sum(balance)::decimal(18, 2) as balance
    from closing
    group by all
)
select
    now.realm_id,
    now.accounting_method,
    now.as_of_date,
    now.month,
    now.account_id,
    account.full_name as account_name,
    account.account_type,
    account.classification,
    account.position,
    greatest(now.balance, 0)::decimal(18, 2) as debit,
    greatest(-now.balance, 0)::decimal(18, 2) as credit,
    now.balance,
    now.month_debit,
    now.month_credit,
    coalesce(prior_month.balance, 0)::decimal(18, 2) as prior_month_balance,
    coalesce(prior_year.balance, 0)::decimal(18, 2) as prior_year_balance
from month_closing as now
left join account using (realm_id, account_id)
{{ compared_with('month_closing', 'prior_month', '1 month') }}
{{ compared_with('month_closing', 'prior_year', '1 year') }}
