-- One row per ticket of a fixed price: the invoice it is, or why it is none yet. Tickets billed by time are in billable_time.
with
product as (select * from {{ current_rows('products') }}),
contract as (select * from {{ current_rows('contracts') }}),
consumed as (
    select source_id as ticket_id, min(billed_by) as billed_by
    from {{ ref('outbound__consumed') }}
    where source_kind = 'ticket'
    group by source_id
)
select
    ticket.business_entity_id,
    'Invoice' as target,
    'ticket' as source_kind,
    ticket.id as source_id,
    ticket.number as source_number,
    'customer' as party_kind,
    ticket.company_id,
    timezone(setting.time_zone, coalesce(ticket.closed_at, ticket.updated_at))::date as transaction_date,
    coalesce(contract.currency, party.currency) as currency,
    contract.po_number,
    ticket.product_id,
    coalesce({{ tidy('ticket.title') }}, {{ tidy('product.description') }}) as description,
    {{ to_cent('ticket.fixed_price') }} as price,
    coalesce(party.tax_code, product.tax_code) as tax_code,
    coalesce(product.taxable, false) and not party.tax_exempt as is_taxable,
    product.class_code,
    case
        when ticket.is_deleted then 'The ticket was deleted.'
        when ticket.status = 'cancelled' then 'The ticket was cancelled.'
    end as ending,
    case
        when ticket.status = 'open' then {{ because('open', "'The ticket is open: it is billed once it is closed.'") }}
        when not ticket.ready_to_bill then {{ because('not_ready', "'The ticket is closed, and not released for billing.'") }}
        when consumed.billed_by is not null then {{ because('billed_elsewhere', "'It is billed already, by ' || consumed.billed_by || '.'") }}
        when coalesce(ticket.fixed_price, 0) <= 0 then {{ because('no_price', "'The ticket has a fixed price, which is missing: enter it.'") }}
    end as unfit
from {{ current_rows('tickets') }} as ticket
left join {{ ref('outbound__setting') }} as setting using (business_entity_id)
left join {{ ref('outbound__party') }} as party
    on party.company_id = ticket.company_id and party.business_entity_id = ticket.business_entity_id
left join product on product.id = ticket.product_id
left join contract on contract.id = ticket.contract_id
left join consumed on consumed.ticket_id = ticket.id
where ticket.billing_mode = 'fixed'
