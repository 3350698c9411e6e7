-- One row per tax payment: money paid to or refunded by a tax agency.
{% call qbo_entity('tax_payment') %}
    PaymentDate        date
    PaymentAccountRef  named_reference
    PaymentAmount      money
    Description        text
    Refund             boolean
{% endcall %}
