-- One row per department: a department, shown as a location.
{% call qbo_entity('department') %}
    Name                name
    FullyQualifiedName  name
    ParentRef           named_reference
    SubDepartment       boolean
    Active              boolean
    Address             address
{% endcall %}
