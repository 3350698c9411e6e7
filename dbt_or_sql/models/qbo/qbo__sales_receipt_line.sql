-- One row per line of a sales receipt, the lines of a group after their group.
{% call qbo_line('sales_receipt') %}
    {{ sales_line_fields() }}
{% endcall %}
