{#
    The entities that post, each with where its header says what every document says. `party` is SQL for the kind of name;
    `has_tax` and `has_items` say which line tables there are. A column that an entity lacks is null.
#}
{% macro posting_entities() %}
    {% set sale = {
        'party': "'Customer'", 'party_id': 'customer_id', 'class_id': 'class_id', 'has_tax': true, 'has_items': true,
    } %}
    {% set expense = {'party': "'Vendor'", 'party_id': 'vendor_id', 'has_tax': true, 'has_items': true} %}
    {{ return({
        'Invoice': dict(sale, table='invoice', due_date='due_date'),
        'SalesReceipt': dict(sale, table='sales_receipt'),
        'CreditMemo': dict(sale, table='credit_memo'),
        'RefundReceipt': dict(sale, table='refund_receipt'),
        'Payment': {
            'table': 'payment', 'party': "'Customer'", 'party_id': 'customer_id',
            'doc_number': 'payment_reference_number', 'has_links': true,
        },
        'Deposit': {'table': 'deposit', 'has_tax': true, 'has_links': true},
        'Bill': dict(expense, table='bill', due_date='due_date'),
        'VendorCredit': dict(expense, table='vendor_credit'),
        'BillPayment': {'table': 'bill_payment', 'party': "'Vendor'", 'party_id': 'vendor_id', 'has_links': true},
        'Purchase': dict(expense, table='purchase', party=party_kind('document.entity_type'), party_id='entity_id'),
        'CreditCardPayment': {
            'table': 'credit_card_payment', 'party': "'Vendor'", 'party_id': 'vendor_id', 'department_id': none,
            'total_amount': 'amount',
        },
        'Transfer': {'table': 'transfer', 'doc_number': none, 'department_id': none, 'total_amount': 'amount'},
        'JournalEntry': {'table': 'journal_entry', 'department_id': none, 'has_tax': true},
        'InventoryAdjustment': {
            'table': 'inventory_adjustment', 'party': "'Customer'", 'party_id': 'customer_id', 'class_id': 'class_id',
        },
        'TaxPayment': {
            'table': 'tax_payment', 'transaction_date': 'payment_date', 'doc_number': none, 'department_id': none,
            'currency_id': none, 'exchange_rate': none, 'private_note': 'description', 'total_amount': 'payment_amount',
        },
    }) }}
{% endmacro %}

{# SQL for a kind of name, written as QuickBooks' entity: some fields hold CUSTOMER where others hold Customer. #}
{% macro party_kind(value) %}
    {{ return(
        "case lower(" ~ value ~ ") when 'customer' then 'Customer' when 'vendor' then 'Vendor'"
        ~ " when 'employee' then 'Employee' end"
    ) }}
{% endmacro %}

{# SQL for the entity a LinkedTxn names: payments and expenses go by several names there. #}
{% macro linked_entity(value) %}
    case {{ value }}
        when 'BillPaymentCheck' then 'BillPayment'
        when 'BillPaymentCreditCard' then 'BillPayment'
        when 'Expense' then 'Purchase'
        when 'Check' then 'Purchase'
        when 'CashPurchase' then 'Purchase'
        when 'CreditCardCharge' then 'Purchase'
        when 'CreditCardCredit' then 'Purchase'
        else {{ value }}
    end
{% endmacro %}

{# SQL for the entity behind the name a report gives a type of transaction; the report's own name where none has it. #}
{% macro entity_of_display_name(value) %}
    case {{ value }}
        when 'Sales Receipt' then 'SalesReceipt'
        when 'Credit Memo' then 'CreditMemo'
        when 'Refund' then 'RefundReceipt'
        when 'Refund Receipt' then 'RefundReceipt'
        when 'Vendor Credit' then 'VendorCredit'
        when 'Bill Payment (Check)' then 'BillPayment'
        when 'Bill Payment (Credit Card)' then 'BillPayment'
        when 'Expense' then 'Purchase'
        when 'Check' then 'Purchase'
        when 'Cash Expense' then 'Purchase'
        when 'CC Expense' then 'Purchase'
        when 'CC Credit' then 'Purchase'
        when 'Credit Card Expense' then 'Purchase'
        when 'Credit Card Credit' then 'Purchase'
        when 'CC Bill Payment' then 'BillPayment'
        when 'Credit Card Payment' then 'CreditCardPayment'
        when 'Journal Entry' then 'JournalEntry'
        when 'Inventory Qty Adjust' then 'InventoryAdjustment'
        when 'Sales Tax Payment' then 'TaxPayment'
        when 'Tax Payment' then 'TaxPayment'
        else {{ value }}
    end
{% endmacro %}

{# SQL for a column every document has, of an entity's header; `default` is its usual name, none where few entities have it. #}
{% macro header_column(entity, name, default=true) %}
    {% set column = entity[name] if name in entity else (name if default is true else default) %}
    {{ return('document.' ~ column if column else 'null') }}
{% endmacro %}

{# The kind of every name there is: reports give ids only. QuickBooks numbers customers, vendors and employees in one series. #}
{% macro named_parties() %}
    (
        select realm_id, min(party_type) as party_type, party_id
        from (
            select realm_id, 'Customer' as party_type, id as party_id from {{ ref('qbo__customer') }}
            union all
            select realm_id, 'Vendor', id from {{ ref('qbo__vendor') }}
            union all
            select realm_id, 'Employee', id from {{ ref('qbo__employee') }}
        ) as named
        group by realm_id, party_id
    )
{% endmacro %}
