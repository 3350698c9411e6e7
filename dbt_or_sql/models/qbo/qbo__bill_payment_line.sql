-- One row per line of a bill payment.
{% call qbo_line('bill_payment') %}
    Id                         text
    LineNum                    integer
    DetailType                 text
    Description                text
    Amount                     money
    LineEx.txnId               extension_text
    LineEx.txnReferenceNumber  extension_text
    LineEx.txnOpenBalance      extension_money
{% endcall %}
