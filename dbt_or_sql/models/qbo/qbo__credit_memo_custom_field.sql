-- One row per custom field of a credit memo.
{% call qbo_list('credit_memo', {'custom': 'CustomField'}, 'field_number') %}
    {{ custom_field_fields() }}
{% endcall %}
