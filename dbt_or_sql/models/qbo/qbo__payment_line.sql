-- One row per line of a payment.
{% call qbo_line('payment') %}
    Id                         text
    LineNum                    integer
    DetailType                 text
    Description                text
    Amount                     money
    LineEx.txnId               extension_text
    LineEx.txnReferenceNumber  extension_text
    LineEx.txnOpenBalance      extension_money
{% endcall %}
