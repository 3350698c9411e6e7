-- One row per transaction that can post, deleted ones included, with the revision that last touched it.
-- A build touches what was loaded since the last one, what uses an account that is chosen otherwise now, what QuickBooks' general
-- ledger shows otherwise, and the payments and deposits linked to any of these.
{{ config(incremental_strategy='delete+insert', unique_key=['realm_id', 'transaction_type', 'transaction_id']) }}
{% set entities = posting_entities() %}
{% set tables = [] %}
{% for entity in entities.values() %}{% do tables.append('qbo.' ~ entity.table) %}{% endfor %}
{% do tables.append('qbo_report.general_ledger_line') %}
{% do declare_ledger_model(watches=tables, follows=['ledger.account_choice']) %}
{{ read_to_find_touched(entities) }}
with {{ current_general_ledger() }},
{% if is_incremental() %}
{{ touched_documents(entities) }},
{% endif %}
reported as (
    select
        realm_id, transaction_type, transaction_id,
        min(transaction_date) as transaction_date,
        min(doc_number) as doc_number,
        min(name_id) as name_id,
        {{ report_fingerprint() }} as report_fingerprint,
        max(loaded_at) as loaded_at
    from general_ledger
    {% if is_incremental() %}
    inner join touched using (realm_id, transaction_type, transaction_id)
    {% endif %}
    group by realm_id, transaction_type, transaction_id
),
home as (
    select realm_id, home_currency_id from {{ ref('qbo__preferences') }} where not is_deleted
),
recorded as (
    {% for name, entity in entities.items() %}
    select
        document.realm_id,
        '{{ name }}' as transaction_type,
        document.id as transaction_id,
        document.{{ entity.get('transaction_date', 'transaction_date') }} as transaction_date,
        {{ header_column(entity, 'due_date', none) }}::date as due_date,
        {{ header_column(entity, 'doc_number') }}::varchar as doc_number,
        {{ entity.get('party', 'null') }}::varchar as party_type,
        {{ header_column(entity, 'party_id', none) }}::varchar as party_id,
        {{ header_column(entity, 'class_id', none) }}::varchar as class_id,
        {{ header_column(entity, 'department_id') }}::varchar as department_id,
        {{ header_column(entity, 'currency_id') }}::varchar as currency_id,
        {{ header_column(entity, 'exchange_rate') }}::decimal(28, 10) as exchange_rate,
        {{ header_column(entity, 'total_amount') }} as total_amount,
        {{ header_column(entity, 'private_note') }} as description,
        document.is_deleted,
        document.updated_at,
        document.loaded_at
    from {{ ref('qbo__' ~ entity.table) }} as document
    {% if is_incremental() %}
    inner join touched
        on touched.realm_id = document.realm_id
        and touched.transaction_id = document.id
        and touched.transaction_type = '{{ name }}'
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
-- Transactions of the report that no record shows.
only_reported as (
    select reported.*
    from reported
    left join recorded using (realm_id, transaction_type, transaction_id)
    where recorded.realm_id is null
),
{% if is_incremental() %}
-- Transactions only reports showed, which the newest ones do not show any more.
vanished as (
    select former.*
    from {{ this }} as former
    inner join touched using (realm_id, transaction_type, transaction_id)
    left join reported using (realm_id, transaction_type, transaction_id)
    left join recorded using (realm_id, transaction_type, transaction_id)
    where not former.is_entity and reported.realm_id is null and recorded.realm_id is null
),
{% endif %}
document as (
    select
        realm_id,
        transaction_type,
        transaction_id,
        recorded.transaction_date,
        recorded.due_date,
        recorded.doc_number,
        case when recorded.party_id is not null then recorded.party_type end as party_type,
        recorded.party_id,
        recorded.class_id,
        recorded.department_id,
        coalesce(recorded.currency_id, home.home_currency_id, '') as currency_id,
        coalesce(recorded.exchange_rate, 1) as exchange_rate,
        recorded.currency_id is null
        or recorded.currency_id is not distinct from home.home_currency_id
        or recorded.exchange_rate is null as is_home_currency,
        recorded.total_amount,
        recorded.description,
        not recorded.is_deleted and recorded.transaction_date is not null as is_posted,
        true as is_entity,
        reported.report_fingerprint,
        recorded.updated_at,
        recorded.loaded_at
    from recorded
    left join home using (realm_id)
    left join reported using (realm_id, transaction_type, transaction_id)
    union all
    select
        only_reported.realm_id,
        only_reported.transaction_type,
        only_reported.transaction_id,
        only_reported.transaction_date,
        null,
        only_reported.doc_number,
        party.party_type,
        only_reported.name_id,
        null,
        null,
        coalesce(home.home_currency_id, ''),
        1,
        true,
        null,
        null,
        true,
        false,
        only_reported.report_fingerprint,
        null,
        only_reported.loaded_at
    from only_reported
    left join home using (realm_id)
    left join {{ named_parties() }} as party
        on party.realm_id = only_reported.realm_id and party.party_id = only_reported.name_id
    {% if is_incremental() %}
    union all
    select * exclude (revision) replace (false as is_posted, null as report_fingerprint)
    from vanished
    {% endif %}
)
select *, {{ next_revision() }} as revision from document
