-- One row per document, customer, vendor and month: what it adds to each measure of the snapshots, in home currency.
{{ config(materialized='incremental', incremental_strategy='changed_in_books', on_schema_change='sync_all_columns') }}
{% set expenses = "('Expense', 'Other Expense', 'Cost of Goods Sold')" %}
with
entry as (
    select
        posting.realm_id, transaction_type, transaction_id,
        case when party_type = 'Customer' then party_id else customer_id end as customer_id,
        coalesce(case when party_type = 'Vendor' then party_id end, vendor_id) as vendor_id,
        transaction_date as entry_date,
        case when account_type = 'Accounts Receivable' then debit - credit end as receivable,
        case when account_type = 'Accounts Payable' then credit - debit end as payable,
        case when account_type = 'Income' then credit - debit end as revenue_accrual,
        case when account_type in {{ expenses }} then debit - credit end as expenses_accrual,
        case
            when transaction_type in ('Payment', 'SalesReceipt', 'RefundReceipt', 'Invoice')
                and role in ('bank', 'undeposited', 'card', 'deposit') then debit - credit
            when transaction_type = 'Deposit' and account_type = 'Accounts Receivable' then credit - debit
        end as cash_collected,
        case when transaction_type = 'Invoice' and role = 'receivable' then debit end as billed_gross,
        null as revenue_cash,
        null as expenses_cash,
        null as revenue_paid_portion
    from {{ ref('ledger__posting') }} as posting
    inner join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where {{ is_changed_in_books('transaction_type', 'transaction_id', of='posting') }}
    union all
    select
        posting.realm_id, transaction_type, transaction_id,
        case when party_type = 'Customer' then party_id else customer_id end,
        coalesce(case when party_type = 'Vendor' then party_id end, vendor_id),
        transaction_date, null, null, null, null, null, null,
        case when account_type = 'Income' then credit - debit end,
        case when account_type in {{ expenses }} then debit - credit end,
        null
    from {{ ref('ledger__cash_posting') }} as posting
    inner join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where (account_type = 'Income' or account_type in {{ expenses }})
        and {{ is_changed_in_books('transaction_type', 'transaction_id', of='posting') }}
    union all
    select
        realm_id, transaction_type, transaction_id, customer_id, null, earned_date,
        null, null, null, null, null, null, null, null, amount
    from {{ ref('finance__paid_revenue') }}
    where {{ is_changed_in_books('transaction_type', 'transaction_id') }}
)
select
    realm_id,
    transaction_type,
    transaction_id,
    date_trunc('month', entry_date)::date as month,
    customer_id,
    vendor_id,
    {% for measure in document_measures() %}
    coalesce(sum({{ measure }}), 0)::decimal(18, 2) as {{ measure }},
    {% endfor %}
    {{ newest_change() }} as change_number
from entry
group by all
having {% for measure in document_measures() %}count({{ measure }}) > 0{{ ' or ' if not loop.last }}{% endfor %}
