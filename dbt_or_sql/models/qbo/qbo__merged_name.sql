-- One row per customer or vendor that was merged into another, as far as its documents show it.
-- QuickBooks says nothing of a merge but an inactive name whose documents carry another's id. So a name counts as merged
-- when it is inactive, has documents no more, and every one that left it went to the same other name. One that never had
-- a document leaves no trace and looks deactivated.
{{ config(materialized='view') }}
{% set documents = {
    'customer': [
        'invoice', 'estimate', 'credit_memo', 'sales_receipt', 'refund_receipt', 'payment', 'time_activity', 'reimburse_charge'
    ],
    'vendor': ['bill', 'bill_payment', 'vendor_credit', 'purchase_order', 'time_activity'],
} %}
with document as (
    {% for name, entities in documents.items() %}
    {% set outer = loop %}
    {% for entity in entities %}
    select
        past.realm_id, '{{ name }}' as entity, '{{ entity }}' as document, past.id as document_id,
        past.{{ name }}_id as id, now.{{ name }}_id as current_id
    from qbo_history.{{ entity }} as past
    inner join {{ ref('qbo__' ~ entity) }} as now using (realm_id, id)
    where not now.is_deleted
    {{ 'union' if not (outer.last and loop.last) }}
    {% endfor %}
    {% endfor %}
),
inactive_name as (
    select realm_id, 'customer' as entity, id, clean_name from {{ ref('qbo__customer') }} where not is_active
    union all
    select realm_id, 'vendor', id, clean_name from {{ ref('qbo__vendor') }} where not is_active
)
select
    realm_id,
    entity,
    id,
    any_value(clean_name) as clean_name,
    any_value(current_id) as merged_into_id,
    count(*) as documents_moved
from document
inner join inactive_name using (realm_id, entity, id)
group by realm_id, entity, id
having count(distinct current_id) = 1 and bool_and(current_id <> id)
