-- One row per class: a class lines and transactions are sorted by.
{% call qbo_entity('class') %}
    Name                text
    FullyQualifiedName  text
    ParentRef           named_reference
    SubClass            boolean
    Active              boolean
{% endcall %}
