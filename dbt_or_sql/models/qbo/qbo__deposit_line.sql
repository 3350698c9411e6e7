-- One row per line of a deposit.
{% call qbo_line('deposit') %}
    Id                                  text
    LineNum                             integer
    DetailType                          text
    Description                         text
    Amount                              money
    DepositLineDetail.AccountRef        named_reference
    DepositLineDetail.Entity            typed_reference
    DepositLineDetail.PaymentMethodRef  named_reference
    DepositLineDetail.CheckNum          text
    DepositLineDetail.ClassRef          named_reference
    DepositLineDetail.TaxCodeRef        reference
    DepositLineDetail.TaxApplicableOn   text
    DepositLineDetail.TxnType           text
    ProjectRef                          reference
{% endcall %}
