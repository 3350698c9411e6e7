-- One row per vendor's bill, or why it is not pushed.
select
    bill.business_entity_id,
    'Bill' as target,
    'vendor_bill' as source_kind,
    bill.id as source_id,
    {{ tidy('bill.vendor_invoice_no') }} as source_number,
    'vendor' as party_kind,
    bill.vendor_company_id as company_id,
    bill.bill_date as transaction_date,
    bill.due_date,
    bill.currency,
    case
        when bill.is_deleted then 'The bill was deleted.'
        when bill.status = 'void' then 'The bill was voided.'
    end as ending,
    case when bill.status = 'draft' then {{ because('draft', "'The bill is a draft: it goes once it is approved.'") }} end as unfit
from {{ current_rows('vendor_bills') }} as bill
