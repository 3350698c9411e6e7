-- One row per report of QuickBooks' own read for a month-end: whether the books here tie to it, to the cent.
{{ config(materialized='table') }}
with
difference as (
    select
        realm_id, report, accounting_method, as_of_date,
        count(*) filter (where difference <> 0) as differences,
        count(*) filter (where difference <> 0 and explanation is null) as unexplained_differences,
        max(abs(difference)) as largest_difference,
        string_agg(distinct explanation, '; ') as explanation
    from {{ ref('finance__reconciliation') }}
    group by all
)
select
    period.realm_id,
    period.as_of_date,
    period.report,
    period.accounting_method,
    coalesce(difference.differences, 0) = 0 as is_tied,
    coalesce(difference.differences, 0) as differences,
    coalesce(difference.unexplained_differences, 0) as unexplained_differences,
    coalesce(difference.largest_difference, 0)::decimal(18, 2) as largest_difference,
    difference.explanation,
    period.fetched_at
from {{ ref('finance__reported_month') }} as period
left join difference using (realm_id, report, accounting_method, as_of_date)
