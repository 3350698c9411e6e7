-- One row per account: an account of the chart of accounts.
{% call qbo_entity('account') %}
    Name                           name
    FullyQualifiedName             name
    AcctNum                        text
    Description                    text
    Classification                 text
    AccountType                    text
    AccountSubType                 text
    ParentRef                      named_reference
    SubAccount                     boolean
    Active                         boolean
    CurrencyRef                    reference
    TaxCodeRef                     reference
    CurrentBalance                 money
    CurrentBalanceWithSubAccounts  money
    TxnLocationType                text
    AccountAlias                   text
{% endcall %}
