{#
    Deposit: debit the bank with all lines less the cash kept back, and the account the cash went to; credit undeposited funds
    per payment put in, as it was booked there, and the account of each other line (a negative one, a fee, is a debit).
    Transfer: debit the account it goes to, credit the other. Card payment: debit the card, credit the bank. Tax payment: debit
    the tax owed, credit the bank, and a refund the other way round.
#}
{% macro bank_entries() %}
    {{ return([
        deposit_total(), deposit_cash_back(), deposited_payments(), deposit_line_entries(), tax_entries('Deposit', -1),
        transfer_entries(), card_payment_entries(), tax_payment_entries(),
    ] | join('\nunion all\n')) }}
{% endmacro %}

{% macro deposit_total() %}
select
    {{ entry({
        'section': '1',
        'account_id': 'document.deposit_to_account_id',
        'role': "'bank'",
        'amount': 'coalesce(lines.amount, 0) + coalesce(taxes.amount, 0) - coalesce(document.cash_back_amount, 0)',
    }) }}
    {{ changed_of('Deposit') }}
    {% for name, table in {'lines': 'deposit_line', 'taxes': 'deposit_tax_line'}.items() %}
    left join (
        select realm_id, deposit_id, sum(amount) as amount from {{ ref('qbo__' ~ table) }} group by realm_id, deposit_id
    ) as {{ name }}
        on {{ name }}.realm_id = document.realm_id and {{ name }}.deposit_id = document.id
    {% endfor %}
where {{ is_posted('Deposit') }}
{% endmacro %}

{% macro deposit_cash_back() %}
select
    {{ entry({
        'section': '2', 'account_id': 'document.cash_back_account_id', 'role': "'cash_back'",
        'description': 'document.cash_back_memo', 'amount': 'document.cash_back_amount',
    }) }}
    {{ changed_of('Deposit') }}
where {{ is_posted('Deposit') }}
{% endmacro %}

{# What lay in undeposited funds leaves it at the rate it came in with. #}
{% macro deposited_payments() %}
select
    {{ entry({
        'section': '2',
        'line_number': 'line.line_number',
        'account_id': 'coalesce(payment.deposit_to_account_id, sales_receipt.deposit_to_account_id,'
            ~ ' refund_receipt.deposit_to_account_id, choice.account_id)',
        'role': "'undeposited'",
        'party_type': 'linked.party_type',
        'party_id': 'linked.party_id',
        'customer_id': "case when linked.party_type = 'Customer' then linked.party_id end",
        'vendor_id': "case when linked.party_type = 'Vendor' then linked.party_id end",
        'description': 'coalesce(line.description, changed.description)',
        'amount': '-line.amount',
        'home': home_amount('-line.amount', 'coalesce(linked.exchange_rate, changed.exchange_rate)'),
    }) }}
    {{ changed_lines_of('Deposit') }}
    inner join {{ ref('qbo__deposit_linked_txn') }} as link
        on link.realm_id = line.realm_id and link.deposit_id = line.deposit_id and link.line_number = line.line_number
    left join {{ ref('ledger__document') }} as linked
        on linked.realm_id = link.realm_id
        and linked.transaction_type = {{ linked_entity('link.linked_transaction_type') }}
        and linked.transaction_id = link.linked_transaction_id
    {% for table in ['payment', 'sales_receipt', 'refund_receipt'] %}
    left join {{ ref('qbo__' ~ table) }} as {{ table }}
        on {{ table }}.realm_id = link.realm_id
        and {{ table }}.id = link.linked_transaction_id
        and link.linked_transaction_type = '{{ table.split('_') | map('capitalize') | join }}'
    {% endfor %}
    {{ join_choice('undeposited') }}
where {{ is_posted('Deposit') }}
{% endmacro %}

{% macro deposit_line_entries() %}
select
    {{ entry({
        'section': '2',
        'line_number': 'line.line_number',
        'account_id': 'line.account_id',
        'role': "'deposit_line'",
        'party_type': party_kind('line.entity_type'),
        'party_id': 'line.entity_id',
        'customer_id': "case when lower(line.entity_type) = 'customer' then line.entity_id end",
        'vendor_id': "case when lower(line.entity_type) = 'vendor' then line.entity_id end",
        'class_id': 'line.class_id',
        'description': 'coalesce(line.description, changed.description)',
        'amount': '-line.amount',
    }) }}
    {{ changed_lines_of('Deposit') }}
    left join {{ ref('qbo__deposit_linked_txn') }} as link
        on link.realm_id = line.realm_id and link.deposit_id = line.deposit_id and link.line_number = line.line_number
where {{ is_posted('Deposit') }} and link.realm_id is null
{% endmacro %}

{% macro transfer_entries() %}
{% for column, amount in {'to_account_id': 'document.amount', 'from_account_id': '-document.amount'}.items() %}
select
    {{ entry({
        'section': loop.index | string, 'account_id': 'document.' ~ column, 'role': "'transfer'", 'amount': amount,
    }) }}
    {{ changed_of('Transfer') }}
where {{ is_posted('Transfer') }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}

{% macro card_payment_entries() %}
{% for role, column, amount in [
    ('card', 'credit_card_account_id', 'document.amount'), ('bank', 'bank_account_id', '-document.amount'),
] %}
select
    {{ entry({
        'section': loop.index | string, 'account_id': 'document.' ~ column, 'role': "'" ~ role ~ "'", 'amount': amount,
    }) }}
    {{ changed_of('CreditCardPayment') }}
where {{ is_posted('CreditCardPayment') }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}

{% macro tax_payment_entries() %}
{% set amount = 'case when document.is_refund then -1 else 1 end * document.payment_amount' %}
select
    {{ entry({'section': '1', 'account_id': 'document.payment_account_id', 'role': "'bank'", 'amount': '-(' ~ amount ~ ')'}) }}
    {{ changed_of('TaxPayment') }}
where {{ is_posted('TaxPayment') }}
union all
select
    {{ entry({'section': '2', 'account_id': 'choice.account_id', 'role': "'tax'", 'amount': amount}) }}
    {{ changed_of('TaxPayment') }}
    {{ join_choice('tax') }}
where {{ is_posted('TaxPayment') }}
{% endmacro %}
