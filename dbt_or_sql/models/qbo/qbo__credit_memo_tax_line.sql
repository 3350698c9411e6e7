-- One row per tax of a credit memo.
{% call qbo_list('credit_memo', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
