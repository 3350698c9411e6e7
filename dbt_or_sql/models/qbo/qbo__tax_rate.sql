-- One row per tax rate: a tax rate of an agency.
{% call qbo_entity('tax_rate') %}
    Name              name
    Description       text
    RateValue         number
    AgencyRef         reference
    SpecialTaxType    text
    DisplayType       text
    TaxReturnLineRef  named_reference
    OriginalTaxRate   text
    Active            boolean
    EffectiveTaxRate  list
{% endcall %}
