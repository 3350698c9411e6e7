-- One row per payment: what it is in QuickBooks, or why it is not pushed.
{% set to_vendor = "payment.kind = 'payment' and payment.direction = 'out'" %}
with
applied as (
    select from_kind, from_id, sum(amount) as amount, count(*) as parts
    from {{ current_rows('applications') }}
    where not is_deleted
    group by all
),
open_credit as (
    select note.company_id, note.currency, min(note.number) as number
    from {{ current_rows('invoices') }} as note
    left join applied on applied.from_kind = 'credit_note' and applied.from_id = note.id
    where note.kind = 'credit_note' and note.status not in ('draft', 'void') and not note.is_deleted
        and (note.total is null or note.total > coalesce(applied.amount, 0))
    group by all
)
select
    payment.business_entity_id,
    case
        when payment.kind = 'refund' then 'RefundReceipt'
        when payment.kind in ('chargeback', 'fee') then 'JournalEntry'
        when payment.direction = 'out' then 'BillPayment'
        else 'Payment'
    end as target,
    'payment' as source_kind,
    payment.id as source_id,
    payment.kind as money_kind,
    {{ tidy('payment.reference') }} as source_number,
    case
        when {{ to_vendor }} then 'vendor'
        -- A fee is the card company's, or is charged for a customer's payment.
        when payment.kind = 'fee' and party.is_vendor and not party.is_customer then 'vendor'
        else 'customer'
    end as party_kind,
    payment.company_id,
    payment.payment_date as transaction_date,
    payment.currency,
    payment.fx_rate as exchange_rate,
    {{ tidy('payment.deposit_account') }} as account,
    {{ tidy('payment.method') }} as payment_method,
    {{ tidy('payment.reference') }} as reference,
    -- Of what a payment to a vendor took out of the bank, its fee never reached the vendor.
    {{ to_cent('payment.amount - case when ' ~ to_vendor ~ ' then coalesce(payment.fee_amount, 0) else 0 end') }} as total,
    -- What came in adds to the account it went to, what was paid takes from it.
    case when payment.direction = 'in' then 1 else -1 end as sign,
    {{ to_cent('coalesce(payment.fee_amount, 0)') }} as fee,
    case
        when payment.is_deleted then 'The payment was deleted.'
        when payment.status = 'void' then 'The payment was voided.'
    end as ending,
    case
        when coalesce({{ from_quickbooks('payment.reference') }}, {{ from_quickbooks('payment.id') }}) is not null
            then {{ because('from_quickbooks', "'It came from QuickBooks, as payment ' || coalesce(" ~ from_quickbooks('payment.reference') ~ ", " ~ from_quickbooks('payment.id') ~ ") || ', and never goes back there.'") }}
        when payment.status = 'pending' then {{ because('pending', "'The money is not there yet: it goes once it is cleared.'") }}
        when payment.amount <= 0 then {{ because('no_amount', "'It comes to ' || " ~ to_cent('payment.amount') ~ " || ': enter what was paid.'") }}
        when payment.fee_amount < 0 or payment.fee_amount > payment.amount
            then {{ because('fee_differs', "'Of ' || " ~ to_cent('payment.amount') ~ " || ' a fee of ' || " ~ to_cent('payment.fee_amount') ~ " || ' was kept: correct one of them.'") }}
        when payment.kind = 'refund' and payment.direction = 'in'
            then {{ because('wrong_direction', "'A refund to a customer is paid out, and this one came in: correct it.'") }}
        -- The credit took the sale back already; a receipt for the money would take it back twice.
        when payment.kind = 'refund' and open_credit.number is not null
            then {{ because('refund_of_credit', "'It may pay out credit note ' || open_credit.number || ', which QuickBooks holds as a credit: pay that out there.'") }}
        when {{ to_vendor }} and applied.amount <= payment.amount and applied.amount > payment.amount - coalesce(payment.fee_amount, 0)
            then {{ because('fee_differs', "'Of the ' || " ~ to_cent('payment.amount') ~ " || ' paid a fee of ' || " ~ to_cent('payment.fee_amount') ~ " || ' is a part, and ' || " ~ to_cent('applied.amount') ~ " || ' is applied to bills: apply less, or enter it with its fee.'") }}
        when coalesce(applied.amount, 0) > payment.amount
            then {{ because('applied_too_much', to_cent('applied.amount') ~ " || ' of it is applied, and it comes to ' || " ~ to_cent('payment.amount') ~ " || ': apply less.'") }}
        when {{ to_vendor }} and applied.parts is null
            then {{ because('nothing_paid', "'It says not which bill it pays, and QuickBooks takes no such payment: apply it.'") }}
    end as unfit
from {{ current_rows('payments') }} as payment
left join applied on applied.from_kind = 'payment' and applied.from_id = payment.id
left join {{ ref('outbound__party') }} as party
    on party.company_id = payment.company_id and party.business_entity_id = payment.business_entity_id
left join open_credit on open_credit.company_id = payment.company_id and open_credit.currency = payment.currency
