-- One row per account, month and accounting method: the month's flows, from the account's first posting to the last sync.
{{ config(materialized='table') }}
with
first_month as (
    select realm_id, accounting_method, account_id, date_trunc('month', min(transaction_date))::date as month
    from {{ ref('finance__account_day') }}
    group by all
),
flow as (
    select
        realm_id, accounting_method, account_id, date_trunc('month', transaction_date)::date as month,
        sum(debit) as debit,
        sum(credit) as credit
    from {{ ref('finance__account_day') }}
    group by all
)
select
    first_month.realm_id,
    first_month.accounting_method,
    first_month.account_id,
    month_end.month,
    month_end.as_of_date,
    month_end.fiscal_year_start,
    coalesce(flow.debit, 0)::decimal(18, 2) as debit,
    coalesce(flow.credit, 0)::decimal(18, 2) as credit
from first_month
inner join {{ ref('finance__month_end') }} as month_end
    on month_end.realm_id = first_month.realm_id and month_end.month >= first_month.month
left join flow
    on flow.realm_id = first_month.realm_id and flow.accounting_method = first_month.accounting_method
    and flow.account_id = first_month.account_id and flow.month = month_end.month
