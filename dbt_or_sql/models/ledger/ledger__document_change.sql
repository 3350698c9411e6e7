-- One row per document the ledger ever held: what all that stands of it comes to, and the build that last changed it.
{{ config(materialized='table') }}
{% set known = load_cached_relation(this) if execute else none %}
with
posting as (
    select
        posting.realm_id, transaction_type, transaction_id, transaction_date as entry_date,
        hash(
            posting_number, transaction_date, posting.account_id, account_type, role, debit, credit, foreign_debit,
            foreign_credit, exchange_rate, party_type, party_id, customer_id, vendor_id, class_id, department_id, item_id,
            tax_agency_id, doc_number
        ) as mark
    from {{ ref('ledger__posting') }} as posting
    left join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
),
application as (
    select
        realm_id, source_type, source_id, target_type, target_id, applied_date,
        hash(
            side, source_type, source_id, target_type, target_id, application_number, applied_date, kind, amount,
            target_home_amount
        ) as mark
    from {{ ref('ledger__application') }}
),
open_item as (
    select
        realm_id, document_type, document_id, change_date,
        hash(side, party_id, due_date, transaction_date, change_date, amount, home_amount, account_id, currency_id) as mark
    from {{ ref('ledger__open_item_change') }}
),
entry as (
    select * from posting
    union all
    select realm_id, source_type, source_id, applied_date, mark from application
    union all
    select realm_id, target_type, target_id, applied_date, mark from application
    union all
    select * from open_item
),
document as (
    select
        realm_id, transaction_type, transaction_id,
        hash('{{ document_definition() }}', sum(mark)) as fingerprint,
        min(entry_date) as first_date,
        max(entry_date) as last_date
    from entry
    group by realm_id, transaction_type, transaction_id
),
{% if known %}
before as (
    select * from {{ this.include(database=false) }}
),
{% else %}
before as (
    select *, null::date as earliest_date, null::date as affected_from, null::date as affected_to, null::bigint as change_number from document where false
),
{% endif %}
compared as (
    select
        realm_id, transaction_type, transaction_id,
        document.fingerprint, document.first_date, document.last_date,
        before.first_date as first_date_before, before.last_date as last_date_before,
        before.earliest_date, before.affected_from, before.affected_to, before.change_number,
        document.fingerprint is not distinct from before.fingerprint as is_same
    from document
    full join before using (realm_id, transaction_type, transaction_id)
)
select
    realm_id,
    transaction_type,
    transaction_id,
    fingerprint,
    first_date,
    last_date,
    least(earliest_date, first_date) as earliest_date,
    case when is_same then affected_from else least(first_date, first_date_before) end as affected_from,
    case when is_same then affected_to else greatest(last_date, last_date_before) end as affected_to,
    case when is_same then change_number else 1 + (select coalesce(max(change_number), 0) from before) end as change_number
from compared
