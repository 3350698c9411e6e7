-- One row per transfer: money moved between two accounts.
{% call qbo_entity('transfer') %}
    TxnDate                  date
    FromAccountRef           named_reference
    ToAccountRef             named_reference
    Amount                   money
    PrivateNote              text
    CurrencyRef              reference
    ExchangeRate             number
    RecurDataRef             reference
    TransactionLocationType  text
{% endcall %}
