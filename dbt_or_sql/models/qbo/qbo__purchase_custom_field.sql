-- One row per custom field of a purchase.
{% call qbo_list('purchase', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
