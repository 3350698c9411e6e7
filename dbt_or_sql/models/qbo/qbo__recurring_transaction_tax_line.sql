-- One row per tax of a recurring transaction.
{% call qbo_list('recurring_transaction', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number', is_wrapped=true) %}
    {{ tax_line_fields() }}
{% endcall %}
