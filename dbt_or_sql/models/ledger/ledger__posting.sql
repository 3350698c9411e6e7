-- One row per posting: an amount debited or credited to one account by one transaction, in home currency.
-- The macros of macros/ledger say for each type of transaction what is debited and what is credited.
{% do declare_ledger_model(follows=['ledger.document'], replaces=['transaction_type', 'transaction_id']) %}
with {{ changed_documents() }},
{{ current_general_ledger() }},
{{ applied_amounts() }},
entry as (
    {{ sale_entries() }}
    union all
    {{ expense_entries() }}
    union all
    {{ settlement_entries() }}
    union all
    {{ bank_entries() }}
    union all
    {{ journal_entries() }}
),
valued as materialized (
    select
        entry.*,
        changed.transaction_type,
        changed.is_home_currency,
        changed.exchange_rate,
        coalesce(entry.home, {{ home_amount('entry.amount', 'changed.exchange_rate') }}) as home_amount,
        row_number() over (
            partition by entry.document_row
            order by entry.section, entry.line_number, entry.role, entry.account_id, entry.tax_agency_id, entry.amount
        ) as entry_number
    from entry
    inner join changed using (document_row)
    where entry.amount <> 0 or entry.home <> 0
),
{{ balanced_entries() }},
{{ completed_entries() }},
home as (
    select realm_id, home_currency_id from {{ ref('qbo__preferences') }} where not is_deleted
),
posting as (
    select
        own.document_row, own.entry_number as posting_number, own.line_number,
        coalesce(own.account_id, resolved.account_id) as account_id,
        own.party_type, own.party_id, own.customer_id, own.vendor_id, own.class_id, own.department_id, own.item_id,
        own.tax_agency_id,
        case when coalesce(own.account_id, resolved.account_id) is null then 'unresolved' else own.role end as role,
        own.home_amount, own.amount, null as currency_id, null as exchange_rate,
        'entity' as source, own.description, null as loaded_at
    from own
    left join resolved using (document_row, entry_number)
    union all
    select
        document_row, coalesce(own_entries.entries, 0) + completion.place, null,
        completion.account_id,
        coalesce(party.party_type, changed.party_type) as named_type,
        coalesce(party.party_id, changed.party_id) as named_id,
        case when named_type = 'Customer' then named_id end,
        case when named_type = 'Vendor' then named_id end,
        changed.class_id, changed.department_id, null, null,
        'report',
        completion.debit - completion.credit, completion.debit - completion.credit,
        coalesce(home.home_currency_id, ''), 1,
        'report', completion.memo, completion.loaded_at
    from completion
    inner join changed using (document_row)
    left join own_entries using (document_row)
    left join {{ named_parties() }} as party
        on party.realm_id = changed.realm_id and party.party_id = completion.name_id
    left join home on home.realm_id = changed.realm_id
    union all
    select
        document_row, unresolved.place, null, null,
        changed.party_type, changed.party_id, null, null, changed.class_id, changed.department_id, null, null,
        'unresolved',
        -unresolved.home_amount, -unresolved.amount, null, null,
        'entity', changed.description, null
    from unresolved
    inner join changed using (document_row)
)
select
    changed.realm_id,
    changed.transaction_type,
    changed.transaction_id,
    posting.posting_number,
    posting.line_number,
    changed.transaction_date,
    changed.doc_number,
    posting.account_id,
    posting.party_type,
    posting.party_id,
    posting.customer_id,
    posting.vendor_id,
    posting.class_id,
    posting.department_id,
    posting.item_id,
    posting.tax_agency_id,
    posting.role,
    greatest(posting.home_amount, 0)::decimal(18, 2) as debit,
    greatest(-posting.home_amount, 0)::decimal(18, 2) as credit,
    coalesce(posting.currency_id, changed.currency_id) as currency_id,
    coalesce(posting.exchange_rate, changed.exchange_rate)::decimal(28, 10) as exchange_rate,
    greatest(posting.amount, 0)::decimal(18, 2) as foreign_debit,
    greatest(-posting.amount, 0)::decimal(18, 2) as foreign_credit,
    posting.source,
    posting.description,
    coalesce(posting.loaded_at, changed.loaded_at) as loaded_at
from posting
inner join changed using (document_row)
where posting.home_amount <> 0
