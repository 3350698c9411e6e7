-- One row per tax of an invoice.
{% call qbo_list('invoice', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
