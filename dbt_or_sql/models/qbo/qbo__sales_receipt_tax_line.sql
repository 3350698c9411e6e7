-- One row per tax of a sales receipt.
{% call qbo_list('sales_receipt', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
