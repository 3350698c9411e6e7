-- One row per account and day of QuickBooks' balance sheet, and one for the fiscal year's net income.
with
{{ report_rows(['BalanceSheet']) }},
{{ statement_amounts() }}
select
    realm_id,
    report_id,
    report.accounting_method,
    last_day as as_of_date,
    row_number() over (partition by realm_id, report_id, last_day order by place) as row_number,
    account_id,
    group_path,
    amount,
    report.fetched_at,
    report.loaded_at
from statement_amount
inner join report using (realm_id, report_id)
where amount is not null
