-- One row per party and bucket of age of QuickBooks' receivables and payables ageing.
with
{{ report_rows(['AgedReceivables', 'AgedPayables']) }},
-- The last column of money is the party's total.
bucket_column as (
    select realm_id, report_id, number, title, row_number() over by_number as bucket
    from report_column
    where kind = 'Money'
    window by_number as (partition by realm_id, report_id order by number)
    qualify lead(number) over by_number is not null
)
select
    realm_id,
    report_id,
    if(report.report = 'AgedReceivables', 'receivable', 'payable') as side,
    report.end_date as as_of_date,
    report.options ->> 'aging_method' as aging_method,
    nullif(cells[1].id, '') as party_id,
    bucket_column.bucket,
    bucket_column.title as bucket_name,
    {{ report_amount('cells[bucket_column.number].value') }} as amount,
    report.fetched_at,
    report.loaded_at
from report_row
inner join bucket_column using (realm_id, report_id)
inner join report using (realm_id, report_id)
where {{ report_amount('cells[bucket_column.number].value') }} is not null
