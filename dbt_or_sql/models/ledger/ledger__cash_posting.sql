-- One row per debit or credit of the cash-basis books: a bill or invoice counts when it is paid, in the share that is paid.
{{ config(materialized='incremental', incremental_strategy='changed_in_books', on_schema_change='sync_all_columns') }}
with
posting as (
    select
        posting.*,
        {{ is_control() }} as is_control,
        not {{ is_control() }} and (account.statement = 'profit_and_loss' or role = 'tax') as is_waiting
    from {{ ref('ledger__posting') }} as posting
    left join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where {{ is_changed_in_books('transaction_type', 'transaction_id', of='posting') }}
),
settlement as (
    select
        realm_id, target_type as transaction_type, target_id as transaction_id, applied_date as settled_date,
        source_type as settled_by_type, source_id as settled_by_id, target_home_amount as amount
    from {{ ref('ledger__application') }}
    where target_type in {{ waiting_types() }} and {{ is_changed_in_books('target_type', 'target_id') }}
    union all
    select realm_id, source_type, source_id, applied_date, target_type, target_id, source_home_amount
    from {{ ref('ledger__application') }}
    where source_type in ('CreditMemo', 'VendorCredit') and {{ is_changed_in_books('source_type', 'source_id') }}
),
applied as (
    select
        realm_id, source_type as transaction_type, source_id as transaction_id, applied_date, target_type, target_id,
        target_home_amount as home_amount
    from {{ ref('ledger__application') }}
    where {{ is_changed_in_books('source_type', 'source_id') }}
    union all
    -- A credit that a payment uses at another rate than what it settles, or keeps as money, is a difference of the payment's.
    select
        realm_id, settled_by_type, settled_by_id, applied_date, target_type, target_id,
        {{ used_credit_amount() }}
    from {{ ref('ledger__application') }}
    where {{ is_used_credit() }} and {{ is_changed_in_books('settled_by_type', 'settled_by_id') }}
),
waiting_line as ({{ waiting_line() }}),
waiting_document as ({{ waiting_document() }}),
settled_part as ({{ settled_part() }}),
payment as ({{ payment_cleared() }}),
unapplied_cash as ({{ unapplied_cash() }}),
step as (
    -- Numbered before it meets the postings' other columns, which a sort would have to carry.
    select
        *,
        row_number() over (
            partition by realm_id, transaction_type, transaction_id
            order by counted_date, settled_by_type nulls first, settled_by_id, posting_number, is_unapplied, amount
        ) as cash_posting_number
    from ({{ cash_step() }})
    where amount <> 0
),
unapplied_account as (
    select realm_id, account_sub_type, min(account_id) as account_id
    from {{ ref('finance__account') }}
    where account_sub_type in ('UnappliedCashPaymentIncome', 'UnappliedCashBillPaymentExpense')
    group by realm_id, account_sub_type
)
select
    realm_id,
    transaction_type,
    transaction_id,
    step.cash_posting_number as posting_number,
    posting.line_number,
    step.counted_date as transaction_date,
    posting.transaction_date as document_date,
    posting.doc_number,
    step.settled_by_type,
    step.settled_by_id,
    case when step.is_unapplied then unapplied_account.account_id else posting.account_id end as account_id,
    posting.party_type,
    posting.party_id,
    posting.customer_id,
    posting.vendor_id,
    posting.class_id,
    posting.department_id,
    posting.item_id,
    posting.tax_agency_id,
    case when step.is_unapplied then 'unapplied' else posting.role end as role,
    greatest(step.amount, 0)::decimal(18, 2) as debit,
    greatest(-step.amount, 0)::decimal(18, 2) as credit,
    posting.currency_id,
    posting.source,
    posting.description,
    posting.loaded_at,
    {{ newest_change() }} as change_number
from step
inner join posting using (realm_id, transaction_type, transaction_id, posting_number)
left join unapplied_account
    on step.is_unapplied and unapplied_account.realm_id = step.realm_id
    and (unapplied_account.account_sub_type = 'UnappliedCashPaymentIncome') = (step.transaction_type = 'Payment')
