-- One row per custom field of an estimate.
{% call qbo_list('estimate', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
