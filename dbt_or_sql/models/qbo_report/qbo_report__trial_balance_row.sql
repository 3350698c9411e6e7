-- One row per account of QuickBooks' trial balance.
with
{{ report_rows(['TrialBalance']) }}
select
    realm_id,
    report_id,
    report.accounting_method,
    report.start_date,
    report.end_date as as_of_date,
    row_number() over (partition by realm_id, report_id order by place) as row_number,
    nullif(cells[1].id, '') as account_id,
    coalesce({{ report_amount('cells[2].value') }}, 0) as debit,
    coalesce({{ report_amount('cells[3].value') }}, 0) as credit,
    report.fetched_at,
    report.loaded_at
from report_row
inner join report using (realm_id, report_id)
where not is_heading
