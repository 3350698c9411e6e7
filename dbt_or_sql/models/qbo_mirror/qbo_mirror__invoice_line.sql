-- One row per line of the invoices in qbo_mirror.invoice.
select
    invoice.business_entity_id,
    invoice.realm_id,
    invoice.invoice_id,
    line.line_number,
    line.parent_line_number,
    line.detail_type,
    line.item_id as product_id,
    line.item_name as product_name,
    line.description,
    line.quantity,
    line.unit_price,
    line.amount
from {{ ref('qbo__invoice_line') }} as line
inner join {{ ref('qbo_mirror__invoice') }} as invoice using (realm_id, invoice_id)
