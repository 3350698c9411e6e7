-- One row per payment method: a way customers pay.
{% call qbo_entity('payment_method') %}
    Name    text
    Type    text
    Active  boolean
{% endcall %}
