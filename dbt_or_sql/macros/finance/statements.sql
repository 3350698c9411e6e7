{# What the statements share. #}

{# The account earlier years' results are in, by its subtype; a company without one shows them as unresolved. #}
{% macro retained_earnings() -%}
coalesce(min(account_id) filter (where account_sub_type = 'RetainedEarnings'), 'unresolved')
{%- endmacro %}

{# The same account of `relation` an interval of months before the row at hand; null where there was none yet. #}
{% macro compared_with(relation, alias, interval) %}
left join {{ relation }} as {{ alias }}
    on {{ alias }}.realm_id = now.realm_id and {{ alias }}.accounting_method = now.accounting_method
    and {{ alias }}.account_id is not distinct from now.account_id and {{ alias }}.month = (now.month - interval {{ interval }})::date
{% endmacro %}
