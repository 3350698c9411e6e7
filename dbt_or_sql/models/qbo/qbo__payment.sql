-- One row per payment: money received from a customer.
{% call qbo_entity('payment') %}
    TxnDate                  date
    CustomerRef              named_reference
    PaymentMethodRef         named_reference
    PaymentRefNum            text
    DepositToAccountRef      named_reference
    ARAccountRef             named_reference
    ProjectRef               reference
    DepartmentRef            named_reference
    PrivateNote              text
    CurrencyRef              reference
    ExchangeRate             number
    TotalAmt                 money
    UnappliedAmt             money
    HomeTotalAmt             money
    ProcessPayment           boolean
    TransactionLocationType  text
    TxnSource                text
    TaxExemptionRef          named_reference
    Line                     list
    LinkedTxn                list
{% endcall %}
