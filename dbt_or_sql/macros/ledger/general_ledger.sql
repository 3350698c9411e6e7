{#
    CTE `general_ledger`: what QuickBooks' general ledger reports show, a row per posting, by entity. Where the periods of
    two reports overlap, the one read last counts. Rows of nothing (links of 0.00) are left out.
#}
{% macro current_general_ledger() %}
general_ledger_report as materialized (
    select realm_id, id as report_id, max(start_date) as start_date, max(end_date) as end_date, max(fetched_at) as fetched_at
    from {{ source('raw_qbo', 'report') }}
    where report = 'GeneralLedger' and coalesce(accounting_method, 'Accrual') = 'Accrual'
    group by realm_id, id
),
superseded as materialized (
    select older.realm_id, older.report_id, newer.start_date, newer.end_date
    from general_ledger_report as older
    inner join general_ledger_report as newer
        on newer.realm_id = older.realm_id
        and (newer.fetched_at, newer.report_id) > (older.fetched_at, older.report_id)
        and newer.start_date <= older.end_date
        and newer.end_date >= older.start_date
),
general_ledger as not materialized (
    select
        posted.realm_id,
        posted.report_id,
        {{ entity_of_display_name('posted.transaction_type') }} as transaction_type,
        posted.transaction_id,
        posted.transaction_date,
        posted.doc_number,
        posted.account_id,
        posted.name_id,
        posted.memo,
        posted.debit,
        posted.credit,
        posted.row_number,
        posted.fetched_at,
        posted.loaded_at
    from {{ ref('qbo_report__general_ledger_row') }} as posted
    where posted.account_id is not null
        and posted.transaction_id is not null
        and posted.transaction_type is not null
        and posted.debit <> posted.credit
        and (posted.realm_id, posted.report_id) in (select (realm_id, report_id) from general_ledger_report)
        and not exists (
            select 1
            from superseded
            where superseded.realm_id = posted.realm_id
                and superseded.report_id = posted.report_id
                and posted.transaction_date between superseded.start_date and superseded.end_date
        )
)
{% endmacro %}

{# SQL for a digest of a transaction's rows in the report. A sum, because the order of the rows means nothing. #}
{% macro report_fingerprint() -%}
    sum(hash(account_id, debit, credit, name_id, memo, transaction_date)::hugeint)::varchar
{%- endmacro %}
