-- One row per tax agency: an agency tax is owed to.
{% call qbo_entity('tax_agency') %}
    DisplayName            text
    TaxRegistrationNumber  text
    TaxTrackedOnSales      boolean
    TaxTrackedOnPurchases  boolean
    LastFileDate           date
    TaxAgencyConfig        text
{% endcall %}
