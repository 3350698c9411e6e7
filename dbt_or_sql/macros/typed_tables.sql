{#
    The macros a typed model calls, one per sort of table. Each takes its field list as the text of a call block:

        {% call qbo_entity('transfer') %}
            TxnDate          date
            FromAccountRef   named_reference
        {% endcall %}
#}

{# One row per record of an entity, deleted ones included; its history is a view made of the same SQL (history.sql). #}
{% macro qbo_entity(entity, is_wrapped=false) %}
{% set fields = read_fields(entity, caller() ~ '\nMetaData.LastModifiedByRef reference\nMetaData.CreateTime instant') %}
{% do declare_typed_table(entity, 'id', fields, fields.shape, [''], {'ignores': ignored_fields(), 'is_wrapped': is_wrapped}) %}
{% do refuse_duplicates(entity, fields.columns, ['id', 'sync_token', 'created_at', 'updated_at', 'deleted_at']) %}
{% set own_columns = fields.columns[:-1] | map(attribute='name') | list %}
with {{ current_record(entity, is_wrapped) }},
{{ records_end() }}
parsed as not materialized (
    select *, try(from_json(payload, '{{ tojson(fields.shape) }}')) as json
    from record
),
typed as not materialized (
    select
        *,
        {{ typed_columns(fields) }}
    from parsed
)
select
    realm_id,
    id,
    {{ validity() }}
    sync_token,
    create_time as created_at,
    updated_at,
    is_deleted,
    case when is_deleted then updated_at end as deleted_at,
    {% if is_wrapped %}wrapped_type as transaction_type,{% endif %}
    {% for name in own_columns %}
    {{ name }},
    {% endfor %}
    {{ unreadable_fields(fields) }},
    loaded_at
from typed
{% endmacro %}

{#
    One row per line of a document. line_number is the line's place in the document from 1; the lines inside a group
    follow their group and name it in parent_line_number.
#}
{% macro qbo_line(entity, is_wrapped=false) %}
{% set fields = read_fields(entity ~ '_line', caller()) %}
{% set group = ['Line[].GroupLineDetail.Line[].'] if 'GroupLineDetail' in fields.shape else [] %}
{% do declare_typed_table(entity, entity ~ '_id', fields, fields.shape, ['Line[].'] + group) %}
{% do refuse_duplicates(entity ~ '_line', fields.columns, [entity ~ '_id', 'line_number', 'parent_line_number']) %}
with {{ current_record(entity, is_wrapped) }},
{{ numbered_line(fields.shape, has_groups='GroupLineDetail' in fields.shape) }},
typed as not materialized (
    select
        realm_id, id, is_deleted, loaded_at, payload, json, line_number, parent_line_number, position, inner_position,
        {{ typed_columns(fields) }}
    from numbered_line
)
select
    realm_id,
    id as {{ entity }}_id,
    line_number,
    {% if 'GroupLineDetail' in fields.shape %}parent_line_number,{% endif %}
    is_deleted,
    {% for column in fields.columns %}
    {{ column.name }},
    {% endfor %}
    {{ unreadable_fields(fields, line_path()) }},
    loaded_at
from typed
{% endmacro %}

{# One row per link of a document to another transaction, from its header (line_number null) or from one of its lines. #}
{% macro qbo_linked_txn(entity, is_wrapped=false) %}
{% set shape = {'LinkedTxn': [{'TxnId': 'VARCHAR', 'TxnType': 'VARCHAR', 'TxnLineId': 'VARCHAR'}]} %}
{% do declare_typed_table(
    entity, entity ~ '_id', {'links': shape}, shape, ['', 'Line[].', 'Line[].GroupLineDetail.Line[].']
) %}
with {{ current_record(entity, is_wrapped) }},
{{ numbered_line(shape, key='LinkedTxn') }},
linked as not materialized (
    select
        realm_id, id, is_deleted, loaded_at, null::bigint as line_number,
        try(from_json(payload, '{{ tojson(shape) }}'))."LinkedTxn" as links
    from record
    where contains(payload, '"LinkedTxn"')
    union all
    select realm_id, id, is_deleted, loaded_at, line_number, json."LinkedTxn"
    from numbered_line
),
link as (
    select *, unnest(links) as link, generate_subscripts(links, 1) as position
    from linked
)
select
    realm_id,
    id as {{ entity }}_id,
    row_number() over (partition by realm_id, id order by line_number nulls first, position) as link_number,
    line_number,
    is_deleted,
    link."TxnId" as linked_transaction_id,
    link."TxnType" as linked_transaction_type,
    link."TxnLineId" as linked_transaction_line_id,
    loaded_at
from link
{% endmacro %}

{#
    One row per element of a list inside a record, numbered from 1 in `number`. `lists` maps a label to the list's path;
    with several, label_column says which list a row is from. `[]` in a path looks into every element of an outer list.
#}
{% macro qbo_list(entity, lists, number, label_column=none, is_wrapped=false) %}
{% set fields = read_fields(entity, caller()) %}
{% set places = [] %}
{% for path in lists.values() %}{% do places.append(path ~ '[].') %}{% endfor %}
{% do declare_typed_table(entity, entity ~ '_id', fields, fields.shape, places) %}
{% do refuse_duplicates(entity ~ ' ' ~ number, fields.columns, [entity ~ '_id', number, label_column]) %}
with {{ current_record(entity, is_wrapped) }},
element as not materialized (
    {% for label, path in lists.items() %}
    {% set outer = path.split('[].') %}
    select
        realm_id, id, is_deleted, loaded_at, payload, '{{ label }}' as label, {{ loop.index }} as list_number,
        unnest(elements) as json,
        generate_subscripts(elements, 1) as position,
        '{{ path }}' as list_path
    from (
        select
            *,
            {% if outer | length == 1 %}
            try(from_json(payload, '{{ tojson(nested_shape(path, [fields.shape])) }}')).{{ quoted_path(path) }} as elements
            {% else %}
            flatten([item.{{ quoted_path(outer[1]) }} for item in
                try(from_json(payload, '{{ tojson(nested_shape(outer[0], [nested_shape(outer[1], [fields.shape])])) }}')).{{ quoted_path(outer[0]) }}
            ]) as elements
            {% endif %}
        from record
        where contains(payload, '"{{ outer[0].split('.') | last }}"')
    ) as list_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
typed as not materialized (
    select
        realm_id, id, is_deleted, loaded_at, payload, json, label,
        list_path, position,
        {% if lists | length == 1 %}
        position as {{ number }},
        {% else %}
        row_number() over (partition by realm_id, id order by list_number, position) as {{ number }},
        {% endif %}
        {{ typed_columns(fields) }}
    from element
)
select
    realm_id,
    id as {{ entity }}_id,
    {{ number }},
    is_deleted,
    {% if label_column %}label as {{ label_column }},{% endif %}
    {% for column in fields.columns %}
    {{ column.name }},
    {% endfor %}
    {{ unreadable_fields(fields, "list_path || '[' || (position - 1) || '].'") }},
    loaded_at
from typed
{% endmacro %}

{#
    What the rest of the pipeline must know of a model. The definition stands for the fields and the SQL around them: raise
    the number when a macro changes what an unchanged field list yields. `reads` are the JSON paths it makes columns of,
    `shape` behind each of `places`; `record` is known of the one model whose rows are the records themselves.
#}
{% macro declare_typed_table(entity, document_id, fields, shape, places, record=none) %}
    {% set definition = local_md5(tojson(fields) ~ ' 2') %}
    {% set reads = [] %}
    {% for place in places %}{% do reads.extend(paths_of(shape, place)) %}{% endfor %}
    {% set typed = {'entity': entity, 'document_id': document_id, 'definition': definition, 'reads': reads, 'record': record} %}
    {{ config(meta={'typed_table': typed}) }}
{% endmacro %}
