-- One row per purchase: money spent by check, cash or card.
{% call qbo_entity('purchase') %}
    DocNumber                   text
    TxnDate                     date
    PaymentType                 text
    PurchaseEx.TxnType          extension_text
    AccountRef                  named_reference
    EntityRef                   typed_reference
    PaymentMethodRef            named_reference
    PaymentRefNum               text
    DepartmentRef               named_reference
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    HomeTotalAmt                money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    Credit                      boolean
    PrintStatus                 text
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    IncludeInAnnualTPAR         boolean
    RemitToAddr                 address
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
    CustomField                 list
{% endcall %}
