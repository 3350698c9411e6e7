{# Dates of a company's own calendar. #}

{# The number of a month QuickBooks names in English; null for any other text. #}
{% macro month_number(name) -%}
list_position([
    'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'
], {{ name }})
{%- endmacro %}

{# The first day of the fiscal year a day is in, for a year that begins in month number `first_month`. #}
{% macro fiscal_year_start(day, first_month) -%}
(make_date(year({{ day }}), {{ first_month }}, 1)
    - case when month({{ day }}) < {{ first_month }} then interval 1 year else interval 0 year end)::date
{%- endmacro %}
