-- One row per change of what is open on a document: its own amount on its date, and each amount applied to or from it.
-- A payment counts with what its invoices were booked at, as its credit on the receivable does. So the sum over all documents is
-- the balance of the control accounts on every day, before an application as after it.
{% do declare_ledger_model(follows=['ledger.document'], replaces=['caused_by_type', 'caused_by_id']) %}
with {{ changed_documents() }},
control_account as (
    select
        realm_id, id as account_id,
        case account_type when 'Accounts Receivable' then 'receivable' else 'payable' end as side
    from {{ ref('qbo__account') }}
    where account_type in ('Accounts Receivable', 'Accounts Payable')
),
applied as materialized (
    select
        application.*,
        application.source_type = application.settled_by_type
        and application.source_id = application.settled_by_id as is_money
    from {{ ref('ledger__application') }} as application
    inner join changed
        on changed.realm_id = application.realm_id
        and changed.transaction_type = application.settled_by_type
        and changed.transaction_id = application.settled_by_id
    where application.settled_by_type <> 'Invoice'
),
-- The documents changed, and those their payments link.
concerned as (
    select realm_id, transaction_type, transaction_id from changed where is_posted
    union
    select realm_id, source_type, source_id from applied
    union
    select realm_id, target_type, target_id from applied
),
posted as (
    select
        realm_id, posting.transaction_type, posting.transaction_id, control_account.side, account_id, posting.party_id,
        case control_account.side when 'receivable' then 1 else -1 end as sign,
        sum(posting.foreign_debit - posting.foreign_credit) as amount,
        sum(posting.debit - posting.credit) as home_amount
    from {{ ref('ledger__posting') }} as posting
    inner join control_account using (realm_id, account_id)
    inner join concerned using (realm_id, transaction_type, transaction_id)
    group by all
),
-- A document whose control account nothing gives is open all the same.
unresolved as (
    select
        document.realm_id, document.transaction_type, document.transaction_id,
        case when document.transaction_type in ('Invoice', 'CreditMemo', 'Payment') then 'receivable' else 'payable' end as side,
        document.party_id,
        document.total_amount * case when document.transaction_type in ('Invoice', 'Bill') then 1 else -1 end as amount,
        document.exchange_rate
    from {{ ref('ledger__document') }} as document
    inner join concerned using (realm_id, transaction_type, transaction_id)
    left join posted using (realm_id, transaction_type, transaction_id)
    where document.transaction_type in ('Invoice', 'CreditMemo', 'Payment', 'Bill', 'VendorCredit', 'BillPayment')
        and document.total_amount <> 0
        and posted.realm_id is null
),
booked as materialized (
    select
        realm_id, transaction_type, transaction_id, side, account_id, party_id,
        sign * amount as amount, sign * home_amount as home_amount
    from posted
    union all
    select
        realm_id, transaction_type, transaction_id, side, null, party_id,
        amount, {{ home_amount('amount', 'exchange_rate') }}
    from unresolved
),
booked_document as (
    select
        realm_id, side, transaction_type, transaction_id,
        min(account_id) as account_id,
        -- Several names under one journal entry: the payment says whose part it settles.
        case when count(distinct coalesce(party_id, '')) = 1 then min(party_id) end as party_id
    from booked
    group by realm_id, side, transaction_type, transaction_id
),
applied_part as (
    select
        realm_id, side, settled_by_type, settled_by_id, party_id, applied_date, application_number, 2 as step,
        target_type as transaction_type, target_id as transaction_id,
        -amount as amount, -target_home_amount as home_amount, source_type, source_id
    from applied
    union all
    select
        realm_id, side, settled_by_type, settled_by_id, party_id, applied_date, application_number, 3,
        source_type, source_id,
        amount, case when is_money then target_home_amount else source_home_amount end, source_type, source_id
    from applied
    union all
    -- A credit was booked otherwise than what it settles: the payment that uses it has the difference in A/R until then.
    select
        realm_id, side, settled_by_type, settled_by_id, party_id, applied_date, application_number, 4,
        settled_by_type, settled_by_id,
        0, target_home_amount - source_home_amount, source_type, source_id
    from applied
    where not is_money
),
change as (
    select
        realm_id, side,
        transaction_type as caused_by_type, transaction_id as caused_by_id,
        transaction_type, transaction_id, booked.account_id, booked.party_id, changed.transaction_date as change_date,
        booked.amount, booked.home_amount,
        1 as step, null as source_type, null as source_id, 0 as application_number
    from booked
    inner join changed using (realm_id, transaction_type, transaction_id)
    union all
    select
        realm_id, side, applied_part.settled_by_type, applied_part.settled_by_id,
        transaction_type, transaction_id, booked_document.account_id,
        coalesce(booked_document.party_id, applied_part.party_id), applied_part.applied_date,
        applied_part.amount, applied_part.home_amount,
        applied_part.step, applied_part.source_type, applied_part.source_id, applied_part.application_number
    from applied_part
    left join booked_document using (realm_id, side, transaction_type, transaction_id)
)
select
    realm_id,
    change.side,
    change.caused_by_type,
    change.caused_by_id,
    row_number() over (
        partition by realm_id, change.side, change.caused_by_type, change.caused_by_id
        order by
            change.step, change.source_type, change.source_id, change.application_number, change.account_id, change.party_id
    ) as change_number,
    transaction_type as document_type,
    transaction_id as document_id,
    change.party_id,
    document.due_date,
    document.transaction_date,
    document.doc_number,
    document.currency_id,
    change.change_date,
    change.amount::decimal(18, 2) as amount,
    change.home_amount::decimal(18, 2) as home_amount,
    change.account_id,
    caused_by.loaded_at
from change
inner join {{ ref('ledger__document') }} as document using (realm_id, transaction_type, transaction_id)
inner join changed as caused_by
    on caused_by.realm_id = change.realm_id
    and caused_by.transaction_type = change.caused_by_type
    and caused_by.transaction_id = change.caused_by_id
where change.amount <> 0 or change.home_amount <> 0
