-- One row per tax of a bill.
{% call qbo_list('bill', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
