{#
    Bill: debit expense, stock or another account per line and the tax reclaimed, credit A/P. Purchase: the same, credit the bank
    or card it was paid from; `Credit` turns a card purchase round. Vendor credit: the bill the other way round.
#}
{% macro expense_entries() %}
    {% set entries = [] %}
    {% for entity, sign in {'Bill': '1', 'VendorCredit': '-1', 'Purchase': purchase_sign()}.items() %}
        {% do entries.append(expense_total(entity, sign)) %}
        {% do entries.append(expense_line_entries(entity, sign)) %}
        {% do entries.append(tax_entries(entity, '(' ~ sign ~ ')')) %}
        {% do entries.append(untold_tax_entry(entity, '(' ~ sign ~ ')')) %}
    {% endfor %}
    {{ return(entries | join('\nunion all\n')) }}
{% endmacro %}

{% macro purchase_sign() %}{{ return('case when document.is_credit then -1 else 1 end') }}{% endmacro %}

{# The total: on the payable, or on the bank account or card. #}
{% macro expense_total(entity, sign) %}
{% set on_account = entity != 'Purchase' %}
select
    {{ entry({
        'section': '1',
        'account_id': 'coalesce(document.payable_account_id, party.account_id, choice.account_id)' if on_account
            else 'document.account_id',
        'role': "'payable'" if on_account else "case document.payment_type when 'CreditCard' then 'card' else 'bank' end",
        'amount': '-(' ~ sign ~ ') * document.total_amount',
    }) }}
    {{ changed_of(entity) }}
    {% if on_account %}{{ join_control_account('Vendor') }}{% endif %}
where {{ is_posted(entity) }}
{% endmacro %}

{# The lines: the account on the line or, for an item, its stock account if it is kept in stock, else its expense account. #}
{% macro expense_line_entries(entity, sign) %}
select
    {{ entry({
        'section': '2',
        'line_number': 'line.line_number',
        'account_id': 'coalesce(line.account_id, stock.account_id, choice.account_id)',
        'role': "case when line.account_id is null and stock.account_id is not null then 'inventory' else 'expense' end",
        'customer_id': "coalesce(line.customer_id, case when changed.party_type = 'Customer' then changed.party_id end)",
        'class_id': 'coalesce(line.class_id, changed.class_id)',
        'item_id': 'line.item_id',
        'description': 'coalesce(line.description, changed.description)',
        'amount': '(' ~ sign ~ ') * line.amount',
    }) }}
    {{ changed_lines_of(entity) }}
    {{ join_header(entity) }}
    {{ join_choice('item_purchase', 'line.item_id') }}
    {{ join_choice('item_stock', 'line.item_id', 'stock') }}
        and changed.transaction_date >= stock.from_date
where {{ is_posted(entity) }}
    and line.detail_type in ('AccountBasedExpenseLineDetail', 'ItemBasedExpenseLineDetail')
{% endmacro %}
