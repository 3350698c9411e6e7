{#
    Sales forms. Invoice: debit A/R; sales receipt: debit undeposited funds or the bank; both credit income per line, shipping
    and tax, and debit discounts. Credit memo and refund receipt the other way round. A bundle posts by the lines inside it.
#}
{% macro sale_entries() %}
    {% set entries = [] %}
    {% for entity, sign in {'Invoice': 1, 'SalesReceipt': 1, 'CreditMemo': -1, 'RefundReceipt': -1}.items() %}
        {% do entries.append(sale_total(entity, sign)) %}
        {% do entries.append(sale_line_entries(entity, sign)) %}
        {% do entries.append(tax_entries(entity, -sign)) %}
        {% do entries.append(untold_tax_entry(entity, -sign)) %}
    {% endfor %}
    {% do entries.append(invoice_deposit_entries()) %}
    {{ return(entries | join('\nunion all\n')) }}
{% endmacro %}

{# The total: on the receivable, or where the money went. #}
{% macro sale_total(entity, sign) %}
{% set on_account = entity in ['Invoice', 'CreditMemo'] %}
select
    {{ entry({
        'section': '1',
        'account_id': 'coalesce(party.account_id, choice.account_id)' if on_account
            else 'coalesce(document.deposit_to_account_id, choice.account_id)',
        'role': "'receivable'" if on_account else role_of_receipt(),
        'amount': sign ~ ' * document.total_amount',
    }) }}
    {{ changed_of(entity) }}
    {% if on_account %}
    {{ join_control_account('Customer') }}
    {% else %}
    {{ join_choice('undeposited') }}
    {% endif %}
where {{ is_posted(entity) }}
{% endmacro %}

{# The lines: the account on the line, else the item's, else the company's for shipping and discounts. #}
{% macro sale_line_entries(entity, sign) %}
select
    {{ entry({
        'section': '2',
        'line_number': 'line.line_number',
        'account_id': "case line.detail_type when 'DiscountLineDetail'"
            ~ " then coalesce(line.discount_account_id, discount.account_id)"
            ~ " else coalesce(line.item_account_id, choice.account_id, shipping.account_id) end",
        'role': "case when line.detail_type = 'DiscountLineDetail' then 'discount'"
            ~ " when line.item_id = 'SHIPPING_ITEM_ID' then 'shipping' else 'income' end",
        'class_id': 'coalesce(line.class_id, changed.class_id)',
        'item_id': 'line.item_id',
        'description': 'coalesce(line.description, changed.description)',
        'amount': "case line.detail_type when 'DiscountLineDetail' then " ~ sign ~ ' else ' ~ -sign ~ ' end * line.amount',
    }) }}
    {{ changed_lines_of(entity) }}
    {{ join_choice('item_income', 'line.item_id') }}
    {{ join_choice('discount', name='discount') }}
    {{ join_choice('shipping', name='shipping') }}
        and line.item_id = 'SHIPPING_ITEM_ID'
where {{ is_posted(entity) }}
    and line.detail_type in ('SalesItemLineDetail', 'DiscountLineDetail', 'ReimburseLineDetail')
{% endmacro %}

{# A deposit taken on an invoice: debit where the money went, credit A/R. #}
{% macro invoice_deposit_entries() %}
{% for side, amount in {'debit': 'document.deposit', 'credit': '-document.deposit'}.items() %}
select
    {{ entry({
        'section': '1',
        'account_id': 'coalesce(document.deposit_to_account_id, choice.account_id)' if side == 'debit'
            else 'coalesce(party.account_id, choice.account_id)',
        'role': "'deposit'" if side == 'debit' else "'receivable'",
        'amount': amount,
    }) }}
    {{ changed_of('Invoice') }}
    {% if side == 'debit' %}{{ join_choice('undeposited') }}{% else %}{{ join_control_account('Customer') }}{% endif %}
where {{ is_posted('Invoice') }} and document.deposit > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}

{# Money received stands in undeposited funds until it is deposited, unless the document names another account. #}
{% macro role_of_receipt() %}
    {{ return(
        "case when coalesce(document.deposit_to_account_id, choice.account_id) = choice.account_id"
        ~ " then 'undeposited' else 'bank' end"
    ) }}
{% endmacro %}
