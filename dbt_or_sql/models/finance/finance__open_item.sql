-- One row per document that is open on the day of the company's last sync.
{{ config(materialized='view') }}
select
    balance.realm_id,
    balance.side,
    balance.transaction_type,
    balance.transaction_id,
    document.doc_number,
    balance.party_id,
    balance.account_id,
    balance.currency_id,
    balance.transaction_date,
    balance.due_date,
    company.today as as_of_date,
    balance.open_amount,
    balance.open_home_amount,
    greatest(company.today - coalesce(balance.due_date, balance.transaction_date), 0) as days_overdue,
    {{ aging_bucket('company.today', "'due_date'") }} as bucket
from {{ ref('finance__document_balance') }} as balance
inner join (select realm_id, any_value(today) as today from {{ ref('finance__month_end') }} group by realm_id) as company
    using (realm_id)
left join (
    select realm_id, transaction_type, transaction_id, any_value(doc_number) as doc_number
    from {{ ref('ledger__posting') }}
    group by all
) as document using (realm_id, transaction_type, transaction_id)
where balance.valid_from <= company.today
    and (balance.valid_to > company.today or balance.valid_to is null)
    and (balance.open_amount <> 0 or balance.open_home_amount <> 0)
