{#
    The rows whose key is not whole or not theirs alone. `lists` are models that hold lists inside this one's records, by their
    keys: a test of its own for each would cost every build more than the asking does. One that is not built yet is left out.
#}
{% test is_key(model, columns, lists={}) %}
{{ rows_without_a_key(model, columns) }}
{% for name, list_columns in lists.items() %}
{% set relation = ref(name) %}
{% if execute and load_cached_relation(builtins.ref(name)) %}
union all
{{ rows_without_a_key(relation, list_columns) }}
{% endif %}
{% endfor %}
{% endtest %}
