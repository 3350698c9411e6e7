-- One row per line of a reimburse charge.
{% call qbo_line('reimburse_charge') %}
    Id                                           text
    LineNum                                      integer
    DetailType                                   text
    Description                                  text
    Amount                                       money
    ReimburseLineDetail.ItemRef                  named_reference
    ReimburseLineDetail.ItemAccountRef           named_reference
    ReimburseLineDetail.Qty                      number
    ReimburseLineDetail.UnitPrice                number
    ReimburseLineDetail.ClassRef                 named_reference
    ReimburseLineDetail.TaxCodeRef               reference
    ReimburseLineDetail.ServiceDate              date
    ReimburseLineDetail.MarkupInfo.PercentBased  boolean
    ReimburseLineDetail.MarkupInfo.Value         number
    ReimburseLineDetail.MarkupInfo.Percent       number
{% endcall %}
