-- One row per tax rate a tax code combines, for sales and for purchases.
{% call qbo_list('tax_code', {'sales': 'SalesTaxRateList.TaxRateDetail', 'purchase': 'PurchaseTaxRateList.TaxRateDetail'}, 'rate_number', label_column='applies_to') %}
    TaxRateRef         named_reference
    TaxTypeApplicable  text
    TaxOrder           integer
    TaxOnTaxOrder      integer
{% endcall %}
