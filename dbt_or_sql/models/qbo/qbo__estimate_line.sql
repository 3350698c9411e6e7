-- One row per line of an estimate, the lines of a group after their group.
{% call qbo_line('estimate') %}
    {{ sales_line_fields() }}
{% endcall %}
