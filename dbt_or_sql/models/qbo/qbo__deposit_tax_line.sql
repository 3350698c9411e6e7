-- One row per tax of a deposit.
{% call qbo_list('deposit', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
