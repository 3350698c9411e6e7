-- One row per reference of a living record to a record this warehouse has never seen.
-- Ids that are words (TAX, NON, SHIPPING_ITEM_ID) belong to no record and are left out.
{{ config(materialized='view') }}
{% set references = {
    'customer': [
        ('invoice', 'customer_id'), ('estimate', 'customer_id'), ('credit_memo', 'customer_id'),
        ('sales_receipt', 'customer_id'), ('refund_receipt', 'customer_id'), ('payment', 'customer_id'),
        ('time_activity', 'customer_id'), ('reimburse_charge', 'customer_id'), ('customer', 'parent_customer_id'),
        ('bill_line', 'customer_id'), ('purchase_line', 'customer_id'), ('purchase_order_line', 'customer_id'),
    ],
    'vendor': [
        ('bill', 'vendor_id'), ('bill_payment', 'vendor_id'), ('vendor_credit', 'vendor_id'),
        ('purchase_order', 'vendor_id'), ('time_activity', 'vendor_id'),
    ],
    'employee': [('time_activity', 'employee_id')],
    'item': [
        ('invoice_line', 'item_id'), ('estimate_line', 'item_id'), ('credit_memo_line', 'item_id'),
        ('sales_receipt_line', 'item_id'), ('refund_receipt_line', 'item_id'), ('bill_line', 'item_id'),
        ('purchase_line', 'item_id'), ('purchase_order_line', 'item_id'), ('vendor_credit_line', 'item_id'),
        ('time_activity', 'item_id'), ('item', 'parent_item_id'), ('item_group_line', 'component_item_id'),
    ],
    'account': [
        ('item', 'income_account_id'), ('item', 'expense_account_id'), ('item', 'asset_account_id'),
        ('account', 'parent_account_id'), ('payment', 'deposit_to_account_id'),
        ('sales_receipt', 'deposit_to_account_id'), ('refund_receipt', 'deposit_to_account_id'),
        ('deposit', 'deposit_to_account_id'), ('purchase', 'account_id'), ('bill', 'payable_account_id'),
        ('bill_payment', 'check_bank_account_id'), ('bill_payment', 'credit_card_account_id'),
        ('transfer', 'from_account_id'), ('transfer', 'to_account_id'), ('journal_entry_line', 'account_id'),
        ('bill_line', 'account_id'), ('purchase_line', 'account_id'), ('deposit_line', 'account_id'),
        ('vendor_credit_line', 'account_id'), ('budget_detail', 'account_id'),
    ],
    'term': [('invoice', 'sales_term_id'), ('bill', 'sales_term_id')],
    'class': [('invoice_line', 'class_id'), ('bill_line', 'class_id'), ('journal_entry_line', 'class_id')],
    'department': [('invoice', 'department_id'), ('bill', 'department_id'), ('journal_entry_line', 'department_id')],
    'tax_code': [('invoice', 'tax_code_id'), ('invoice_line', 'tax_code_id')],
    'tax_agency': [('tax_rate', 'agency_id')],
    'tax_rate': [('tax_code_rate', 'tax_rate_id')],
} %}
{% set owners = {'item_group_line': 'item', 'budget_detail': 'budget', 'tax_code_rate': 'tax_code'} %}
{% for referenced, columns in references.items() %}
{% set outer = loop %}
{% for table, column in columns %}
{% set entity = owners.get(table, table.removesuffix('_line')) %}
{% set id = 'id' if entity == table else entity ~ '_id' %}
select
    realm_id, '{{ entity }}' as entity, {{ id }} as id, '{{ column }}' as field,
    '{{ referenced }}' as referenced_entity, {{ column }} as referenced_id
from {{ ref('qbo__' ~ table) }}
where not is_deleted
    and regexp_full_match({{ column }}, '[0-9]+')
    and (realm_id, {{ column }}) not in (select (realm_id, id) from {{ ref('qbo__' ~ referenced) }})
{{ 'union all' if not (outer.last and loop.last) }}
{% endfor %}
{% endfor %}
