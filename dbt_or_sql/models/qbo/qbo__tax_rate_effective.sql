-- One row per span of time a tax rate had one value.
{% call qbo_list('tax_rate', {'rate': 'EffectiveTaxRate'}, 'rate_number') %}
    RateValue      number
    EffectiveDate  instant
    EndDate        instant
{% endcall %}
