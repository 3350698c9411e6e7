{#
    An entry is a posting before it is dated and numbered: the amount of one side of a document (`document_row` in `changed`),
    debit positive, in the document's currency. Every macro of postings yields entries with these columns, in this order.

    section   1 for the document's own side, 2 for its lines, 3 for taxes: how postings are numbered
    home      the amount in home currency where it does not follow from the document's rate
#}
{% macro entry_columns() %}
    {{ return([
        'section', 'line_number', 'account_id', 'role', 'party_type', 'party_id', 'customer_id', 'vendor_id',
        'class_id', 'department_id', 'item_id', 'tax_agency_id', 'description', 'amount', 'home',
    ]) }}
{% endmacro %}

{#
    The select list of entries: the values given, null for the others, and of the document `changed` what a line does not say
    itself: whom the posting stands under, class, department and memo.
#}
{% macro entry(values) %}
    {% set of_document = {
        'party_type': 'changed.party_type', 'party_id': 'changed.party_id',
        'customer_id': "case when changed.party_type = 'Customer' then changed.party_id end",
        'vendor_id': "case when changed.party_type = 'Vendor' then changed.party_id end",
        'class_id': 'changed.class_id', 'department_id': 'changed.department_id', 'description': 'changed.description',
    } %}
    {% set types = {'section': 'integer', 'line_number': 'bigint', 'amount': 'decimal(18, 2)', 'home': 'decimal(18, 2)'} %}
    changed.document_row,
    {% for name in entry_columns() %}
    ({{ values.get(name, of_document.get(name, 'null')) }})::{{ types.get(name, 'varchar') }} as {{ name }}
    {{- ',' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# The documents of an entity to compute: `changed` beside the entity's own header, `document`. #}
{% macro changed_of(entity) %}
    from changed
    {{ join_header(entity) }}
{% endmacro %}

{# The lines of an entity's documents to compute, or another table keyed by the document. #}
{% macro changed_lines_of(entity, suffix='line') %}
    {% set table = posting_entities()[entity].table %}
    from changed
    inner join {{ ref('qbo__' ~ table ~ '_' ~ suffix) }} as line
        on line.realm_id = changed.realm_id and line.{{ table }}_id = changed.transaction_id
{% endmacro %}

{# Only living documents of the entity post. #}
{% macro is_posted(entity) -%}
    changed.transaction_type = '{{ entity }}' and changed.is_posted
{%- endmacro %}

{# Join the account chosen for a purpose, by the document's currency, by a column of a line, or for the whole company. #}
{% macro join_choice(purpose, key="''", name='choice') %}
    left join {{ ref('ledger__account_choice') }} as {{ name }}
        on {{ name }}.realm_id = changed.realm_id and {{ name }}.purpose = '{{ purpose }}' and {{ name }}.key = {{ key }}
{% endmacro %}

{# Join the receivable or payable of a document: its customer's or vendor's own as `party`, that of its currency as `choice`. #}
{% macro join_control_account(party) %}
    {% set purposes = {'Customer': ('customer_receivable', 'receivable'), 'Vendor': ('vendor_payable', 'payable')}[party] %}
    {{ join_choice(purposes[0], 'changed.party_id', 'party') }}
    {{ join_choice(purposes[1], 'changed.currency_id') }}
{% endmacro %}

{# Join an entity's header as `document`, where a line's side depends on it. #}
{% macro join_header(entity) %}
    inner join {{ ref('qbo__' ~ posting_entities()[entity].table) }} as document
        on document.realm_id = changed.realm_id and document.id = changed.transaction_id
{% endmacro %}

{# Entries of a document's taxes. `sign` is SQL for 1 where tax is a debit, -1 where it is a credit. #}
{% macro tax_entries(entity, sign) %}
select
    {{ entry({
        'section': '3', 'account_id': 'choice.account_id', 'role': "'tax'", 'tax_agency_id': 'choice.tax_agency_id',
        'amount': sign ~ ' * line.amount',
    }) }}
    {{ changed_lines_of(entity, 'tax_line') }}
    {% if 'document.' in sign | string %}{{ join_header(entity) }}{% endif %}
    {{ join_choice('tax_rate', 'line.tax_rate_id') }}
where {{ is_posted(entity) }}
{% endmacro %}

{# Tax that a document tells as a total only, without a line that would name the agency. #}
{% macro untold_tax_entry(entity, sign) %}
{% set table = posting_entities()[entity].table %}
select
    {{ entry({
        'section': '3', 'account_id': 'choice.account_id', 'role': "'tax'", 'amount': sign ~ ' * document.total_tax',
    }) }}
    {{ changed_of(entity) }}
    left join {{ ref('qbo__' ~ table ~ '_tax_line') }} as line
        on line.realm_id = document.realm_id and line.{{ table }}_id = document.id
    {{ join_choice('tax') }}
where {{ is_posted(entity) }} and document.total_tax <> 0 and line.realm_id is null
{% endmacro %}
