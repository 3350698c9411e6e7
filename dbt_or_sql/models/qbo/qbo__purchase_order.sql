-- One row per purchase order: goods or services ordered from a vendor, which posts nothing.
{% call qbo_entity('purchase_order') %}
    DocNumber                   text
    TxnDate                     date
    DueDate                     date
    POStatus                    text
    VendorRef                   named_reference
    APAccountRef                named_reference
    ShipTo                      named_reference
    SalesTermRef                named_reference
    ShipMethodRef               named_reference
    ClassRef                    named_reference
    DepartmentRef               named_reference
    ProjectRef                  reference
    Memo                        text
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    HomeTotalAmt                money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    EmailStatus                 text
    POEmail                     email
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    VendorAddr                  address
    ShipAddr                    address
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
    CustomField                 list
{% endcall %}
