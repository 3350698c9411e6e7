-- One row per reimburse charge: a billable expense waiting for its invoice.
{% call qbo_entity('reimburse_charge') %}
    TxnDate          date
    CustomerRef      named_reference
    PrivateNote      text
    HasBeenInvoiced  boolean
    CurrencyRef      reference
    ExchangeRate     number
    Amount           money
    HomeTotalAmt     money
    Line             list
    LinkedTxn        list
{% endcall %}
