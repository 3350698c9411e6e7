-- One row per line of an invoice, the lines of a group after their group.
{% call qbo_line('invoice') %}
    {{ sales_line_fields() }}
{% endcall %}
