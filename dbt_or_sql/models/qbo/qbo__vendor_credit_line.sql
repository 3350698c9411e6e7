-- One row per line of a vendor credit.
{% call qbo_line('vendor_credit') %}
    {{ expense_line_fields() }}
{% endcall %}
