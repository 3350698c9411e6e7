-- One row per customer type: a type customers are sorted by.
{% call qbo_entity('customer_type') %}
    Name    name
    Active  boolean
{% endcall %}
