-- One row per line of a refund receipt, the lines of a group after their group.
{% call qbo_line('refund_receipt') %}
    {{ sales_line_fields() }}
{% endcall %}
