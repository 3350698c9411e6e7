-- One row per custom field of a purchase order.
{% call qbo_list('purchase_order', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
