-- One row per document the ledger ever held: what all that stands of it comes to, and the build that last changed it.
-- A build looks at the documents the ledger computed anew, at what their payments settle or settled, and at those on an account
-- whose type changed.
-- depends_on: {{ ref('ledger__document') }}, {{ ref('ledger__account_choice') }}
{{ config(incremental_strategy='delete+insert', unique_key=['realm_id', 'transaction_type', 'transaction_id']) }}
{% do declare_ledger_model(
    follows=['ledger.document', 'ledger.account_choice'], replaces=['transaction_type', 'transaction_id'], is_by_document=true
) %}
with
before as (
    {{ former_document_changes() }}
),
{% if is_incremental() %}
computed as materialized (
    select realm_id, transaction_type, transaction_id
    from {{ ref('ledger__document') }}
    where revision > {{ last_revision_read('ledger.document') }}
    union
    select posting.realm_id, transaction_type, transaction_id
    from {{ ref('ledger__posting') }} as posting
    inner join {{ ref('ledger__account_choice') }} as kind
        on kind.realm_id = posting.realm_id and kind.key = posting.account_id and kind.purpose = 'account_type'
    where kind.revision > {{ last_revision_read('ledger.account_choice') }}
),
settled as (
    select application.*
    from {{ ref('ledger__application') }} as application
    inner join computed
        on computed.realm_id = application.realm_id
        and computed.transaction_type = application.settled_by_type
        and computed.transaction_id = application.settled_by_id
),
looked_at as materialized (
    select realm_id, transaction_type, transaction_id from computed
    union
    select realm_id, source_type, source_id from settled
    union
    select realm_id, target_type, target_id from settled
    union
    select realm_id, former.transaction_type, former.transaction_id
    from (select realm_id, unnest(settles) as former from before inner join computed using (realm_id, transaction_type, transaction_id))
),
{% endif %}
{{ document_entries() }},
document as (
    select
        realm_id, transaction_type, transaction_id,
        hash('{{ document_definition() }}', sum(mark)) as fingerprint,
        min(first_date) as first_date,
        max(last_date) as last_date,
        coalesce(bool_or(is_left_open), false) as is_left_open,
        list_sort(list_distinct(list_concat(list(party_id), list(customer_id), list(vendor_id)))) as parties,
        any_value(settles) as settles
    from entry
    group by realm_id, transaction_type, transaction_id
),
compared as (
    select
        realm_id, transaction_type, transaction_id,
        document.fingerprint, document.first_date, document.last_date, document.is_left_open, document.parties, document.settles,
        before.first_date as first_date_before, before.last_date as last_date_before,
        before.is_left_open as is_left_open_before, before.parties as parties_before,
        before.earliest_date, before.affected_from, before.affected_to, before.is_affected_onward, before.affected_parties,
        before.change_number,
        document.fingerprint is not distinct from before.fingerprint as is_same
    from document
    full join (
        select before.*
        from before
        {% if is_incremental() %}inner join looked_at using (realm_id, transaction_type, transaction_id){% endif %}
    ) as before using (realm_id, transaction_type, transaction_id)
)
select
    realm_id,
    transaction_type,
    transaction_id,
    fingerprint,
    first_date,
    last_date,
    coalesce(is_left_open, false) as is_left_open,
    parties,
    settles,
    least(earliest_date, first_date) as earliest_date,
    case when is_same then affected_from else least(first_date, first_date_before) end as affected_from,
    case when is_same then affected_to else greatest(last_date, last_date_before) end as affected_to,
    case when is_same then is_affected_onward else coalesce(is_left_open, false) or coalesce(is_left_open_before, false) end
        as is_affected_onward,
    case when is_same then affected_parties else list_distinct(list_concat(coalesce(parties, []), coalesce(parties_before, []))) end
        as affected_parties,
    case when is_same then change_number else 1 + (select coalesce(max(change_number), 0) from before) end as change_number
from compared
