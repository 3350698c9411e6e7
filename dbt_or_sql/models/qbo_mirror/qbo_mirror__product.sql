-- One row per product a business entity can sell: its company's sellable items.
select
    company.business_entity_id,
    company.realm_id,
    item.id as product_id,
    item.name,
    item.fully_qualified_name,
    item.stock_keeping_unit,
    item.type,
    item.description,
    item.unit_price,
    item.is_taxable,
    item.updated_at
from {{ ref('qbo__sellable_item') }} as item
inner join {{ mirrored_company() }} as company using (realm_id)
