-- One row per month-end and report of QuickBooks' own that speaks of it and was read.
{{ config(materialized='view') }}
select
    report.realm_id,
    report.report,
    coalesce(report.accounting_method, 'Accrual') as accounting_method,
    month_end.as_of_date,
    month_end.month,
    month_end.fiscal_year_start,
    report.fetched_at,
    report.loaded_at
from {{ ref('qbo_report__report') }} as report
inner join {{ ref('finance__month_end') }} as month_end
    on month_end.realm_id = report.realm_id
    and if(
        report.report in ('ProfitAndLoss', 'BalanceSheet'),
        month_end.as_of_date between report.start_date and report.end_date,
        month_end.as_of_date = report.end_date
    )
where report.report in ('TrialBalance', 'BalanceSheet', 'ProfitAndLoss', 'AgedReceivables', 'AgedPayables')
