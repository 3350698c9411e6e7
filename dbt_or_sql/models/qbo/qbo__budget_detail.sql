-- One row per planned amount of a budget.
{% call qbo_list('budget', {'detail': 'BudgetDetail'}, 'detail_number') %}
    BudgetDate     date
    Amount         money
    AccountRef     named_reference
    CustomerRef    named_reference
    ClassRef       named_reference
    DepartmentRef  named_reference
{% endcall %}
