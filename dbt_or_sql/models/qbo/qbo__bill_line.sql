-- One row per line of a bill.
{% call qbo_line('bill') %}
    {{ expense_line_fields() }}
{% endcall %}
