-- One row per line of an inventory adjustment.
{% call qbo_line('inventory_adjustment') %}
    Id                                   text
    LineNum                              integer
    DetailType                           text
    Description                          text
    Amount                               money
    ItemAdjustmentLineDetail.ItemRef     named_reference
    ItemAdjustmentLineDetail.QtyDiff     number
    ItemAdjustmentLineDetail.NewQty      number
    ItemAdjustmentLineDetail.CurrentQty  number
    ItemAdjustmentLineDetail.UnitPrice   number
    ItemAdjustmentLineDetail.ClassRef    named_reference
    ItemAdjustmentLineDetail.SalesPrice  number
{% endcall %}
