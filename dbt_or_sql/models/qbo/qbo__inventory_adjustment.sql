-- One row per inventory adjustment: a correction of quantities on hand.
{% call qbo_entity('inventory_adjustment') %}
    DocNumber         text
    TxnDate           date
    AdjustAccountRef  named_reference
    CustomerRef       named_reference
    ClassRef          named_reference
    DepartmentRef     named_reference
    PrivateNote       text
    CurrencyRef       reference
    ExchangeRate      number
    TotalAmt          money
    Line              list
{% endcall %}
