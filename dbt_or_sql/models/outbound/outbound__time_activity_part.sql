-- One row per time entry and local day it was worked on, with the reason why it is no time activity where there is one.
with
worker as (select * from {{ current_rows('users') }}),
sheet as (select * from {{ current_rows('timesheets') }}),
ticket as (select * from {{ current_rows('tickets') }}),
entry as (
    select
        entry.*,
        entry.minutes - entry.break_minutes as net_minutes,
        timezone(entry.time_zone, entry.started_at)::date as first_day,
        -- An entry that ends at midnight was not worked on the day after.
        timezone(entry.time_zone, entry.ended_at - interval 1 microsecond)::date as last_day,
        coalesce(entry.ended_at > entry.started_at, false) as is_clocked
    from {{ current_rows('time_entries') }} as entry
),
part as (
    select entry.*, unnest(range(case when is_clocked then date_diff('day', first_day, last_day) + 1 else 1 end)) as part
    from entry
),
timed as (
    select
        *,
        is_clocked and last_day > first_day as is_split,
        -- Elapsed time, so that a day of 23 or 25 hours counts what it has.
        date_diff('second', started_at, ended_at) as seconds,
        date_diff('second', started_at, case
            when first_day + part::integer < last_day then timezone(time_zone, (first_day + part::integer + 1)::timestamp)
            else ended_at
        end) as seconds_so_far,
        case
            when part = 0 then 0
            else date_diff('second', started_at, timezone(time_zone, (first_day + part::integer)::timestamp))
        end as seconds_before
    from part
),
measured as (
    select
        *,
        case when is_split then first_day + part::integer else work_date end as transaction_date,
        case
            when not is_split then net_minutes
            else (2 * net_minutes * seconds_so_far + seconds) // (2 * seconds)
                - (2 * net_minutes * seconds_before + seconds) // (2 * seconds)
        end as part_minutes
    from timed
)
select
    setting.realm_id,
    measured.business_entity_id,
    'TimeActivity' as target,
    'time_entry' as source_kind,
    -- One not approved yet waits under the approval it is to get.
    measured.id || '@' || coalesce(sheet.approval_version + (sheet.status <> 'approved')::integer, 0)
        || case when part > 0 then '.' || (part + 1) else '' end as source_id,
    measured.id as time_entry_id,
    measured.timesheet_id,
    measured.part,
    measured.user_id,
    measured.company_id as customer_id,
    measured.product_id,
    null::varchar as class_code,
    measured.transaction_date,
    measured.part_minutes::integer as minutes,
    measured.billable = 'billable' and setting.time_billing_owner = 'qbo' as is_billable,
    case when measured.billable = 'billable' and setting.time_billing_owner = 'qbo' then coalesce(measured.rate, agreed.rate) end as rate,
    {{ cut_text("concat_ws(': ', ticket.number, " ~ tidy('measured.notes') ~ ")") }} as description,
    case
        when measured.is_deleted then 'The time entry was deleted.'
        when sheet.is_deleted then 'Its timesheet was deleted.'
        when sheet.status <> 'approved' then 'The approval of its timesheet was taken back: it is ' || replace(sheet.status, '_', ' ') || '.'
        when measured.status <> 'approved' then 'The approval of the time entry was taken back: it is ' || replace(measured.status, '_', ' ') || '.'
        when measured.net_minutes <= 0 then 'The time entry comes to no time.'
    end as ending,
    case
        when setting.realm_id is null then {{ because('not_connected', "'Business entity ' || measured.business_entity_id || ' is connected to no QuickBooks company.'") }}
        when setting.go_live_date is null
            then {{ because('no_go_live_date', "'No go-live date is set: give the first day whose documents are to go to QuickBooks.'") }}
        when measured.work_date < setting.go_live_date
            then {{ because('before_go_live', "'It was worked on ' || measured.work_date || ', before ' || setting.go_live_date || ', from which on hours are pushed.'") }}
        when measured.is_deleted then {{ because('ended', "'The time entry was deleted.'") }}
        when sheet.id is null then {{ because('no_timesheet', "'It is on no timesheet, and only approved timesheets are pushed.'") }}
        when sheet.is_deleted then {{ because('ended', "'Its timesheet was deleted.'") }}
        when sheet.status <> 'approved'
            then {{ because('not_approved', "'Its timesheet is not approved: it is ' || replace(sheet.status, '_', ' ') || '.'") }}
        when measured.status <> 'approved'
            then {{ because('not_approved', "'The time entry is not approved: it is ' || replace(measured.status, '_', ' ') || '.'") }}
        when measured.net_minutes <= 0 then {{ because('no_time', "'It comes to no time: ' || measured.net_minutes || ' minutes without breaks.'") }}
        when measured.part_minutes <= 0 then {{ because('no_time', "'Its part of this day comes to no minute.'") }}
        when worker.id is null then {{ because('no_worker', "'User ' || measured.user_id || ' is not there.'") }}
        when worker.worker_kind = 'none'
            then {{ because('no_worker', "worker.display_name || ' is neither an employee nor a contractor: say which, or leave the hours.'") }}
        when measured.company_id is not null and party.company_id is null
            then {{ because('no_company', "'Its company ' || measured.company_id || ' is not there.'") }}
        when party.unusable is not null then party.unusable
        when measured.company_id is not null and not party.is_customer
            then {{ because('not_a_customer', "party.name || ' is no customer: mark it as one, or take another company.'") }}
        when measured.company_id is null and measured.billable = 'billable' and setting.time_billing_owner = 'qbo'
            then {{ because('no_customer', "'It is billable, and names no customer to bill.'") }}
    end as skip
from measured
left join {{ ref('outbound__hourly_rate') }} as agreed on agreed.time_entry_id = measured.id
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
left join worker on worker.id = measured.user_id
left join sheet on sheet.id = measured.timesheet_id
left join ticket on ticket.id = measured.ticket_id
left join {{ ref('outbound__party') }} as party
    on party.company_id = measured.company_id and party.business_entity_id = measured.business_entity_id
