{#
    As many threads as a raw table's rows can feed. DuckDB hands a scan out by row groups: a thread for which there is none
    does not sleep but spins, and doubled the processor time of typing a company's whole year.
#}
{% macro use_threads_for_raw_rows() %}
    {% if execute and typed_table() %}
    {% do run_query('reset threads') %}
    {% set found = run_query(
        "select least(current_setting('threads')::bigint, 1 + estimated_size // " ~ row_group_rows() ~ ")
        from duckdb_tables()
        where database_name = current_database() and schema_name = 'raw_qbo' and table_name = '" ~ typed_table().entity ~ "'"
    ) %}
    {% if found.rows | length > 0 %}set threads = {{ found.rows[0][0] }}{% endif %}
    {% endif %}
{% endmacro %}

{# What other models find is what the machine has. #}
{% macro use_all_threads() %}
    {{ return('reset threads' if typed_table() else '') }}
{% endmacro %}

{# DuckDB's own default, which every table of the warehouse has. #}
{% macro row_group_rows() %}{{ return(122880) }}{% endmacro %}
