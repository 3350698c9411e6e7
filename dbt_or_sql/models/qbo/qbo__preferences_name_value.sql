-- One row per further setting of the company.
{% call qbo_list('preferences', {'value': 'OtherPrefs.NameValue'}, 'value_number') %}
    Name   text
    Value  text
{% endcall %}
