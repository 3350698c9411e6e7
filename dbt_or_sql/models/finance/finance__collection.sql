-- One row per company and month: how long customers take to pay.
{{ config(materialized='table') }}
{% set days = 90 %}
with
billed_day as (
    select realm_id, transaction_date, sum(debit) as amount
    from {{ ref('ledger__posting') }}
    where transaction_type = 'Invoice' and role = 'receivable'
    group by realm_id, transaction_date
),
month_end as (
    select
        measure.realm_id, month, as_of_date, ar_balance, billed_gross,
        (
            select coalesce(sum(amount), 0)
            from billed_day
            where billed_day.realm_id = measure.realm_id and transaction_date > as_of_date - {{ days }}
                and transaction_date <= as_of_date
        )::decimal(18, 2) as billed
    from {{ ref('finance__monthly_measure') }} as measure
),
not_due as (
    select realm_id, as_of_date, sum(amount)::decimal(18, 2) as amount
    from {{ ref('finance__ar_aging') }}
    where aging_basis = 'due_date' and bucket = 1
    group by realm_id, as_of_date
),
counted_back as (
    -- Whole months of billing, the newest first, until what is owed is used up; of the last one the share it takes.
    select
        now.realm_id, now.month, now.ar_balance,
        past.billed_gross as billed, day(last_day(past.month)) as days,
        sum(past.billed_gross) over newer - past.billed_gross as billed_after,
        sum(past.billed_gross) over newer as billed_from
    from month_end as now
    inner join month_end as past on past.realm_id = now.realm_id and past.month <= now.month
    window newer as (partition by now.realm_id, now.month order by past.month desc)
),
count_back as (
    select
        realm_id, month,
        sum(
            case
                when billed_from <= ar_balance then days
                else {{ share_of('days', 'ar_balance - billed_after', 'greatest(billed, 0.01)') }}
            end
        )::decimal(18, 2) as days
    from counted_back
    where billed_after < ar_balance
    group by realm_id, month
    having max(billed_from) >= any_value(ar_balance)
),
settled as (
    select
        application.realm_id, date_trunc('month', applied_date)::date as month,
        sum(target_home_amount)::decimal(18, 2) as paid,
        sum(target_home_amount * (applied_date - target_date))::decimal(18, 2) as paid_days,
        sum(target_home_amount * (applied_date - coalesce(due_date, target_date)))::decimal(18, 2) as late_days
    from {{ ref('ledger__application') }} as application
    left join (
        select realm_id, transaction_id, any_value(due_date) as due_date
        from {{ ref('finance__document_balance') }}
        where transaction_type = 'Invoice'
        group by all
    ) as invoice on invoice.realm_id = application.realm_id and invoice.transaction_id = application.target_id
    where side = 'receivable' and target_type = 'Invoice' and kind in ('cash', 'deposit')
    group by all
)
select
    month_end.realm_id,
    month_end.month,
    month_end.as_of_date,
    month_end.ar_balance,
    month_end.billed as billed_last_{{ days }}_days,
    case when billed > 0 then {{ share_of('ar_balance', days, 'billed') }} end as days_sales_outstanding,
    case when billed > 0 then {{ share_of('coalesce(not_due.amount, 0)', days, 'billed') }} end
        as best_possible_days_sales_outstanding,
    case when ar_balance <= 0 then 0 else count_back.days end::decimal(18, 2) as count_back_days_sales_outstanding,
    case when paid > 0 then {{ share_of('paid_days', 1, 'paid') }} end as average_days_to_pay,
    case when paid > 0 then {{ share_of('late_days', 1, 'paid') }} end as average_days_late
from month_end
left join not_due using (realm_id, as_of_date)
left join count_back using (realm_id, month)
left join settled using (realm_id, month)
