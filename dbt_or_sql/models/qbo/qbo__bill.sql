-- One row per bill: what is owed to a vendor.
{% call qbo_entity('bill') %}
    DocNumber                   text
    TxnDate                     date
    DueDate                     date
    VendorRef                   named_reference
    APAccountRef                named_reference
    SalesTermRef                named_reference
    DepartmentRef               named_reference
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    Balance                     money
    HomeBalance                 money
    HomeTotalAmt                money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    IncludeInAnnualTPAR         boolean
    VendorAddr                  address
    ShipAddr                    address
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
{% endcall %}
