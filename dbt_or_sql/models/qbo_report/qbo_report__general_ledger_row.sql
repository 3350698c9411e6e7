-- One row per line of QuickBooks' general ledger report, with its debit and credit.
-- The report shows each amount on its account's natural side; the account's type says which that is.
{{ config(materialized='view') }}
{% set debit_types = [
    'Bank', 'Accounts Receivable', 'Other Current Asset', 'Fixed Asset', 'Other Asset',
    'Expense', 'Other Expense', 'Cost of Goods Sold',
] %}
with signed as (
    select
        line.*,
        case
            when line.amount = 0 then 0
            when account.account_type in ('{{ debit_types | join("', '") }}') then line.amount
            when account.account_type is not null then -line.amount
        end as debit_amount
    from {{ ref('qbo_report__general_ledger_line') }} as line
    left join {{ ref('qbo__account') }} as account
        on account.realm_id = line.realm_id and account.id = line.account_id
)
select
    realm_id,
    report_id,
    start_date,
    end_date,
    row_number,
    account_id,
    transaction_date,
    transaction_type,
    transaction_id,
    doc_number,
    name_id,
    name,
    memo,
    split_account_id,
    amount,
    case when debit_amount is not null then greatest(debit_amount, 0)::decimal(18, 2) end as debit,
    case when debit_amount is not null then greatest(-debit_amount, 0)::decimal(18, 2) end as credit,
    fetched_at,
    loaded_at
from signed
