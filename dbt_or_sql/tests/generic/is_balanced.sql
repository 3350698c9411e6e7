{# The groups whose debits and credits differ. #}
{% test is_balanced(model, columns) %}
select {{ columns | join(', ') }}, sum(debit) as debit, sum(credit) as credit
from {{ model }}
group by {{ columns | join(', ') }}
having sum(debit) <> sum(credit)
{% endtest %}
