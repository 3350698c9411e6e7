-- One row per employee: someone who works for the company.
{% call qbo_entity('employee') %}
    DisplayName       name
    Title             text
    GivenName         text
    MiddleName        text
    FamilyName        text
    Suffix            text
    PrintOnCheckName  text
    EmployeeNumber    text
    EmployeeType      text
    Organization      boolean
    Active            boolean
    PrimaryEmailAddr  email
    PrimaryPhone      phone
    Mobile            phone
    SSN               text
    Gender            text
    BirthDate         date
    HiredDate         date
    ReleasedDate      date
    BillableTime      boolean
    BillRate          number
    CostRate          number
    V4IDPseudonym     text
    PrimaryAddr       address
{% endcall %}
