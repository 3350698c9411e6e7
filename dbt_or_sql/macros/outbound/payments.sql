{# Payments as the outbound models tell them apart. #}

{# The QuickBooks payment that a text names as the one it came from (`qbo:145`); null where it names none. #}
{% macro from_quickbooks(text) -%}
nullif(regexp_extract({{ text }}, '^\s*(?i:qbo):\s*(\d+)\s*$', 1), '')
{%- endmacro %}

{# The expense category that what card companies keep is mapped by. #}
{% macro fee_category() -%}
Processor fees
{%- endmacro %}
