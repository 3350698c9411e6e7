-- One row per refund to a customer through A/R: a cheque, expense or journal entry that debits A/R and credits money.
{{ config(materialized='table') }}
with
posting as (
    select
        posting.*,
        account_type = 'Accounts Receivable' as is_receivable,
        {{ is_money_account('account') }} as is_money
    from {{ ref('ledger__posting') }} as posting
    inner join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where transaction_type in ('Purchase', 'JournalEntry')
),
refund as (
    select
        realm_id, transaction_type, transaction_id,
        any_value(transaction_date) as refund_date,
        any_value(party_id) filter (where is_receivable and party_type = 'Customer') as customer_id,
        least(sum(debit) filter (where is_receivable), sum(credit) filter (where is_money)) as amount
    from posting
    group by realm_id, transaction_type, transaction_id
    having sum(debit) filter (where is_receivable) > 0 and sum(credit) filter (where is_money) > 0
),
covered as (
    select
        refund.realm_id, transaction_type, transaction_id,
        sum(target_home_amount) filter (where source_type = 'CreditMemo' or source_date <= refund_date) as amount
    from refund
    inner join {{ ref('ledger__application') }} as application
        on application.realm_id = refund.realm_id and application.side = 'receivable'
        and target_type = transaction_type and target_id = transaction_id
    group by all
)
select
    refund.*,
    refund.amount - coalesce(covered.amount, 0) as uncovered,
    (
        select coalesce(sum(earned.amount), 0)
        from {{ ref('finance__paid_revenue') }} as earned
        where earned.realm_id = refund.realm_id and earned.customer_id = refund.customer_id
            and earned.paid_by_id <> earned.transaction_id and earned.earned_date <= refund_date
    )::decimal(18, 2) as earned_before,
    (
        select coalesce(sum(target_home_amount), 0)
        from {{ ref('ledger__application') }} as application
        where application.realm_id = refund.realm_id and application.party_id = refund.customer_id
            and side = 'receivable' and kind in ('cash', 'deposit') and applied_date <= refund_date
            and target_type in ('Invoice', 'JournalEntry')
            and (target_type, target_id) <> (refund.transaction_type, refund.transaction_id)
    )::decimal(18, 2) as paid_before
from refund
left join covered using (realm_id, transaction_type, transaction_id)
