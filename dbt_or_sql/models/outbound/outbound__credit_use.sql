-- One row per application of a credit note: the payment of nothing that applies it in QuickBooks, or why it is none.
with
document as (select * from {{ current_rows('invoices') }})
select
    coalesce(note.business_entity_id, invoice.business_entity_id) as business_entity_id,
    'Payment' as target,
    'application' as source_kind,
    used.id as source_id,
    note.number as source_number,
    'customer' as party_kind,
    coalesce(note.company_id, invoice.company_id) as company_id,
    used.applied_date as transaction_date,
    coalesce(note.currency, invoice.currency) as currency,
    note.fx_rate as exchange_rate,
    0::decimal(18, 2) as total,
    used.from_id as credit_note_id,
    used.to_id as invoice_id,
    {{ to_cent('used.amount') }} as amount,
    case when used.is_deleted then 'The credit note was taken off the invoice again.' end as ending,
    case
        when note.id is null then {{ because('no_credit_note', "'Credit note ' || used.from_id || ', which it uses, is not there.'") }}
        when used.to_kind <> 'invoice' then {{ because('cannot_be_settled', "'A credit note to a customer settles invoices, and this is applied to a bill: correct it.'") }}
        when invoice.id is null then {{ because('no_invoice', "'Invoice ' || used.to_id || ', which it settles, is not there.'") }}
        when note.currency <> invoice.currency
            then {{ because('other_currency', "'The credit note is in ' || note.currency || ' and the invoice in ' || invoice.currency || ': QuickBooks applies neither to the other.'") }}
        when noted.party_id <> invoiced.party_id
            then {{ because('other_customer', "'The credit note is ' || noted.name || '''s and the invoice ' || invoiced.name || '''s: QuickBooks applies neither to the other.'") }}
        when used.amount <= 0 then {{ because('no_amount', "'It applies nothing of the credit note: enter how much.'") }}
    end as unfit
from {{ current_rows('applications') }} as used
left join document as note on note.id = used.from_id
left join document as invoice on used.to_kind = 'invoice' and invoice.id = used.to_id
left join {{ ref('outbound__party') }} as noted
    on noted.company_id = note.company_id and noted.business_entity_id = note.business_entity_id
left join {{ ref('outbound__party') }} as invoiced
    on invoiced.company_id = invoice.company_id and invoiced.business_entity_id = invoice.business_entity_id
where used.from_kind = 'credit_note'
