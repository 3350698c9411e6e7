{# The postings on an account that is not there, or on none without saying so. #}
{% test has_account(model) %}
select posting.*
from {{ model }} as posting
left join {{ ref('qbo__account') }} as account
    on account.realm_id = posting.realm_id and account.id = posting.account_id
where account.id is null and not (posting.account_id is null and posting.role = 'unresolved')
{% endtest %}
