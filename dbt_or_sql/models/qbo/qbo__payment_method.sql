-- One row per payment method: a way customers pay.
{% call qbo_entity('payment_method') %}
    Name    name
    Type    text
    Active  boolean
{% endcall %}
