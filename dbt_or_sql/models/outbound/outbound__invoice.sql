-- One row per invoice or deposit the operational system made itself, or why it is not pushed yet.
select
    invoice.business_entity_id,
    'Invoice' as target,
    'invoice' as source_kind,
    invoice.id as source_id,
    invoice.number as source_number,
    'customer' as party_kind,
    invoice.company_id,
    invoice.invoice_date as transaction_date,
    invoice.due_date,
    invoice.currency,
    invoice.fx_rate as exchange_rate,
    invoice.po_number,
    invoice.customer_memo,
    invoice.discount_kind,
    {{ to_cent('invoice.discount_value') }} as discount_value,
    invoice.discount_before_tax,
    case when setting.tax_owner = 'psa' then {{ to_cent('invoice.tax_total') }} end as tax_total,
    {{ to_cent('invoice.total') }} as total,
    case
        when invoice.is_deleted then 'The invoice was deleted.'
        when invoice.status = 'void' then 'The invoice was voided.'
    end as ending,
    case
        when invoice.status = 'draft' then {{ because('draft', "'The invoice is a draft: it goes once it is final.'") }}
        when {{ tidy('invoice.number') }} is null then {{ because('no_number', "'The invoice is ' || invoice.status || ' and has no number.'") }}
    end as unfit
from {{ current_rows('invoices') }} as invoice
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
-- A deposit is an invoice of a product that posts to a liability.
where invoice.kind in ('invoice', 'deposit')
