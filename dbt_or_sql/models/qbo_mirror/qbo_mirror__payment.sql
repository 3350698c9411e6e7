-- One row per living payment a business entity received, with the operational system's own customer where it is mapped.
select
    company.business_entity_id,
    company.realm_id,
    payment.id as payment_id,
    mapped.source_customer_id,
    payment.customer_id,
    payment.transaction_date,
    payment.payment_reference_number,
    payment.payment_method_id,
    payment.currency_id,
    payment.total_amount,
    payment.unapplied_amount,
    payment.updated_at
from {{ ref('qbo__payment') }} as payment
inner join {{ mirrored_company() }} as company using (realm_id)
left join {{ mapped_customer() }} as mapped
    on mapped.business_entity_id = company.business_entity_id
    and mapped.realm_id = payment.realm_id
    and mapped.customer_id = payment.customer_id
where not payment.is_deleted
