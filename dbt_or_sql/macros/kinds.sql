{#
    The kinds a field list may name. A scalar kind is one column; an object kind is a small object QuickBooks repeats
    everywhere, flattened into one column per part: (key inside the object, scalar kind, what the column name ends with).
    `name` is the name of a list's record: one column as QuickBooks sends it and one without its " (deleted)". `list` only
    says that a list stands there, which a table of its own reads.
#}

{% macro scalar_types() %}
    {{ return({
        'text': 'varchar',
        'date': 'date',
        'instant': 'timestamptz',
        'money': 'decimal(18, 2)',
        'number': 'decimal(28, 10)',
        'integer': 'bigint',
        'boolean': 'boolean',
    }) }}
{% endmacro %}

{% macro object_parts() %}
    {{ return({
        'reference': [('value', 'text', 'id')],
        'named_reference': [('value', 'text', 'id'), ('name', 'text', 'name')],
        'typed_reference': [('value', 'text', 'id'), ('name', 'text', 'name'), ('type', 'text', 'type')],
        'memo': [('value', 'text', '')],
        'phone': [('FreeFormNumber', 'text', '')],
        'email': [('Address', 'text', '')],
        'web': [('URI', 'text', '')],
        'address': [
            ('Id', 'text', 'id'), ('Line1', 'text', 'line1'), ('Line2', 'text', 'line2'), ('Line3', 'text', 'line3'),
            ('Line4', 'text', 'line4'), ('Line5', 'text', 'line5'), ('City', 'text', 'city'),
            ('CountrySubDivisionCode', 'text', 'country_sub_division_code'), ('PostalCode', 'text', 'postal_code'),
            ('Country', 'text', 'country'), ('Lat', 'text', 'lat'), ('Long', 'text', 'long'), ('Note', 'text', 'note'),
        ],
    }) }}
{% endmacro %}
