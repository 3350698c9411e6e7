-- One row per deposit: money put into a bank account.
{% call qbo_entity('deposit') %}
    DocNumber                   text
    TxnDate                     date
    DepositToAccountRef         named_reference
    DepartmentRef               named_reference
    CashBack.AccountRef         named_reference
    CashBack.Amount             money
    CashBack.Memo               text
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    HomeTotalAmt                money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    TxnStatus                   text
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
{% endcall %}
