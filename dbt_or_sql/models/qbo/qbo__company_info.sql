-- One row per company: its name, addresses and country.
{% call qbo_entity('company_info') %}
    CompanyName                     text
    LegalName                       text
    Country                         text
    EmployerId                      text
    FiscalYearStartMonth            text
    CompanyStartDate                date
    DefaultTimeZone                 text
    SupportedLanguages              text
    PrimaryPhone                    phone
    Email                           email
    CustomerCommunicationEmailAddr  email
    WebAddr                         web
    CompanyAddr                     address
    CustomerCommunicationAddr       address
    LegalAddr                       address
    NameValue                       list
{% endcall %}
