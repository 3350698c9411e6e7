-- One row per company, month and version: a month's measures as a build found them, written when they or its status changed.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns', full_refresh=false) }}
with
month_now as (
    select
        measure.*, month_end.today,
        {{ snapshot_status() }} as status_now
    from {{ ref('finance__monthly_measure') }} as measure
    inner join {{ ref('finance__month_end') }} as month_end using (realm_id, month)
    left join (select realm_id, any_value(book_close_date) as book_close_date from {{ ref('qbo__preferences') }} group by all)
        as preferences using (realm_id)
),
last_version as (
    {{ last_snapshot_version() }}
),
compared as (
    select
        month_now.*,
        coalesce(last_version.version, 0) as last_version,
        coalesce(last_version.change_number, {{ newest_change() }}) as last_change,
        last_version.status as last_status,
        {% for measure in snapshot_measures() %}
        month_now.{{ measure }} - last_version.{{ measure }} as {{ measure }}_delta,
        {% endfor %}
        {% for measure in snapshot_measures() %}
        month_now.{{ measure }} is distinct from last_version.{{ measure }}{{ ' or ' if not loop.last }}
        {% endfor %}
        as is_changed
    from month_now
    left join last_version using (realm_id, month)
),
judged as (
    select
        * exclude (status_now),
        case
            when last_status in ('closed', 'restated') and status_now = 'closed' then
                case when is_changed then 'restated' else last_status end
            else status_now
        end as status
    from compared
),
cause as (
    {{ snapshot_cause() }}
)
select
    realm_id,
    month,
    last_version + 1 as version,
    status,
    {% for measure in snapshot_measures() %}
    {{ measure }},
    {% endfor %}
    {% for measure in snapshot_measures() %}
    {{ measure }}_delta,
    {% endfor %}
    cause.because,
    coalesce(cause.changed_documents, 0) as changed_documents,
    {{ newest_change() }} as change_number,
    today as source_as_of,
    '{{ run_started_at.isoformat() }}'::timestamptz as computed_at
from judged
left join cause using (realm_id, month)
where is_changed or status is distinct from last_status
