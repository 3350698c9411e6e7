-- One row per custom field of an invoice.
{% call qbo_list('invoice', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
