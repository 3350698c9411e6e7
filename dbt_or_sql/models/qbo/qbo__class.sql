-- One row per class: a class lines and transactions are sorted by.
{% call qbo_entity('class') %}
    Name                name
    FullyQualifiedName  name
    ParentRef           named_reference
    SubClass            boolean
    Active              boolean
{% endcall %}
