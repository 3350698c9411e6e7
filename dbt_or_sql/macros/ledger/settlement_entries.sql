{#
    Payment: debit undeposited funds or the bank at the payment's own rate; credit A/R with what each invoice was booked at, and
    with what is left of the money at the payment's rate; what the two differ by is exchange gain or loss. Bill payment: the
    mirror on A/P, from a bank account or a card. Credits used are taken off at what they were booked at.
#}
{% macro settlement_entries() %}
    {% set entries = [] %}
    {% for entity, settlement in settlements().items() %}
        {% do entries.append(settlement_money(entity, settlement)) %}
        {% do entries.append(settlement_control(entity, settlement)) %}
    {% endfor %}
    {{ return(entries | join('\nunion all\n')) }}
{% endmacro %}

{# The money. #}
{% macro settlement_money(entity, settlement) %}
select
    {% if entity == 'Payment' %}
    {{ entry({
        'section': '1',
        'account_id': 'coalesce(document.deposit_to_account_id, choice.account_id)',
        'role': role_of_receipt(),
        'amount': 'document.total_amount',
    }) }}
    {{ changed_of(entity) }}
    {{ join_choice('undeposited') }}
    {% else %}
    {{ entry({
        'section': '1',
        'account_id': 'coalesce(document.check_bank_account_id, document.credit_card_account_id)',
        'role': "case when document.pay_type = 'CreditCard' then 'card' else 'bank' end",
        'amount': '-document.total_amount',
    }) }}
    {{ changed_of(entity) }}
    {% endif %}
where {{ is_posted(entity) }}
{% endmacro %}

{# The receivable or payable: one entry, as QuickBooks shows it. #}
{% macro settlement_control(entity, settlement) %}
{% set account = 'receivable_account_id' if entity == 'Payment' else 'payable_account_id' %}
select
    {{ entry({
        'section': '2',
        'account_id': 'coalesce(document.' ~ account ~ ', party.account_id, choice.account_id)',
        'role': "'" ~ settlement.side ~ "'",
        'amount': -settlement.sign ~ ' * document.total_amount',
        'home': -settlement.sign ~ ' * (coalesce(applied.target_home_amount - applied.credit_home_amount, 0)'
            ~ ' + ' ~ home_amount('(document.total_amount - coalesce(applied.money_amount, 0))', 'changed.exchange_rate') ~ ')',
    }) }}
    {{ changed_of(entity) }}
    {{ join_control_account('Customer' if entity == 'Payment' else 'Vendor') }}
    left join applied on applied.document_row = changed.document_row
where {{ is_posted(entity) }}
{% endmacro %}

{# CTE `applied`: of each payment, what it settled, as booked, and what it settled with: credits as booked, and its own money. #}
{% macro applied_amounts() %}
applied as (
    select
        changed.document_row,
        sum(application.target_home_amount) as target_home_amount,
        coalesce(sum(application.source_home_amount) filter (where not application.is_money), 0) as credit_home_amount,
        coalesce(sum(application.amount) filter (where application.is_money), 0) as money_amount
    from (
        select *, source_type = settled_by_type and source_id = settled_by_id as is_money
        from {{ ref('ledger__application') }}
        where settled_by_type in ('Payment', 'BillPayment')
    ) as application
    inner join changed
        on changed.realm_id = application.realm_id
        and changed.transaction_type = application.settled_by_type
        and changed.transaction_id = application.settled_by_id
    group by changed.document_row
)
{% endmacro %}
