-- One row per document that writes off an invoice closed without payment: a credit, or the payment of nothing applying it.
with
settled as (
    select used.to_id as invoice_id, sum(used.amount) as amount
    from {{ current_rows('applications') }} as used
    left join {{ current_rows('payments') }} as payment on used.from_kind = 'payment' and payment.id = used.from_id
    where used.to_kind = 'invoice' and not used.is_deleted
        and (used.from_kind = 'credit_note' or (payment.status = 'cleared' and not payment.is_deleted))
    group by all
),
bad_debt as (
    select business_entity_id, min(id) as product_id
    from {{ current_rows('products') }}
    where kind = 'bad_debt' and is_active and not is_deleted
    group by all
),
written_off as (
    select
        invoice.*,
        bad_debt.product_id,
        {{ to_cent('invoice.total - coalesce(settled.amount, 0)') }} as open_balance,
        case
            when invoice.is_deleted then 'The invoice was deleted.'
            -- A person who opens the invoice again takes the write-off back.
            when invoice.status <> 'closed_unpaid' then 'The invoice is not written off any more: it is ' || invoice.status || '.'
        end as ending
    from {{ current_rows('invoices') }} as invoice
    left join settled on settled.invoice_id = invoice.id
    left join bad_debt on bad_debt.business_entity_id = invoice.business_entity_id
    where invoice.kind <> 'credit_note' and (invoice.status = 'closed_unpaid' or invoice.closed_unpaid_date is not null)
)
select
    written_off.business_entity_id,
    form.target,
    form.source_kind,
    written_off.id as source_id,
    written_off.number || '-BD' as source_number,
    'customer' as party_kind,
    written_off.company_id,
    coalesce(written_off.closed_unpaid_date, written_off.invoice_date) as transaction_date,
    written_off.currency,
    written_off.fx_rate as exchange_rate,
    'Bad debt: invoice ' || written_off.number || coalesce('. ' || {{ tidy('written_off.closed_unpaid_reason') }}, '') as private_note,
    case when form.target = 'CreditMemo' then written_off.open_balance else 0 end::decimal(18, 2) as total,
    written_off.open_balance as amount,
    written_off.product_id as bad_debt_product_id,
    written_off.ending,
    case
        when {{ tidy('written_off.number') }} is null then {{ because('no_number', "'The invoice was closed without payment and has no number.'") }}
        when written_off.total is null
            then {{ because('total_unknown', "'The invoice says no total, so that what is open of it is known to QuickBooks only: write it off there.'") }}
        when written_off.open_balance <= 0 then {{ because('nothing_open', "'Nothing of the invoice is open: there is nothing to write off.'") }}
        when written_off.product_id is null
            then {{ because('no_bad_debt_item', "'What is written off goes to a product of kind bad_debt, and there is none: make one.'") }}
    end as unfit
from written_off
cross join (values ('CreditMemo', 'write_off'), ('Payment', 'write_off_application')) as form (target, source_kind)
