-- One row per receivable or payable document and span of days over which what is open of it stays the same.
{{ config(
    materialized='incremental', incremental_strategy='changed_in_books', on_schema_change='sync_all_columns',
    post_hook='{{ create_aging_functions() }}'
) }}
with
day as (
    select
        realm_id, side, document_type, document_id, account_id, party_id, currency_id, transaction_date, due_date, change_date,
        sum(amount) as amount,
        sum(home_amount) as home_amount
    from {{ ref('ledger__open_item_change') }}
    where {{ is_changed_in_books('document_type', 'document_id') }}
    group by all
)
select
    realm_id,
    side,
    document_type as transaction_type,
    document_id as transaction_id,
    account_id,
    party_id,
    currency_id,
    transaction_date,
    due_date,
    change_date as valid_from,
    lead(change_date) over by_day as valid_to,
    sum(amount) over by_day::decimal(18, 2) as open_amount,
    sum(home_amount) over by_day::decimal(18, 2) as open_home_amount,
    {{ newest_change() }} as change_number
from day
window by_day as (
    partition by realm_id, side, document_type, document_id, account_id, party_id, currency_id, transaction_date, due_date
    order by change_date
)
