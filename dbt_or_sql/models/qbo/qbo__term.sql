-- One row per term: a payment term.
{% call qbo_entity('term') %}
    Name                name
    Type                text
    DueDays             integer
    DiscountDays        integer
    DiscountPercent     number
    DayOfMonthDue       integer
    DueNextMonthDays    integer
    DiscountDayOfMonth  integer
    Active              boolean
{% endcall %}
