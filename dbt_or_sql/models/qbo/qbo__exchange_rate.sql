-- One row per exchange rate: the rate of a currency pair on a day.
{% call qbo_entity('exchange_rate') %}
    SourceCurrencyCode  text
    TargetCurrencyCode  text
    AsOfDate            date
    Rate                number
{% endcall %}
