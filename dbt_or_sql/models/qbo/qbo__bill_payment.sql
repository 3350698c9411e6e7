-- One row per bill payment: money paid to a vendor against bills.
{% call qbo_entity('bill_payment') %}
    DocNumber                       text
    TxnDate                         date
    VendorRef                       named_reference
    PayType                         text
    CheckPayment.BankAccountRef     named_reference
    CheckPayment.PrintStatus        text
    CreditCardPayment.CCAccountRef  named_reference
    APAccountRef                    named_reference
    DepartmentRef                   named_reference
    PrivateNote                     text
    CurrencyRef                     reference
    ExchangeRate                    number
    TotalAmt                        money
    HomeTotalAmt                    money
    ProcessBillPayment              boolean
    TransactionLocationType         text
    TxnSource                       text
    Line                            list
    LinkedTxn                       list
{% endcall %}
