-- One row per business entity: how its documents are numbered, dated and pushed.
select
    setting.realm_id,
    entity.id as business_entity_id,
    entity.home_currency,
    entity.time_zone,
    entity.tax_owner,
    entity.time_billing_owner,
    coalesce(entity.invoice_prefix, '') as number_prefix,
    coalesce(entity.credit_prefix, '') as credit_prefix,
    -- The later of both days: neither side's fence is climbed over.
    greatest(setting.go_live_date, entity.go_live_date) as go_live_date,
    setting.as_of_date,
    coalesce(setting.estimate_from, 'accepted') as estimate_from,
    coalesce(setting.time_lines, 'entry') as time_lines,
    coalesce(setting.show_covered_time, false) as show_covered_time
from {{ current_rows('business_entities') }} as entity
left join {{ source('sync', 'push_setting') }} as setting on setting.business_entity_id = entity.id
