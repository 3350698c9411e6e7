-- One row per time activity: hours worked by a person.
{% call qbo_entity('time_activity') %}
    TxnDate                  date
    NameOf                   text
    EmployeeRef              named_reference
    VendorRef                named_reference
    OtherNameRef             named_reference
    CustomerRef              named_reference
    ItemRef                  named_reference
    ClassRef                 named_reference
    DepartmentRef            named_reference
    ProjectRef               reference
    PayrollItemRef           named_reference
    TimeChargeId             text
    BillableStatus           text
    Description              text
    Hours                    integer
    Minutes                  integer
    Seconds                  integer
    BreakHours               integer
    BreakMinutes             integer
    BreakSeconds             integer
    StartTime                instant
    EndTime                  instant
    HourlyRate               number
    CostRate                 number
    Taxable                  boolean
    TransactionLocationType  text
{% endcall %}
