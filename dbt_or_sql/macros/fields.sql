{#
    A field list, one `<QBO path> <kind>` a line, turned into what typing needs. `A.B|C.D` is one column that two places
    may fill, as the detail objects of a line do.

    Everything is read through one `from_json` with text leaves and cast afterwards. DuckDB keeps a JSON number's digits
    on that way up to 15 significant ones, which is all QuickBooks gives.
#}

{# shape: the from_json structure; columns: one dict per column; objects and lists: paths whose JSON type to check. #}
{% macro read_fields(entity, text) %}
    {% set fields = {'shape': {}, 'columns': [], 'objects': {}, 'lists': []} %}
    {% for line in text.split('\n') if line.strip() %}
        {% set path, kind = line.split() %}
        {% set name = column_name(entity, path, kind) %}
        {% if kind == 'list' %}
            {% do add_to_shape(fields, path, [{'Id': 'VARCHAR'}]) %}
            {% do fields.lists.append(path) %}
        {% elif kind.startswith('extension_') %}
            {% set container, key = path.split('.') %}
            {% do add_to_shape(fields, container ~ '.any', [{'value': {'Name': 'VARCHAR', 'Value': 'VARCHAR'}}]) %}
            {% do fields.columns.append(column(path, kind.split('_')[1], name, extension_value(container, key))) %}
        {% elif kind == 'name' %}
            {% do add_to_shape(fields, path, 'VARCHAR') %}
            {% do add_to_shape(fields, 'Active', 'VARCHAR') %}
            {% do fields.columns.append(column(path, 'text', name, json_value(path))) %}
            {% do fields.columns.append(column(path, 'text', clean_column_name(name), clean_name(json_value(path)))) %}
        {% elif kind not in scalar_types() and kind not in object_parts() %}
            {{ exceptions.raise_compiler_error(entity ~ ': ' ~ path ~ ' is of no known kind: ' ~ kind ~ '. See macros/kinds.sql.') }}
        {% else %}
            {% for key, scalar, ending in object_parts().get(kind, [('', kind, '')]) %}
                {% set leaves = [] %}
                {% for alternative in path.split('|') %}
                    {% set leaf = alternative ~ ('.' ~ key if key else '') %}
                    {% do add_to_shape(fields, leaf, 'VARCHAR') %}
                    {% do leaves.append(json_value(leaf)) %}
                {% endfor %}
                {% set value = leaves[0] if leaves | length == 1 else 'coalesce(' ~ leaves | join(', ') ~ ')' %}
                {% set ended = name ~ ('_' ~ ending if ending else '') %}
                {% do fields.columns.append(column(path.split('|')[0] ~ ('.' ~ key if key else ''), scalar, ended, value)) %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}

{# Two columns of one name would silently become `x` and `x_1`; `taken` are those a table has besides its fields. #}
{% macro refuse_duplicates(table, columns, taken) %}
    {% set names = taken + ['realm_id', 'is_deleted', 'loaded_at'] %}
    {% for column in columns %}
        {% if column.name in names %}
            {{ exceptions.raise_compiler_error(
                table ~ ' would have the column ' ~ column.name ~ ' twice. Rename a field in macros/names.sql.'
            ) }}
        {% endif %}
        {% do names.append(column.name) %}
    {% endfor %}
{% endmacro %}

{% macro column(path, kind, name, value) %}
    {{ return({'path': path, 'kind': kind, 'name': name, 'value': value}) }}
{% endmacro %}

{% macro json_value(path) %}
    {{ return('json."' ~ path.replace('.', '"."') ~ '"') }}
{% endmacro %}

{# QuickBooks keeps some values in lists of names and values: `{"any": [{"value": {"Name": …, "Value": …}}]}`. #}
{% macro extension_value(container, key) %}
    {{ return(
        "[pair.value.\"Value\" for pair in " ~ json_value(container) ~ ".\"any\" if pair.value.\"Name\" = '" ~ key ~ "'][1]"
    ) }}
{% endmacro %}

{# The name of a deactivated record without the ` (deleted)` QuickBooks put behind it, and behind those above it. #}
{% macro clean_name(value) %}
    {% set cleaned = "regexp_replace(" ~ value ~ ", ' \\(deleted\\)(:|$)', '\\1', 'g')" %}
    {{ return("case when " ~ json_value('Active') ~ " = 'false' then " ~ cleaned ~ " else " ~ value ~ " end") }}
{% endmacro %}

{% macro add_to_shape(fields, path, leaf) %}
    {% set parts = path.split('.') %}
    {% set place = namespace(node=fields.shape, path='') %}
    {% for part in parts[:-1] %}
        {% set place.node = place.node.setdefault(part, {}) %}
        {% set place.path = place.path ~ ('.' if place.path else '') ~ part %}
        {% do fields.objects.update({place.path: place.node}) %}
    {% endfor %}
    {% do place.node.setdefault(parts[-1], leaf) %}
{% endmacro %}

{# The typed columns of a field list over a struct column `json`. #}
{% macro typed_columns(fields) %}
    {% for column in fields.columns %}
        {% if column.kind == 'text' %}
        {{ column.value }} as {{ column.name }}
        {%- else %}
        {{ cast_text(column.value, scalar_types()[column.kind]) }} as {{ column.name }}
        {%- endif %}
        {{- ',' if not loop.last }}
    {% endfor %}
{% endmacro %}

{#
    A text as a type, null where it does not fit. DuckDB reads a decimal of more than 18 digits forty times slower than one of
    up to 18 with the same scale, which is enough for nearly every value and rounds alike.
#}
{% macro cast_text(value, type) %}
    {% if type == 'decimal(28, 10)' %}
        {{ return('coalesce(try_cast(' ~ value ~ ' as decimal(18, 10))::' ~ type ~ ', try_cast(' ~ value ~ ' as ' ~ type ~ '))') }}
    {% endif %}
    {{ return('try_cast(' ~ value ~ ' as ' ~ type ~ ')') }}
{% endmacro %}

{#
    The JSON paths of one row's values that fit neither their column nor their place, or null. Objects are compared with
    the JSON only where the struct came out empty, which is what both `{}` and a misplaced text look like.

    row_path is SQL for the path of the row inside its record, such as `'Line[0].'`, and '' for the record itself.
#}
{% macro unreadable_fields(fields, row_path="''") %}
    {% set found = namespace(tests=["(json is null and payload is not null)"], names=[]) %}
    {% do found.names.append("case when json is null and payload is not null then '*' end") %}
    {% for column in fields.columns if column.kind != 'text' %}
        {% set test = "(" ~ column.name ~ " is null and " ~ column.value ~ " <> '')" %}
        {% do found.tests.append(test) %}
        {% do found.names.append("case when " ~ test ~ " then " ~ row_path ~ " || '" ~ column.path ~ "' end") %}
    {% endfor %}
    {% for path, children in fields.objects.items() %}
        {% set test = empty_struct(path, children) %}
        {% do found.tests.append(test) %}
        {% do found.names.append(misplaced(test, row_path, path, 'OBJECT')) %}
    {% endfor %}
    {% for path in fields.lists %}
        {% set key = '"' ~ path.split('.')[-1] ~ '"' %}
        {% set test = "(" ~ json_value(path) ~ " is null and contains(payload, '" ~ key ~ "'))" %}
        {% do found.tests.append(test) %}
        {% do found.names.append(misplaced(test, row_path, path, 'ARRAY')) %}
    {% endfor %}
    case
        when {{ found.tests | join('\n            or ') }}
        then nullif(string_split(concat_ws(
            '|',
            {{ found.names | join(',\n            ') }}
        ), '|'), [''])
    end as unreadable_fields
{% endmacro %}

{% macro empty_struct(path, children) %}
    {% set tests = [json_value(path) ~ " is not null"] %}
    {% for child in children %}
        {% do tests.append(json_value(path ~ '.' ~ child) ~ " is null") %}
    {% endfor %}
    {{ return("(" ~ tests | join(' and ') ~ ")") }}
{% endmacro %}

{% macro misplaced(test, row_path, path, json_type) %}
    {{ return(
        "case when " ~ test ~ " then case when json_type(payload, '$.' || " ~ row_path ~ " || '" ~ path ~ "') not in ('"
        ~ json_type ~ "', 'NULL') then " ~ row_path ~ " || '" ~ path ~ "' end end"
    ) }}
{% endmacro %}

{# The from_json structure that has `leaf` at `path`. #}
{% macro nested_shape(path, leaf) %}
    {% set place = namespace(shape=leaf) %}
    {% for part in path.split('.') | reverse %}
        {% set place.shape = {part: place.shape} %}
    {% endfor %}
    {{ return(place.shape) }}
{% endmacro %}

{% macro quoted_path(path) %}
    {{ return('"' ~ path.replace('.', '"."') ~ '"') }}
{% endmacro %}

{# Every JSON path that a shape reads, with `[]` behind a list, each behind `place`. #}
{% macro paths_of(shape, place='') %}
    {% set paths = [] %}
    {% for key, child in shape.items() %}
        {% if child is string %}
            {% do paths.append(place ~ key) %}
        {% elif child is mapping %}
            {% do paths.extend(paths_of(child, place ~ key ~ '.')) %}
        {% else %}
            {% do paths.extend(paths_of(child[0], place ~ key ~ '[].')) %}
        {% endif %}
    {% endfor %}
    {{ return(paths) }}
{% endmacro %}

{#
    Fields QuickBooks sends that no column is made of, on purpose: what the envelope says already, the name and type beside
    an id, the wrapping of extensions, and objects that are always empty. `*` stands for any text.
#}
{% macro ignored_fields() %}
    {{ return([
        'domain', 'sparse', 'status', 'Id', 'SyncToken', 'MetaData.LastUpdatedTime',
        '*Ref.name', '*Ref.type', '*.any[].*', '*.SubTotalLineDetail', '*CustomExtensions',
    ]) }}
{% endmacro %}
