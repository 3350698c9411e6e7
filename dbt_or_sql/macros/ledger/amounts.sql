{# SQL for an amount of a document in home currency, to the cent, half up; QuickBooks gives no rate in home currency. #}
{% macro home_amount(amount, rate) -%}
    round({{ amount }} * coalesce({{ rate }}, 1), 2)::decimal(18, 2)
{%- endmacro %}
