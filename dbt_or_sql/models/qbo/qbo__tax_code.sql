-- One row per tax code: a tax code of the company.
{% call qbo_entity('tax_code') %}
    Name                               name
    Description                        text
    TaxCodeConfigType                  text
    Active                             boolean
    Taxable                            boolean
    TaxGroup                           boolean
    Hidden                             boolean
    SalesTaxRateList.TaxRateDetail     list
    PurchaseTaxRateList.TaxRateDetail  list
{% endcall %}
