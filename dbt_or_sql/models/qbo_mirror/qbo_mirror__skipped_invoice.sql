-- One row per living invoice of a business entity that qbo_mirror.invoice leaves out, with the reason.
select
    company.realm_id,
    company.business_entity_id,
    invoice.id as invoice_id,
    case
        when invoice.customer_id is null then 'the invoice names no customer'
        when elsewhere.business_entity_id is not null
            then 'customer ' || invoice.customer_id || ' is mapped for business entity ' || elsewhere.business_entity_id
        when customer.id is null then 'customer ' || invoice.customer_id || ' has not been read and is not mapped'
        else 'customer ' || invoice.customer_id || ' is not mapped'
    end as reason
from {{ ref('qbo__invoice') }} as invoice
inner join {{ mirrored_company() }} as company using (realm_id)
left join {{ ref('qbo_mirror__invoice') }} as shown
    on shown.realm_id = invoice.realm_id and shown.invoice_id = invoice.id
left join {{ ref('qbo__customer') }} as customer
    on customer.realm_id = invoice.realm_id and customer.id = invoice.customer_id
left join {{ mapped_customer() }} as elsewhere
    on elsewhere.realm_id = invoice.realm_id and elsewhere.customer_id = invoice.customer_id
where not invoice.is_deleted
    and shown.invoice_id is null
