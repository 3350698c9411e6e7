-- One row per line of a document that should exist, with the work it bills.
select
    document.realm_id, document.business_entity_id, document.target, line.source_kind, line.source_id, line.line_id,
    line.position, line.line_kind, line.product_id, line.account,
    {{ cut_text('line.description') }} as description,
    line.quantity::decimal(28, 10) as quantity, line.unit_price::decimal(28, 10) as unit_price,
    line.amount::decimal(18, 2) as amount,
    line.tax_code, line.is_taxable, line.class_code, line.customer_id, line.is_billable, line.service_date, line.bills,
    line.linked_target, line.linked_source_kind, line.linked_source_id, line.linked_line_id
from {{ ref('outbound__line') }} as line
inner join {{ ref('outbound__document') }} as document using (source_kind, source_id)
left join {{ ref('outbound__setting') }} as setting on setting.business_entity_id = document.business_entity_id
-- Where QuickBooks works out sales tax, what the operational system thought it would be is no amount of the document.
where not (line.line_kind = 'tax' and document.party_kind = 'customer' and coalesce(setting.tax_owner, 'qbo') = 'qbo')
