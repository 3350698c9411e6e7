-- One row per journal entry: an entry made directly in the accounts.
{% call qbo_entity('journal_entry') %}
    DocNumber                   text
    TxnDate                     date
    PrivateNote                 text
    CurrencyRef                 reference
    ExchangeRate                number
    TotalAmt                    money
    HomeTotalAmt                money
    GlobalTaxCalculation        text
    TxnTaxDetail.TxnTaxCodeRef  reference
    TxnTaxDetail.TotalTax       money
    TaxRateRef                  reference
    Adjustment                  boolean
    RecurDataRef                reference
    TransactionLocationType     text
    TxnSource                   text
    Line                        list
    TxnTaxDetail.TaxLine        list
    LinkedTxn                   list
{% endcall %}
