-- One row per credit note the operational system made, or why it is not pushed yet.
select
    note.business_entity_id,
    'CreditMemo' as target,
    'invoice' as source_kind,
    note.id as source_id,
    note.number as source_number,
    'customer' as party_kind,
    note.company_id,
    note.invoice_date as transaction_date,
    note.currency,
    note.fx_rate as exchange_rate,
    note.po_number,
    note.customer_memo,
    note.discount_kind,
    {{ to_cent('note.discount_value') }} as discount_value,
    note.discount_before_tax,
    case when setting.tax_owner = 'psa' then {{ to_cent('note.tax_total') }} end as tax_total,
    {{ to_cent('note.total') }} as total,
    case when corrected.number is not null then 'Corrects invoice ' || corrected.number end as private_note,
    case
        when note.is_deleted then 'The credit note was deleted.'
        when note.status = 'void' then 'The credit note was voided.'
    end as ending,
    case
        when note.status = 'draft' then {{ because('draft', "'The credit note is a draft: it goes once it is final.'") }}
        when {{ tidy('note.number') }} is null then {{ because('no_number', "'The credit note is ' || note.status || ' and has no number.'") }}
    end as unfit
from {{ current_rows('invoices') }} as note
left join {{ current_rows('invoices') }} as corrected on corrected.id = note.corrects_invoice_id
left join {{ ref('outbound__setting') }} as setting on setting.business_entity_id = note.business_entity_id
where note.kind = 'credit_note'
