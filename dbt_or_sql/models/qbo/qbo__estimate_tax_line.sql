-- One row per tax of an estimate.
{% call qbo_list('estimate', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
