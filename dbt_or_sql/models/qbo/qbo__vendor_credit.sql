-- One row per vendor credit: a credit received from a vendor.
{% call qbo_entity('vendor_credit') %}
    DocNumber                   text
    TxnDate                     date
    VendorRef                   named_reference
    APAccountRef                named_reference
    DepartmentRef               named_reference
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    HomeTotalAmt                money
    Balance                     money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    IncludeInAnnualTPAR         boolean
    VendorAddr                  address
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
{% endcall %}
