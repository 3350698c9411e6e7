-- One row per payment, refund or payment to a vendor that a fee was kept of: the journal entry of the fee.
select
    business_entity_id,
    'JournalEntry' as target,
    'payment_fee' as source_kind,
    source_id,
    source_number,
    party_kind,
    company_id,
    transaction_date,
    currency,
    exchange_rate,
    account,
    concat_ws(' ', 'Fee of payment', reference) as private_note,
    fee,
    target as paid_target,
    ending,
    unfit
from {{ ref('outbound__payment') }}
where fee <> 0 and target in ('Payment', 'RefundReceipt', 'BillPayment')
