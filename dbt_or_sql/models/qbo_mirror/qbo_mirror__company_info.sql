-- One row per business entity: the company that keeps its books.
select
    company.business_entity_id,
    company.realm_id,
    company_info.company_name,
    company_info.legal_name,
    company_info.country,
    company_info.fiscal_year_start_month,
    company_info.email,
    company_info.primary_phone,
    company_info.updated_at
from {{ ref('qbo__company_info') }} as company_info
inner join {{ mirrored_company() }} as company using (realm_id)
