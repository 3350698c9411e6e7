-- One row per line of QuickBooks' general ledger report, as the report shows it.
-- Openings carried into a range have no date and are no transactions.
with
{{ report_rows(['GeneralLedger']) }},
numbered_column as (
    select realm_id, report_id, map_from_entries(list((key, number))) as column_number
    from report_column
    where key is not null
    group by realm_id, report_id
),
line as (
    select
        report_row.*,
        {{ report_text(['tx_date']) }} as date_text,
        {{ report_text(['subt_nat_home_amount', 'subt_nat_amount']) }} as amount_text,
        numbered_column.column_number
    from report_row
    inner join numbered_column using (realm_id, report_id)
    where not is_heading
)
select
    realm_id,
    report_id,
    report.start_date,
    report.end_date,
    row_number() over (partition by realm_id, report_id order by place) as row_number,
    outer_account_id as account_id,
    try_cast(date_text as date) as transaction_date,
    nullif({{ report_text(['txn_type']) }}, '') as transaction_type,
    nullif({{ report_text(['txn_type'], 'id') }}, '') as transaction_id,
    nullif({{ report_text(['doc_num']) }}, '') as doc_number,
    nullif({{ report_text(['name'], 'id') }}, '') as name_id,
    nullif({{ report_text(['name']) }}, '') as name,
    nullif({{ report_text(['memo']) }}, '') as memo,
    nullif({{ report_text(['split_acc'], 'id') }}, '') as split_account_id,
    coalesce({{ report_amount('amount_text') }}, 0) as amount,
    report.fetched_at,
    report.loaded_at
from line
inner join report using (realm_id, report_id)
where try_cast(date_text as date) is not null
