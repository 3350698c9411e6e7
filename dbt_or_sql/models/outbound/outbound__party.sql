-- One row per company of the operational system: who stands on documents made for it, and why none can be.
with
company as (select * from {{ current_rows('companies') }})
select
    company.business_entity_id,
    company.id as company_id,
    company.name,
    -- A job that its parent is billed for stays the customer: QuickBooks bills the parent. Anybody else who pays is the customer.
    case
        when company.bill_to_company_id is not null and company.bill_to_company_id is distinct from company.parent_company_id
            then company.bill_to_company_id
        else company.id
    end as party_id,
    {{ tidy('coalesce(payer.email, company.email)') }} as email,
    coalesce(payer.terms_code, company.terms_code) as terms_code,
    coalesce(payer.terms_days, company.terms_days) as terms_days,
    company.currency,
    company.tax_exempt,
    company.tax_code,
    company.is_customer,
    company.is_vendor,
    case
        when company.is_deleted then {{ because('company_deleted', "'Its company ' || company.name || ' was deleted.'") }}
        when not company.is_active
            then {{ because('company_inactive', "'Its company ' || company.name || ' is inactive: make it active again, or take another one.'") }}
        when company.bill_to_company_id is not null and payer.id is null
            then {{ because('no_bill_to', "'Company ' || company.bill_to_company_id || ', which is invoiced in place of ' || company.name || ', is not there.'") }}
        when payer.is_deleted or not payer.is_active
            then {{ because('bill_to_unusable', "payer.name || ', which is invoiced in place of ' || company.name || ', is deleted or inactive.'") }}
    end as unusable
from company
left join company as payer on payer.id = company.bill_to_company_id
