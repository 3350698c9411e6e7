-- One row per time entry for which a rate is agreed: what an hour costs, how its minutes are rounded, and what it is billed as.
-- The most specific rate in force on the day of work counts. One that adds or multiplies changes it where it names something
-- that rate does not: a weekend's factor raises a role's rate, and leaves one that was agreed for weekends as it is.
with
entry as (
    select
        entry.id as time_entry_id,
        entry.business_entity_id, entry.company_id, entry.work_role, entry.work_type, entry.user_id, entry.work_date,
        coalesce(entry.contract_id, ticket.contract_id) as contract_id
    from {{ current_rows('time_entries') }} as entry
    left join {{ current_rows('tickets') }} as ticket on ticket.id = entry.ticket_id
),
agreed as (
    select *, {{ rate_conditions('rate') }} as conditions
    from {{ current_rows('rates') }} as rate
    where not is_deleted
),
fitting as (
    select entry.time_entry_id, agreed.*
    from entry
    inner join agreed
        on agreed.business_entity_id = entry.business_entity_id
        and agreed.effective_from <= entry.work_date
        and (agreed.effective_to is null or entry.work_date < agreed.effective_to)
        and (agreed.contract_id is null or agreed.contract_id = entry.contract_id)
        and (agreed.company_id is null or agreed.company_id = entry.company_id)
        and (agreed.work_role is null or agreed.work_role = entry.work_role)
        and (agreed.work_type is null or agreed.work_type = entry.work_type)
        and (agreed.user_id is null or agreed.user_id = entry.user_id)
),
base as (
    select *
    from fitting
    where rate_kind = 'custom'
    qualify row_number() over (partition by time_entry_id order by conditions desc, effective_from desc, id asc) = 1
),
change as (
    select fitting.*
    from fitting
    inner join base using (time_entry_id)
    where fitting.rate_kind <> 'custom'
        and (fitting.conditions & base.conditions <> fitting.conditions or fitting.conditions = base.conditions)
    qualify row_number() over (
        partition by time_entry_id order by fitting.conditions desc, fitting.effective_from desc, fitting.id asc
    ) = 1
)
select
    base.time_entry_id,
    case change.rate_kind
        when 'add' then base.rate + change.rate
        when 'multiply' then round(base.rate * change.rate, 4)
        else base.rate
    end::decimal(18, 4) as rate,
    -- A rate that only adds or multiplies says nothing of minutes unless it does.
    case when change.min_minutes > 0 then change.min_minutes else base.min_minutes end as min_minutes,
    case when change.round_minutes > 0 then change.round_minutes else base.round_minutes end as round_minutes,
    case when change.round_minutes > 0 then change.round_mode else base.round_mode end as round_mode,
    coalesce(change.product_id, base.product_id) as product_id,
    base.id as rate_id,
    change.id as change_id
from base
left join change using (time_entry_id)
