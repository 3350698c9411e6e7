{# Amounts of documents, exact: DuckDB divides decimals as doubles, so nothing here divides one. #}

{# An amount of the operational system, which has four decimals, to the cent; half a cent away from zero. #}
{% macro to_cent(amount) -%}
round({{ amount }}, 2)::decimal(18, 2)
{%- endmacro %}

{# So many per cent of an amount, to the cent. #}
{% macro percent_of(amount, percent) -%}
round({{ amount }} * {{ percent }} * 0.01::decimal(3, 2), 2)::decimal(18, 2)
{%- endmacro %}

{# Minutes as hours, to ten decimals. #}
{% macro hours_of(minutes) -%}
((2 * {{ minutes }}::hugeint * 10000000000 + 60) // 120)::decimal(28, 0) * 0.0000000001::decimal(10, 10)
{%- endmacro %}

{# What minutes cost at an hourly rate of four decimals, to the cent. #}
{% macro price_of_minutes(minutes, rate) -%}
(((2 * {{ minutes }}::hugeint * ({{ rate }} * 10000)::hugeint + 6000) // 12000)::decimal(18, 0) * 0.01::decimal(3, 2))::decimal(18, 2)
{%- endmacro %}
