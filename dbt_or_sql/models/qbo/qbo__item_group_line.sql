-- One row per item inside a bundle.
{% call qbo_list('item', {'line': 'ItemGroupDetail.ItemGroupLine'}, 'line_number') %}
    ItemRef  typed_reference
    Qty      number
{% endcall %}
