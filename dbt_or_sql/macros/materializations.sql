{#
    How tables and views are made: in place of dbt-duckdb's materialisations, which serve what this project has no use for (other
    databases attached, foreign keys, indexes, grants) with a dozen statements a model. A tick builds sixty models or more, most
    of which have little to do, so what every model pays counts.

    DuckDB replaces a table within the transaction that makes it: until it commits, and after a failure, the former one stands.
#}

{% materialization table, adapter='duckdb' %}
    {% set target_relation = this.incorporate(type='table') %}
    {{ run_hooks(pre_hooks) }}
    {% do replace_with_table(target_relation) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {% set existing = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='view') %}
    {{ run_hooks(pre_hooks) }}
    {% if existing and not existing.is_view %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') %}create or replace view {{ target_relation }} as ({{ compiled_code }}){% endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# Rows computed of what changed meet the table by the model's incremental strategy; its columns follow the model's. #}
{% materialization incremental, adapter='duckdb' %}
    {% set existing = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {{ run_hooks(pre_hooks) }}
    {% if existing is none or existing.is_view or should_full_refresh() %}
        {% do replace_with_table(target_relation) %}
    {% else %}
        {% set rows = make_temp_relation(target_relation) %}
        {% call statement('rows') %}create temporary table {{ rows }} as ({{ compiled_code }}){% endcall %}
        {% set make_strategy_sql = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy')) %}
        {% set arguments = {
            'target_relation': target_relation, 'temp_relation': rows, 'unique_key': config.get('unique_key'),
            'dest_columns': agreed_columns(rows, existing), 'incremental_predicates': none,
        } %}
        {% call statement('main') %}
            {{ make_strategy_sql(arguments) }};
            drop table {{ rows }}
        {% endcall %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro replace_with_table(relation) %}
    {% set existing = load_cached_relation(this) %}
    {% if existing and existing.is_view %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') %}create or replace table {{ relation }} as ({{ compiled_code }}){% endcall %}
{% endmacro %}

{# The columns of new rows and of the table they go to, brought to agree first where the model changed. #}
{% macro agreed_columns(rows, table) %}
    {% set found = run_query(
        "select column_name, made.column_type, kept.column_type is not distinct from made.column_type as is_same"
        ~ " from (describe " ~ rows ~ ") as made full join (describe " ~ table ~ ") as kept using (column_name)"
    ).rows %}
    {% if found | rejectattr('2') | list %}
        {{ return(process_schema_changes(incremental_validate_on_schema_change(config.get('on_schema_change')), rows, table)
            or adapter.get_columns_in_relation(table)) }}
    {% endif %}
    {% set columns = [] %}
    {% for name, type, is_same in found %}{% do columns.append(api.Column.create(name, type)) %}{% endfor %}
    {{ return(columns) }}
{% endmacro %}
