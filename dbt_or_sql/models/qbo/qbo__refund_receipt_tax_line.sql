-- One row per tax of a refund receipt.
{% call qbo_list('refund_receipt', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
