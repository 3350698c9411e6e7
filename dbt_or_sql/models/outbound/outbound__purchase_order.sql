-- One row per purchase order, or why it is not pushed.
select
    purchase.business_entity_id,
    'PurchaseOrder' as target,
    'purchase_order' as source_kind,
    purchase.id as source_id,
    purchase.number as source_number,
    'vendor' as party_kind,
    purchase.vendor_company_id as company_id,
    purchase.order_date as transaction_date,
    purchase.expected_date as due_date,
    purchase.currency,
    purchase.memo as customer_memo,
    purchase.ship_to_company_id as ship_to_id,
    case
        when purchase.is_deleted then 'The purchase order was deleted.'
        when purchase.status = 'cancelled' then 'The purchase order was cancelled.'
    end as ending,
    case purchase.status
        when 'draft' then {{ because('draft', "'The purchase order is a draft: it goes once it is approved.'") }}
        when 'closed' then {{ because('closed', "'The purchase order is closed: nothing more is to come of it.'") }}
    end as unfit
from {{ current_rows('purchase_orders') }} as purchase
