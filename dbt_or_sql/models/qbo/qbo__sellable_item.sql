-- One row per item a company can sell by hand: active services and non-inventory products.
-- Left out: inventory, categories and bundles by their type, and QuickBooks' system items (shipping, gratuity and the
-- like), which carry a word such as SHIPPING_ITEM_ID where real items have a number.
{{ config(materialized='view') }}
select
    realm_id,
    id,
    name,
    fully_qualified_name,
    stock_keeping_unit,
    type,
    description,
    purchase_description,
    parent_item_id,
    income_account_id,
    expense_account_id,
    sales_tax_code_id,
    class_id,
    unit_price,
    purchase_cost,
    is_taxable,
    updated_at
from {{ ref('qbo__item') }}
where type in ('Service', 'NonInventory')
    and is_active
    and not is_deleted
    and regexp_full_match(id, '[0-9]+')
