-- One row per line of a payment's journal entry: what a customer owes again, what it cost, and the money. A debit is above zero.
with
payment as (
    select *, source_id as id
    from {{ ref('outbound__payment') }}
    where target = 'JournalEntry'
),
part as (
    -- The payment stands, so that what was taken back is owed anew; the fee for that is ours to bear.
    select
        'payment' as source_kind, id as source_id, 'owed' as line_id, 1 as position, 'receivable' as line_kind,
        null::varchar as account, concat_ws(' ', 'Charged back', reference) as description, -sign * (total - fee) as amount
    from payment
    where money_kind = 'chargeback'
    union all
    select
        'payment', id, 'fee', 2, 'fee', '{{ fee_category() }}', concat_ws(' ', 'Fee', reference),
        -sign * case when money_kind = 'fee' then total else fee end
    from payment
    union all
    select 'payment', id, 'money', 3, 'money', account, reference, sign * total from payment
    union all
    select 'payment_fee', source_id, 'fee', 1, 'fee', '{{ fee_category() }}', private_note, fee from {{ ref('outbound__payment_fee') }}
    union all
    select
        'payment_fee', source_id, 'money', 2, case when paid_target = 'BillPayment' then 'paid_from' else 'money' end, account,
        private_note, -fee
    from {{ ref('outbound__payment_fee') }}
)
select * replace (amount::decimal(18, 2) as amount)
from part
where amount <> 0
