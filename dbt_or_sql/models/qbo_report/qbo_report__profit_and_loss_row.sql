-- One row per account and period of QuickBooks' profit and loss.
with
{{ report_rows(['ProfitAndLoss']) }},
{{ statement_amounts() }}
select
    realm_id,
    report_id,
    report.accounting_method,
    first_day as start_date,
    last_day as end_date,
    row_number() over (partition by realm_id, report_id, last_day order by place) as row_number,
    account_id,
    group_path,
    amount,
    report.fetched_at,
    report.loaded_at
from statement_amount
inner join report using (realm_id, report_id)
where amount is not null
