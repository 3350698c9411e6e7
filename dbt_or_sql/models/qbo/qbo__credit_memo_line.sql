-- One row per line of a credit memo, the lines of a group after their group.
{% call qbo_line('credit_memo') %}
    {{ sales_line_fields() }}
{% endcall %}
