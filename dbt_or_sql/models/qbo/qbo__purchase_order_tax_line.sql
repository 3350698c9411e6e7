-- One row per tax of a purchase order.
{% call qbo_list('purchase_order', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
