-- One row per living invoice of a business entity whose customer is mapped; the others are in skipped_invoice.
select
    company.business_entity_id,
    company.realm_id,
    invoice.id as invoice_id,
    mapped.source_customer_id,
    invoice.customer_id,
    invoice.doc_number,
    invoice.transaction_date,
    invoice.due_date,
    invoice.currency_id,
    invoice.exchange_rate,
    invoice.total_tax,
    invoice.total_amount,
    invoice.balance,
    invoice.email_status,
    invoice.private_note,
    invoice.updated_at
from {{ ref('qbo__invoice') }} as invoice
inner join {{ mirrored_company() }} as company using (realm_id)
inner join {{ mapped_customer() }} as mapped
    on mapped.business_entity_id = company.business_entity_id
    and mapped.realm_id = invoice.realm_id
    and mapped.customer_id = invoice.customer_id
where not invoice.is_deleted
