-- One row per record an attachable is attached to.
{% call qbo_list('attachable', {'ref': 'AttachableRef'}, 'ref_number') %}
    EntityRef      typed_reference
    LineInfo       text
    IncludeOnSend  boolean
    NoRefOnly      boolean
    Inactive       boolean
{% endcall %}
