{# How long an entry is billed for: at least the minimum, then rounded to a multiple of the increment; half of one goes up. #}
{% macro billed_minutes(net, minimum, increment, mode) -%}
case
    when {{ net }} <= 0 or coalesce({{ increment }}, 0) <= 0 or coalesce({{ mode }}, 'none') = 'none'
        then {{ at_least(net, minimum) }}
    when {{ mode }} = 'up' then ({{ at_least(net, minimum) }} + {{ increment }} - 1) // {{ increment }} * {{ increment }}
    when {{ mode }} = 'nearest' then (2 * {{ at_least(net, minimum) }} + {{ increment }}) // (2 * {{ increment }}) * {{ increment }}
    else {{ at_least(net, minimum) }} // {{ increment }} * {{ increment }}
end
{%- endmacro %}

{# Minutes raised to a minimum; what comes to no time is raised to nothing. #}
{% macro at_least(net, minimum) -%}
case when {{ net }} > 0 then greatest({{ net }}, coalesce({{ minimum }}, 0)) else {{ net }} end
{%- endmacro %}

{# Which of its conditions a rate names, a bit for each: contract before customer, role, type of work and person. #}
{% macro rate_conditions(rate) -%}
(
    case when {{ rate }}.contract_id is not null then 16 else 0 end
    + case when {{ rate }}.company_id is not null then 8 else 0 end
    + case when {{ rate }}.work_role is not null then 4 else 0 end
    + case when {{ rate }}.work_type is not null then 2 else 0 end
    + case when {{ rate }}.user_id is not null then 1 else 0 end
)
{%- endmacro %}
