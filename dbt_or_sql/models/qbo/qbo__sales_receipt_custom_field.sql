-- One row per custom field of a sales receipt.
{% call qbo_list('sales_receipt', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
