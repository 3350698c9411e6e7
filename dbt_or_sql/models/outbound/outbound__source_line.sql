-- One row per living line of a quote, sale, invoice, credit note, purchase order or vendor's bill, in the words and amounts a document takes over.
with
product as (select * from {{ current_rows('products') }})
select
    line.document_kind,
    line.document_id,
    line.line_id,
    line.position,
    line.line_kind,
    line.product_id,
    line.account,
    {{ tidy('line.description') }} as own_description,
    {{ tidy('product.description') }} as product_description,
    product.name as product_name,
    line.quantity,
    line.unit_price,
    {{ to_cent('line.amount') }} as amount,
    line.tax_code,
    line.taxable as is_taxable,
    coalesce(line.class_code, product.class_code) as class_code,
    line.customer_company_id as customer_id,
    line.billable as is_billable,
    line.service_date,
    line.source_kind,
    line.source_id
from {{ current_rows('document_lines') }} as line
left join product on product.id = line.product_id
where not line.is_deleted
