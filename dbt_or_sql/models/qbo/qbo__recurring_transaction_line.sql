-- One row per line of a recurring transaction, the lines of a group after their group.
{% call qbo_line('recurring_transaction', is_wrapped=true) %}
    {{ recurring_line_fields() }}
{% endcall %}
