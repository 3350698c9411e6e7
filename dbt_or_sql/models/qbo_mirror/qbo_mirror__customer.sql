-- One row per customer of a business entity's company, with the operational system's own id where it is mapped.
select
    company.business_entity_id,
    company.realm_id,
    customer.id as customer_id,
    mapped.source_customer_id,
    customer.clean_name as name,
    customer.clean_fully_qualified_name as fully_qualified_name,
    customer.company_name,
    customer.parent_customer_id,
    customer.primary_email_addr,
    customer.primary_phone,
    customer.is_active,
    customer.currency_id,
    customer.balance,
    customer.balance_with_jobs,
    customer.updated_at
from {{ ref('qbo__customer') }} as customer
inner join {{ mirrored_company() }} as company using (realm_id)
left join {{ mapped_customer() }} as mapped
    on mapped.business_entity_id = company.business_entity_id
    and mapped.realm_id = customer.realm_id
    and mapped.customer_id = customer.id
where not customer.is_deleted
