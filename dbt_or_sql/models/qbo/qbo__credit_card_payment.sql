-- One row per credit card payment: a transfer that pays a credit card's balance.
{% call qbo_entity('credit_card_payment') %}
    DocNumber                text
    TxnDate                  date
    BankAccountRef           named_reference
    CreditCardAccountRef     named_reference
    VendorRef                named_reference
    CheckNum                 text
    PrintStatus              text
    Memo                     text
    PrivateNote              text
    CurrencyRef              reference
    ExchangeRate             number
    Amount                   money
    TransactionLocationType  text
{% endcall %}
