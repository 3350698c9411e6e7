-- One row per income or cost account, month and accounting method, with the year to date and the year before.
{{ config(materialized='table') }}
with
line as (
    select
        flow.realm_id, accounting_method, month, as_of_date, fiscal_year_start, account_id, account.name, account.full_name,
        section, account.account_type, position, natural_side,
        natural_side * (debit - credit) as amount,
        sum(natural_side * (debit - credit)) over (
            partition by flow.realm_id, accounting_method, account_id, fiscal_year_start order by month
        ) as year_to_date_amount
    from {{ ref('finance__account_month') }} as flow
    inner join {{ ref('finance__account') }} as account using (realm_id, account_id)
    where statement = 'profit_and_loss'
)
select
    now.realm_id,
    now.accounting_method,
    now.month,
    now.as_of_date,
    now.fiscal_year_start,
    now.account_id,
    now.name as account_name,
    now.full_name,
    now.section,
    now.account_type,
    now.position,
    now.amount::decimal(18, 2) as amount,
    -- What the line adds to net income: income as it is, costs negative.
    (-now.natural_side * now.amount)::decimal(18, 2) as net_amount,
    now.year_to_date_amount::decimal(18, 2) as year_to_date_amount,
    coalesce(prior_month.amount, 0)::decimal(18, 2) as prior_month_amount,
    coalesce(prior_year.amount, 0)::decimal(18, 2) as prior_year_amount,
    coalesce(prior_year.year_to_date_amount, 0)::decimal(18, 2) as prior_year_to_date_amount
from line as now
{{ compared_with('line', 'prior_month', '1 month') }}
{{ compared_with('line', 'prior_year', '1 year') }}
