{# Where a model's table stands, and how one model names another. #}

{# `qbo__invoice` builds `qbo.invoice`: model names stay unique in the project, table names stay plain. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{ return(custom_alias_name or node.name.split('__') | last) }}
{%- endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(custom_schema_name or target.schema) }}
{%- endmacro %}

{# DuckDB names a database after its file, so a view that spelled it out would break in the copy analysts open. #}
{% macro ref() -%}
    {{ return(builtins.ref(*varargs, **kwargs).include(database=false)) }}
{%- endmacro %}

{% macro source() -%}
    {{ return(builtins.source(*varargs, **kwargs).include(database=false)) }}
{%- endmacro %}
