-- One row per line of a purchase.
{% call qbo_line('purchase') %}
    {{ expense_line_fields() }}
{% endcall %}
