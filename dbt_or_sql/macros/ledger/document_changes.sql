{# What ledger.document_change is made of. #}

{#
    The rows of the builds before, with every column that is read of them: a table of an earlier version may lack some. The
    first build finds none.
#}
{% macro former_document_changes() %}
    {% if execute and load_cached_relation(this) %}
    select * from {{ this.include(database=false) }}
    union all by name
    {% endif %}
    select
        null::varchar as realm_id, null::varchar as transaction_type, null::varchar as transaction_id, null::ubigint as fingerprint,
        null::date as first_date, null::date as last_date, null::boolean as is_left_open, null::varchar[] as parties,
        null::struct(transaction_type varchar, transaction_id varchar)[] as settles,
        null::date as earliest_date, null::date as affected_from, null::date as affected_to, null::boolean as is_affected_onward,
        null::varchar[] as affected_parties, null::bigint as change_number
    where false
{% endmacro %}

{#
    CTE `entry`: what stands of the documents looked at, some rows each: a mark that changes with anything the books read of
    them, the days they reach, the names they are under, whether something stays open after the last day, and what they settle.
#}
{% macro document_entries() %}
posted as (
    select
        posting.realm_id, transaction_type, transaction_id, party_id, customer_id, vendor_id,
        sum(hash(
            posting_number, transaction_date, posting.account_id, account_type, role, debit, credit, foreign_debit,
            foreign_credit, exchange_rate, party_type, party_id, customer_id, vendor_id, class_id, department_id, item_id,
            tax_agency_id, doc_number
        )) as mark,
        min(transaction_date) as first_date,
        max(transaction_date) as last_date
    from {{ ref('ledger__posting') }} as posting
    left join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    {{ only_looked_at('posting', 'transaction_type', 'transaction_id') }}
    group by all
),
opened as (
    select
        change.realm_id, document_type, document_id, party_id, side, account_id, currency_id,
        sum(hash(side, party_id, due_date, change.transaction_date, change_date, amount, home_amount, account_id, currency_id)) as mark,
        min(change_date) as first_date,
        max(change_date) as last_date,
        sum(amount) <> 0 or sum(home_amount) <> 0 as is_left_open
    from {{ ref('ledger__open_item_change') }} as change
    {{ only_looked_at('change', 'document_type', 'document_id') }}
    group by all
),
{% for end in ['source', 'target'] %}
applied_as_{{ end }} as (
    select
        application.realm_id, {{ end }}_type, {{ end }}_id, applied_date,
        hash(
            side, source_type, source_id, target_type, target_id, application_number, applied_date, kind, amount,
            target_home_amount
        ) as mark
    from {{ ref('ledger__application') }} as application
    {{ only_looked_at('application', end ~ '_type', end ~ '_id') }}
),
{% endfor %}
settling as (
    select
        application.realm_id, settled_by_type, settled_by_id,
        list_distinct(flatten(list([
            struct_pack(transaction_type := source_type, transaction_id := source_id),
            struct_pack(transaction_type := target_type, transaction_id := target_id)
        ]))) as settles,
        coalesce(
            sum(hash(applied_date, target_type, target_id, {{ used_credit_amount() }})) filter (where {{ is_used_credit() }}), 0
        ) as mark,
        min(applied_date) filter (where {{ is_used_credit() }}) as first_date,
        max(applied_date) filter (where {{ is_used_credit() }}) as last_date
    from {{ ref('ledger__application') }} as application
    {{ only_looked_at('application', 'settled_by_type', 'settled_by_id') }}
    group by all
),
entry as (
    select * from posted
    union all by name
    select
        realm_id, document_type as transaction_type, document_id as transaction_id, party_id, mark, first_date, last_date, is_left_open
    from opened
    union all by name
    {% for end in ['source', 'target'] %}
    select
        realm_id, {{ end }}_type as transaction_type, {{ end }}_id as transaction_id, mark,
        applied_date as first_date, applied_date as last_date
    from applied_as_{{ end }}
    union all by name
    {% endfor %}
    -- A payment without postings of its own still links what it settles: no mark, so that it does not count as something.
    select
        realm_id, settled_by_type as transaction_type, settled_by_id as transaction_id, mark::hugeint as mark, settles,
        first_date, last_date
    from settling
)
{% endmacro %}

{# A condition on the entries of the documents an incremental build looks at; else none. #}
{% macro only_looked_at(alias, type_column, id_column) %}
    {% if is_incremental() %}
    where ({{ alias }}.realm_id, {{ alias }}.{{ type_column }}, {{ alias }}.{{ id_column }}) in (
        select realm_id, transaction_type, transaction_id from looked_at
    )
    {% endif %}
{% endmacro %}
