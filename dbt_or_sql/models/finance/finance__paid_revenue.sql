-- One row per document and settlement in cash that earned revenue, sales and refund receipts with one row of their own.
{{ config(materialized='incremental', incremental_strategy='changed_in_books', on_schema_change='sync_all_columns') }}
with
posting as (
    select
        posting.*,
        coalesce(foreign_debit, debit) - coalesce(foreign_credit, credit) as amount,
        account.account_type = 'Income' as is_income,
        role = 'receivable' or account.account_type = 'Accounts Receivable' as is_receivable
    from {{ ref('ledger__posting') }} as posting
    left join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where {{ is_changed_in_books('transaction_type', 'transaction_id', of='posting') }}
),
sale as (
    select
        realm_id, transaction_type, transaction_id,
        any_value(transaction_date) as transaction_date,
        coalesce(
            any_value(party_id) filter (where is_receivable and party_type = 'Customer'), any_value(customer_id)
        ) as customer_id,
        max(coalesce(exchange_rate, 1)) as exchange_rate,
        coalesce(sum(amount) filter (where is_receivable and amount > 0), 0)::decimal(18, 2) as total,
        -- A journal entry may also debit money itself; no more can be paid of it than is owed.
        least(
            coalesce(-sum(amount) filter (where is_income), 0),
            case when transaction_type = 'JournalEntry' then total end
        )::decimal(18, 2) as net,
        coalesce(sum(credit - debit) filter (where is_income), 0)::decimal(18, 2) as home_net
    from posting
    group by realm_id, transaction_type, transaction_id
),
paid as (
    select
        realm_id, target_type as transaction_type, target_id as transaction_id, applied_date, source_type,
        source_id,
        sum(amount) as amount
    from {{ ref('ledger__application') }}
    where side = 'receivable'
        and kind in ('cash', 'deposit')
        and {{ is_changed_in_books('target_type', 'target_id') }}
    group by all
),
paid_part as (
    select
        sale.*, applied_date, source_type, source_id,
        least(coalesce(sum(amount) over (up_to_it rows between unbounded preceding and 1 preceding), 0), total)::decimal(18, 2)
            as part_before,
        least(sum(amount) over (up_to_it rows unbounded preceding), total)::decimal(18, 2) as part_after
    from paid
    inner join sale using (realm_id, transaction_type, transaction_id)
    where total > 0
    window up_to_it as (
        partition by realm_id, transaction_type, transaction_id order by applied_date, source_type, source_id
    )
),
earned as (
    select
        realm_id, transaction_type, transaction_id, source_type as paid_by_type, source_id as paid_by_id,
        applied_date as earned_date, customer_id,
        round({{ share_of('net', 'part_after', 'total') }} * exchange_rate, 2)
        - round({{ share_of('net', 'part_before', 'total') }} * exchange_rate, 2) as amount
    from paid_part
    union all
    select
        realm_id, transaction_type, transaction_id, transaction_type, transaction_id, transaction_date, customer_id, home_net
    from sale
    where transaction_type in ('SalesReceipt', 'RefundReceipt')
)
select
    realm_id,
    transaction_type,
    transaction_id,
    paid_by_type,
    paid_by_id,
    earned_date,
    customer_id,
    amount::decimal(18, 2) as amount,
    {{ newest_change() }} as change_number
from earned
