{#
    CTE `numbered_line`: a document's lines in order, each with its JSON as a struct of `shape`. A group's own lines come
    right after it, so every later line moves down by as many; documents without groups, nearly all, skip that work.

    The CTEs are not materialised: they carry whole payloads, which would be copied once per line. Where only lines with a
    certain `key` matter, documents that have it nowhere behind their first "Line" are left out unread.
#}
{% macro numbered_line(shape, has_groups=true, key=none) %}
{% set wanted = "payload like '%\"Line\"%\"" ~ key ~ "\"%'" if key else 'true' %}
flat_line as not materialized (
    select
        realm_id, id, is_deleted, loaded_at, payload,
        unnest(lines) as json,
        generate_subscripts(lines, 1) as line_number,
        generate_subscripts(lines, 1) as position,
        null::bigint as parent_line_number,
        null::bigint as inner_position
    from (
        select *, try(from_json(payload, '{{ tojson({'Line': [shape]}) }}'))."Line" as lines
        from record
        where {{ wanted }} {% if has_groups %}and not contains(payload, '"GroupLineDetail"'){% endif %}

    ) as document
),
{% if not has_groups %}
numbered_line as not materialized (
    select * from flat_line
)
{% else %}
{% set line = dict(shape) %}
{% do line.update({'GroupLineDetail': dict(shape.get('GroupLineDetail', {}), Line=[shape])}) %}
grouped_line as materialized (
    select
        * exclude (lines),
        unnest(lines) as json,
        generate_subscripts(lines, 1) as position,
        [coalesce(len(line."GroupLineDetail"."Line"), 0) for line in lines] as inner_counts
    from (
        select *, try(from_json(payload, '{{ tojson({'Line': [line]}) }}'))."Line" as lines
        from record
        where {{ wanted }} and contains(payload, '"GroupLineDetail"')
    ) as document
),
placed_line as (
    select *, position + coalesce(list_sum(inner_counts[:position - 1])::bigint, 0) as line_number
    from grouped_line
),
numbered_line as not materialized (
    select * from flat_line
    union all
    select
        realm_id, id, is_deleted, loaded_at, payload, {{ repacked(shape, 'json') }}, line_number, position, null, null
    from placed_line
    union all
    select
        realm_id, id, is_deleted, loaded_at, payload,
        unnest(json."GroupLineDetail"."Line"),
        line_number + generate_subscripts(json."GroupLineDetail"."Line", 1),
        position,
        line_number,
        generate_subscripts(json."GroupLineDetail"."Line", 1)
    from placed_line
)
{% endif %}
{% endmacro %}

{# SQL for a line's JSON path inside its document, from its place there. #}
{% macro line_path() %}
    {{ return(
        "'Line[' || (position - 1) || coalesce('].GroupLineDetail.Line[' || (inner_position - 1), '') || '].'"
    ) }}
{% endmacro %}

{# The struct `value` with the fields of `shape` only, so that a group and the lines inside it have one type. #}
{% macro repacked(shape, value) %}
    {% set parts = [] %}
    {% for key, child in shape.items() %}
        {% set part = value ~ '."' ~ key ~ '"' %}
        {% if key == 'GroupLineDetail' %}
            {% set inner = [] %}
            {% for field in child %}
                {% do inner.append('"' ~ field ~ '" := ' ~ part ~ '."' ~ field ~ '"') %}
            {% endfor %}
            {% set part = 'case when ' ~ part ~ ' is not null then struct_pack(' ~ inner | join(', ') ~ ') end' %}
        {% endif %}
        {% do parts.append('"' ~ key ~ '" := ' ~ part) %}
    {% endfor %}
    {{ return('struct_pack(' ~ parts | join(', ') ~ ')') }}
{% endmacro %}
