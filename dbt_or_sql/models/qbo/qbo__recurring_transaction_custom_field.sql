-- One row per custom field of a recurring transaction.
{% call qbo_list('recurring_transaction', {'custom': 'CustomField'}, 'field_number', is_wrapped=true) %}
    {{ custom_field_fields() }}
{% endcall %}
