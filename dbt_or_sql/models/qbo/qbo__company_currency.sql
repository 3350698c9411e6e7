-- One row per company currency: a currency the company trades in.
{% call qbo_entity('company_currency') %}
    Code    text
    Name    name
    Active  boolean
{% endcall %}
