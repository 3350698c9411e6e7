-- One row per custom field of a refund receipt.
{% call qbo_list('refund_receipt', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
