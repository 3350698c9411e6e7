{# Exact shares of amounts. DuckDB divides decimals as doubles, so shares are taken of whole cents, as integers. #}

{#
    amount × part ÷ whole, rounded half away from zero to the cent; `whole` is positive. All three are decimal(18, 2), so
    their product stays within 128 bits.
#}
{% macro share_of(amount, part, whole) -%}
(case
    -- Most is settled at once: nothing to divide.
    when {{ part }} = {{ whole }} then {{ amount }}
    when {{ part }} = 0 then 0
    else ((2 * {{ cents(amount) }} * {{ cents(part) }} + sign({{ cents(amount) }} * {{ cents(part) }}) * {{ cents(whole) }})
        // (2 * {{ cents(whole) }}))::decimal(18, 0) * 0.01::decimal(3, 2)
end)::decimal(18, 2)
{%- endmacro %}

{% macro cents(amount) -%}
(({{ amount }}) * 100)::hugeint
{%- endmacro %}
