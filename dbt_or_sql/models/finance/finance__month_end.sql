-- One row per company and month, from the first that ever had a posting to the month of its last sync.
{{ config(materialized='table') }}
with
first_posting as (
    -- Also of what is gone: a month whose only documents were deleted is restated, not forgotten.
    select realm_id, date_trunc('month', min(earliest_date)) as month
    from {{ ref('ledger__document_change') }}
    group by realm_id
),
month_begin as (
    select
        realm_id, today, fiscal_year_first_month,
        unnest(generate_series(first_posting.month, date_trunc('month', today), interval 1 month))::date as month
    from first_posting
    inner join {{ ref('finance__company') }} using (realm_id)
)
select
    realm_id,
    month,
    last_day(month) as as_of_date,
    {{ fiscal_year_start('month', 'fiscal_year_first_month') }} as fiscal_year_start,
    today,
    last_day(month) >= today as is_running
from month_begin
