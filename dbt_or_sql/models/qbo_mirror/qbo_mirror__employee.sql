-- One row per employee of a business entity's company: who they are, and nothing personal.
select
    company.business_entity_id,
    company.realm_id,
    employee.id as employee_id,
    employee.clean_name as name,
    employee.primary_email_addr,
    employee.is_active,
    employee.updated_at
from {{ ref('qbo__employee') }} as employee
inner join {{ mirrored_company() }} as company using (realm_id)
where not employee.is_deleted
