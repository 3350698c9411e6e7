-- One row per refund to a customer through A/R, and per payment that makes one good: the paid revenue it takes back or returns.
{{ config(materialized='table') }}
with
settlement as (
    select
        refund.*, source_type, source_id, applied_date, target_home_amount,
        source_type = 'CreditMemo' as is_credit,
        source_type <> 'CreditMemo' and source_date > refund_date as makes_good
    from {{ ref('finance__customer_refund') }} as refund
    inner join {{ ref('ledger__application') }} as application
        on application.realm_id = refund.realm_id and application.side = 'receivable'
        and target_type = transaction_type and target_id = transaction_id
),
credit_memo as (
    select
        posting.realm_id, transaction_id as credit_memo_id,
        coalesce(sum(debit - credit) filter (where account_type = 'Income'), 0)::decimal(18, 2) as net,
        sum(credit) filter (where role = 'receivable')::decimal(18, 2) as total
    from {{ ref('ledger__posting') }} as posting
    inner join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where transaction_type = 'CreditMemo'
        and (posting.realm_id, transaction_id) in (select realm_id, source_id from settlement where is_credit)
    group by posting.realm_id, transaction_id
),
change as (
    -- What neither a credit nor money on account covers takes back payments of invoices, in the share they were revenue.
    select
        realm_id, transaction_type, transaction_id, refund_date as earned_date, customer_id,
        -{{ share_of('uncovered', 'earned_before', 'paid_before') }} as amount
    from {{ ref('finance__customer_refund') }}
    where uncovered > 0 and paid_before > 0
    union all
    select
        realm_id, source_type, source_id, applied_date, customer_id,
        {{ share_of('target_home_amount', 'earned_before', 'paid_before') }}
    from settlement
    where makes_good and paid_before > 0
    union all
    select
        settlement.realm_id, transaction_type, transaction_id, applied_date, customer_id,
        -{{ share_of('target_home_amount', 'net', 'total') }}
    from settlement
    inner join credit_memo on credit_memo.realm_id = settlement.realm_id and credit_memo_id = source_id
    where is_credit and total > 0
)
select
    realm_id,
    transaction_type,
    transaction_id,
    earned_date,
    customer_id,
    sum(amount)::decimal(18, 2) as amount
from change
group by all
having sum(amount) <> 0
