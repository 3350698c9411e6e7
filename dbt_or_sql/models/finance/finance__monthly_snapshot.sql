-- One row per company and month: the latest version of its measures, with hand-entered adjustments beside them.
{{ config(materialized='view') }}
with
latest as (
    select *
    from {{ ref('finance__monthly_snapshot_version') }}
    qualify version = max(version) over (partition by realm_id, month)
),
adjustment as (
    select
        realm_id, date_trunc('month', month)::date as month,
        {% for measure in snapshot_measures() %}
        sum(amount) filter (where measure = '{{ measure }}') as {{ measure }}_adjustment,
        {% endfor %}
        string_agg(explanation, '; ' order by measure, explanation) as explanation
    from {{ source('sync', 'snapshot_adjustment') }}
    group by all
)
select
    latest.realm_id,
    company.business_entity_id,
    latest.month,
    last_day(latest.month) as as_of_date,
    latest.version,
    latest.status,
    {% for measure in snapshot_measures() %}
    latest.{{ measure }},
    {% endfor %}
    {% for measure in snapshot_measures() %}
    coalesce(adjustment.{{ measure }}_adjustment, 0)::decimal(18, 2) as {{ measure }}_adjustment,
    {% endfor %}
    {% for measure in snapshot_measures() %}
    (latest.{{ measure }} + coalesce(adjustment.{{ measure }}_adjustment, 0))::decimal(18, 2) as {{ measure }}_adjusted,
    {% endfor %}
    adjustment.explanation,
    latest.because,
    latest.changed_documents,
    latest.source_as_of,
    latest.computed_at
from latest
left join adjustment using (realm_id, month)
left join (select realm_id, any_value(business_entity_id) as business_entity_id from sync.connection group by realm_id)
    as company using (realm_id)
