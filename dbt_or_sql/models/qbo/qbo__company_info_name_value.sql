-- One row per further property of the company.
{% call qbo_list('company_info', {'value': 'NameValue'}, 'value_number') %}
    Name   text
    Value  text
{% endcall %}
