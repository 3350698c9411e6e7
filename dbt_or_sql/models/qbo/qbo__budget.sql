-- One row per budget: planned amounts for a span of time.
{% call qbo_entity('budget') %}
    Name             text
    StartDate        date
    EndDate          date
    BudgetType       text
    BudgetEntryType  text
    Active           boolean
    BudgetDetail     list
{% endcall %}
