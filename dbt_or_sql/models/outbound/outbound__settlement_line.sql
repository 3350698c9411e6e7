-- One row per line of a payment, of the use of a credit and of a write-off, with the document it settles.
with
part as (
    select used.*, row_number() over (partition by used.from_id order by used.applied_date, used.id) as place
    from {{ current_rows('applications') }} as used
    where used.from_kind = 'payment' and not used.is_deleted
),
payment as (select * from {{ ref('outbound__payment') }}),
write_off as (select * from {{ ref('outbound__write_off') }})
select
    'payment' as source_kind, part.from_id as source_id, part.id as line_id, part.place::integer as position, 'item' as line_kind,
    {{ to_cent('part.amount') }} as amount,
    case part.to_kind when 'invoice' then 'Invoice' else 'Bill' end as linked_target,
    part.to_kind as linked_source_kind,
    part.to_id as linked_source_id
from part
inner join payment on payment.source_id = part.from_id and payment.target in ('Payment', 'BillPayment')
union all by name
select
    source_kind, source_id, '1' as line_id, 1 as position, 'item' as line_kind, concat_ws(' ', 'Refund', reference) as description,
    1 as quantity, total as unit_price, total as amount, false as is_taxable
from payment
where target = 'RefundReceipt'
union all by name
select
    source_kind, source_id, 'credit' as line_id, 1 as position, 'item' as line_kind, amount,
    'CreditMemo' as linked_target, 'invoice' as linked_source_kind, credit_note_id as linked_source_id
from {{ ref('outbound__credit_use') }}
union all by name
select
    source_kind, source_id, 'invoice' as line_id, 2 as position, 'item' as line_kind, amount,
    'Invoice' as linked_target, 'invoice' as linked_source_kind, invoice_id as linked_source_id
from {{ ref('outbound__credit_use') }}
union all by name
select
    source_kind, source_id, '1' as line_id, 1 as position, 'item' as line_kind, bad_debt_product_id as product_id,
    private_note as description, 1 as quantity, amount as unit_price, amount, false as is_taxable
from write_off
where target = 'CreditMemo' and amount is not null
union all by name
select
    source_kind, source_id, 'credit' as line_id, 1 as position, 'item' as line_kind, amount,
    'CreditMemo' as linked_target, 'write_off' as linked_source_kind, source_id as linked_source_id
from write_off
where target = 'Payment' and amount is not null
union all by name
select
    source_kind, source_id, 'invoice' as line_id, 2 as position, 'item' as line_kind, amount,
    'Invoice' as linked_target, 'invoice' as linked_source_kind, source_id as linked_source_id
from write_off
where target = 'Payment' and amount is not null
