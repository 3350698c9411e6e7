{# What the operational system says now, of tables that hold every version seen. #}

{# The current rows of a table of the operational system, deleted ones included. #}
{% macro current_rows(table) -%}
(
    select * exclude (loaded_at)
    from {{ source('raw_ops', table) }}
    qualify row_number() over (
        partition by {{ ops_key(table) | join(', ') }}
        order by updated_at desc, loaded_at desc, rowid desc
    ) = 1
)
{%- endmacro %}

{# The key of a table, as its source declares it. #}
{% macro ops_key(table) %}
    {% if not execute %}
        {{ return(['id']) }}
    {% endif %}
    {% set found = graph.sources.values() | selectattr('source_name', 'equalto', 'raw_ops') | selectattr('name', 'equalto', table) | first %}
    {{ return(found.config.meta.key) }}
{% endmacro %}

{#
    How far each outbound model has read the tables of the operational system and of schema sync's settings, remembered like a typed
    table's watermark: per model and source, for this wording of the model.
#}
{% macro note_what_was_read() %}
    {% if execute %}
    {% for source_name, table in model.sources if source_name == 'raw_ops' %}
    insert or replace into sync.model_watermark
    select
        '{{ this.schema }}.{{ this.identifier }} of raw_ops.{{ table }}',
        '{{ local_md5(model.raw_code ~ model.config.meta.outbound_definition) }}',
        coalesce(max(loaded_at), '-infinity'::timestamptz)
    from raw_ops.{{ table }}{{ ';' if not loop.last }}
    {% endfor %}
    {% endif %}
{% endmacro %}
