{#
    Incremental typing. A typed table remembers the last load it has read; a run re-types only the records of later
    loads, from all their versions, and replaces them. Rows, deletions and the watermark change in one transaction.

    The watermark belongs to one definition of the table: when its fields or the macros behind them change, it counts
    for nothing and every record is typed again.
#}

{# The records that later loads than this model's last one brought versions of. #}
{% macro touched_records() %}
    select realm_id, id
    from {{ source('raw_qbo', typed_table().entity) }}
    where loaded_at > coalesce(
        (
            select loaded_at from sync.model_watermark
            where model = '{{ this.schema }}.{{ this.identifier }}' and definition = '{{ typed_table().definition }}'
        ),
        '-infinity'::timestamptz
    )
{% endmacro %}

{% macro get_incremental_touched_sql(arguments) %}
    {% set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') %}
    delete from {{ arguments.target_relation }}
    where (realm_id, {{ typed_table().document_id }}) in ({{ touched_records() }});
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}

{% macro move_watermark() %}
    {% if typed_table() %}
        insert or replace into sync.model_watermark
        select
            '{{ this.schema }}.{{ this.identifier }}', '{{ typed_table().definition }}',
            coalesce(max(loaded_at), '-infinity'::timestamptz)
        from {{ source('raw_qbo', typed_table().entity) }}
    {% endif %}
{% endmacro %}

{# What `declare_typed_table` said of the model being built; nothing for a view. #}
{% macro typed_table() %}
    {{ return(model.config.meta.get('typed_table') if model.config is defined else none) }}
{% endmacro %}

{# Every value that did not fit, over all typed tables there are; made by looking, so that no list of tables is kept. #}
{% macro create_unreadable_value_view() %}
    {% if execute %}
    {% set found = run_query(
        "select t.schema_name, t.table_name, c.column_name
        from duckdb_columns() as t
        inner join duckdb_columns() as c using (database_name, schema_name, table_name)
        where t.database_name = current_database() and t.schema_name = 'qbo'
            and t.column_name = 'unreadable_fields' and c.column_index = 2
        order by t.table_name"
    ) %}
    {% if found.rows | length > 0 %}
    create or replace view sync.unreadable_value as
    {% for schema, table, id_column in found.rows %}
    select
        realm_id,
        '{{ table if id_column == 'id' else id_column[:-3] }}' as entity,
        {{ id_column }} as id,
        unnest(unreadable_fields) as field
    from {{ schema }}.{{ table }}
    where unreadable_fields is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% endif %}
    {% endif %}
{% endmacro %}
