-- One row per tax of a purchase.
{% call qbo_list('purchase', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
