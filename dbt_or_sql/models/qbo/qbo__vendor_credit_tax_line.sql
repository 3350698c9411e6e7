-- One row per tax of a vendor credit.
{% call qbo_list('vendor_credit', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
