-- One row per amount of QuickBooks' own reports at a month's end that either side has: ours, theirs, and what the difference comes from.
-- Only what was read is compared: a month without a report has no row, a report without a line says 0.
{{ config(materialized='table') }}
with
period as (
    select * from {{ ref('finance__reported_month') }}
),
theirs as (
    select
        realm_id, 'TrialBalance' as report, accounting_method, as_of_date,
        account_id, null::varchar as party_id, null::bigint as bucket, debit - credit as amount
    from {{ ref('qbo_report__trial_balance_row') }}
    union all
    select realm_id, 'BalanceSheet', accounting_method, as_of_date, account_id, null, null, amount
    from {{ ref('qbo_report__balance_sheet_row') }}
    union all
    select realm_id, 'ProfitAndLoss', accounting_method, end_date, account_id, null, null, amount
    from {{ ref('qbo_report__profit_and_loss_row') }}
    union all
    select
        realm_id, if(side = 'receivable', 'AgedReceivables', 'AgedPayables'), 'Accrual', as_of_date,
        null, party_id, bucket, amount
    from {{ ref('qbo_report__aging_row') }}
    where aging_method = 'Report_Date'
),
aging_basis as (
    select
        realm_id,
        if(is_aging_from_transaction_date, 'transaction_date', 'due_date') as aging_basis
    from {{ ref('qbo__preferences') }}
    where not is_deleted
),
aged as (
    select 'AgedReceivables' as report, * from {{ ref('finance__ar_aging') }}
    union all
    select 'AgedPayables', * from {{ ref('finance__ap_aging') }}
),
ours as (
    select
        realm_id, 'TrialBalance' as report, accounting_method, as_of_date,
        account_id, null::varchar as party_id, null::bigint as bucket, balance as amount
    from {{ ref('finance__trial_balance') }}
    union all
    select realm_id, 'BalanceSheet', accounting_method, as_of_date, account_id, null, null, amount
    from {{ ref('finance__balance_sheet') }}
    union all
    select realm_id, 'ProfitAndLoss', accounting_method, as_of_date, account_id, null, null, amount
    from {{ ref('finance__profit_and_loss') }}
    union all
    select aged.realm_id, report, 'Accrual', as_of_date, null, party_id, bucket, amount
    from aged
    left join aging_basis using (realm_id)
    where aged.aging_basis = coalesce(aging_basis.aging_basis, 'due_date')
),
line as (
    select
        realm_id, report, accounting_method, as_of_date, account_id, party_id, bucket,
        sum(our_amount)::decimal(18, 2) as ours,
        sum(their_amount)::decimal(18, 2) as theirs
    from (
        select * exclude (amount), amount as our_amount, 0 as their_amount from ours
        union all
        select * exclude (amount), 0, amount from theirs
    ) as both_sides
    group by all
    having sum(our_amount) <> 0 or sum(their_amount) <> 0
),
-- What QuickBooks' reports alone show of a month, on the ledger's own side.
reported_month as (
    select realm_id, account_id, date_trunc('month', transaction_date)::date as month, sum(debit - credit) as amount
    from {{ ref('ledger__posting') }}
    where source = 'report'
    group by all
),
report_share as (
    select
        line.realm_id, line.report, line.accounting_method, line.as_of_date, line.account_id,
        sum(if(line.report = 'TrialBalance', 1, account.natural_side) * reported_month.amount)::decimal(18, 2) as report_share
    from line
    inner join {{ ref('finance__month_end') }} as month_end using (realm_id, as_of_date)
    inner join {{ ref('finance__account') }} as account
        on account.realm_id = line.realm_id and account.account_id = line.account_id
    inner join reported_month
        on reported_month.realm_id = line.realm_id
        and reported_month.account_id = line.account_id
        and reported_month.month <= month_end.month
        and case
            when line.report = 'ProfitAndLoss' then reported_month.month = month_end.month
            when account.statement = 'profit_and_loss' then reported_month.month >= month_end.fiscal_year_start
            else true
        end
    where line.accounting_method = 'Accrual'
    group by all
),
-- Reports older than a change landed since that reaches them.
outdated as (
    select distinct period.realm_id, period.report, period.accounting_method, period.as_of_date
    from period
    inner join sync.book_change as change
        on change.realm_id = period.realm_id
        and change.loaded_at > period.loaded_at
        and change.first_day <= period.as_of_date
),
unresolved as (
    select realm_id, report, accounting_method, as_of_date, sum(ours) as amount
    from line
    where account_id = 'unresolved'
    group by all
)
select
    realm_id,
    line.as_of_date,
    line.report,
    line.accounting_method,
    line.account_id,
    line.party_id,
    line.bucket,
    line.ours,
    line.theirs,
    (line.ours - line.theirs)::decimal(18, 2) as difference,
    case
        when line.ours = line.theirs then null
        when outdated.realm_id is not null then 'changed since QuickBooks'' report was read'
        when line.account_id = 'unresolved' then 'unresolved account'
        when line.ours - line.theirs = -unresolved.amount then 'unresolved account'
        when line.report in ('AgedReceivables', 'AgedPayables') and line.party_id is null
            then 'journal line on A/R or A/P without a customer or vendor'
    end as explanation,
    report_share.report_share,
    period.fetched_at
from line
inner join period using (realm_id, report, accounting_method, as_of_date)
left join outdated using (realm_id, report, accounting_method, as_of_date)
left join unresolved using (realm_id, report, accounting_method, as_of_date)
left join report_share
    on report_share.realm_id = line.realm_id
    and report_share.report = line.report
    and report_share.accounting_method = line.accounting_method
    and report_share.as_of_date = line.as_of_date
    and report_share.account_id = line.account_id
