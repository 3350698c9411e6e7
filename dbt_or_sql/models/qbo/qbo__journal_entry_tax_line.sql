-- One row per tax of a journal entry.
{% call qbo_list('journal_entry', {'tax': 'TxnTaxDetail.TaxLine'}, 'tax_line_number') %}
    {{ tax_line_fields() }}
{% endcall %}
