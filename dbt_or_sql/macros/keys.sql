{# The rows of a relation whose key is not whole or not theirs alone, as the test of keys names them. #}
{% macro rows_without_a_key(relation, columns) %}
select '{{ relation.identifier }}' as relation, concat_ws(', ', {{ columns | join(', ') }}) as key, count(*) as row_count
from {{ relation }}
group by {{ columns | join(', ') }}
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endmacro %}
