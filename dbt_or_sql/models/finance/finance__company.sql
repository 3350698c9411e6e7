-- One row per company: its calendar, its currency and how far its books were read.
{{ config(materialized='view') }}
with
last_posting as (
    select realm_id, max(transaction_date) as transaction_date
    from {{ ref('ledger__posting') }}
    group by realm_id
)
select
    company.realm_id,
    company.company_name,
    preferences.home_currency_id,
    coalesce({{ month_number('coalesce(first_month_of_fiscal_year, fiscal_year_start_month)') }}, 1) as fiscal_year_first_month,
    preferences.book_close_date,
    preferences.report_basis,
    -- The business date of the last sync; where none is known, the last day with a posting.
    coalesce(as_of.as_of_date, last_posting.transaction_date) as today
from {{ ref('qbo__company_info') }} as company
left join {{ ref('qbo__preferences') }} as preferences using (realm_id)
left join {{ source('sync', 'as_of') }} as as_of using (realm_id)
left join last_posting using (realm_id)
