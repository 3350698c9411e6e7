-- One row per line of a purchase order.
{% call qbo_line('purchase_order') %}
    {{ expense_line_fields() }}
{% endcall %}
