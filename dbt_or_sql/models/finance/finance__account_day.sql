-- One row per account, day and accounting method with postings: what they add up to.
-- depends_on: {{ ref('finance__company') }}
-- depends_on: {{ ref('ledger__document_change') }}
{{ config(
    materialized='incremental', incremental_strategy='touched_months',
    post_hook=['{{ note_change_read() }}', '{{ create_statement_functions() }}']
) }}
{% do declare_touched('transaction_date') %}
with
posting as (
    select realm_id, 'Accrual' as accounting_method, account_id, transaction_date, debit, credit
    from {{ ref('ledger__posting') }}
    union all
    select realm_id, 'Cash', account_id, transaction_date, debit, credit
    from {{ ref('ledger__cash_posting') }}
)
select
    realm_id,
    accounting_method,
    -- No field gives the account: the statements show the amount as what it is, instead of not balancing.
    coalesce(account_id, 'unresolved') as account_id,
    transaction_date,
    sum(debit)::decimal(18, 2) as debit,
    sum(credit)::decimal(18, 2) as credit
from posting
{% if is_by_month() %}
where (realm_id, date_trunc('month', transaction_date)::date) in ({{ touched_months() }})
{% endif %}
group by all
