{#
    Tables that hold something of every document are built of the documents that changed since they were built last.
    ledger.document_change numbers the builds that changed something; each row of such a table carries, in change_number,
    the newest build it was made at. A document that is gone is changed too: its rows are removed and none come back.
#}

{# The documents this table has yet to take in. #}
{% macro changed_in_books() %}
    select realm_id, transaction_type, transaction_id
    from {{ ref('ledger__document_change') }}
    where change_number > (select coalesce(max(change_number), 0) from {{ this.include(database=false) }})
{% endmacro %}

{# A condition that keeps changed documents only; a table built for the first time keeps all. #}
{% macro is_changed_in_books(type_column='transaction_type', id_column='transaction_id', of=none) -%}
    {%- if is_incremental() -%}
        ({{ of ~ '.' if of }}realm_id, {{ type_column }}, {{ id_column }}) in ({{ changed_in_books() }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# The newest build, which every row written now has taken in. #}
{% macro newest_change() -%}
    (select coalesce(max(change_number), 0) from {{ ref('ledger__document_change') }})
{%- endmacro %}

{% macro get_incremental_changed_in_books_sql(arguments) %}
    {% set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') %}
    delete from {{ arguments.target_relation }}
    where (realm_id, transaction_type, transaction_id) in ({{ changed_in_books() }});
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}

{#
    What the tables built by document are made with. It goes into every document's fingerprint, so that changed SQL builds
    all documents anew. Macros do not show in it: raise the number when one changes what an unchanged ledger yields.
#}
{% macro document_definition() %}
    {% set tables = ['ledger__cash_posting', 'finance__document_balance', 'finance__paid_revenue', 'finance__document_measure'] %}
    {% set found = [] %}
    {% if execute %}
        {% for name in tables %}
            {% do found.extend(graph.nodes.values() | selectattr('name', 'equalto', name) | map(attribute='raw_code') | list) %}
        {% endfor %}
    {% endif %}
    {{ return(local_md5(found | join('\n') ~ ' 1')) }}
{% endmacro %}
