{#
    What QuickBooks' general ledger shows of a transaction and its record does not, from CTEs `own` and `general_ledger`:

    resolved    an entry whose account no field gives takes the one account on which the report shows its amount
    completion  the report's rows on accounts the record posts nothing to: of a transaction without a record all of them; else
                only if they balance the document, or those of stock and cost of goods sold, if these balance by themselves.
                An account that both show is never corrected: a difference stays to be seen in the reconciliation.
    unresolved  what is missing still
#}
{% macro completed_entries() %}
shown as materialized (
    select
        changed.document_row, general_ledger.account_id, general_ledger.name_id, general_ledger.memo,
        general_ledger.debit, general_ledger.credit, general_ledger.fetched_at, general_ledger.loaded_at,
        account.account_type,
        account.account_type = 'Cost of Goods Sold' or account.account_sub_type = 'Inventory' as is_stock
    from general_ledger
    inner join changed using (realm_id, transaction_type, transaction_id)
    left join {{ ref('qbo__account') }} as account
        on account.realm_id = general_ledger.realm_id and account.id = general_ledger.account_id
    where changed.is_posted
),
own_total as materialized (
    select
        changed.document_row,
        coalesce(posted.home_amount, 0) as home_amount,
        -- A record that posts nothing is void or worth nothing; only adjustments of stock never show amounts.
        posted.document_row is null and changed.is_entity and (
            coalesce(changed.description, '') ilike 'voided%'
            or changed.transaction_type <> 'InventoryAdjustment' and changed.updated_at > report.fetched_at
        ) as is_void
    from changed
    inner join (
        select document_row, max(fetched_at) as fetched_at from shown group by document_row
    ) as report using (document_row)
    left join (
        select document_row, sum(home_amount) as home_amount from own group by document_row
    ) as posted using (document_row)
),
missing_account as (
    select
        document_row, account_id,
        any_value(shown.account_type) as account_type,
        sum(shown.debit - shown.credit) as home_amount
    from shown
    left join own using (document_row, account_id)
    where own.document_row is null
    group by document_row, account_id
),
resolved as materialized (
    select own.document_row, own.entry_number, max(missing_account.account_id) as account_id
    from own
    inner join missing_account using (document_row, home_amount)
    where own.account_id is null
        and case own.role
            when 'receivable' then missing_account.account_type = 'Accounts Receivable'
            when 'payable' then missing_account.account_type = 'Accounts Payable'
            else missing_account.account_type not in ('Accounts Receivable', 'Accounts Payable')
        end
    group by own.document_row, own.entry_number
    having count(*) = 1
),
missing as materialized (
    select shown.*
    from shown
    inner join missing_account using (document_row, account_id)
    left join resolved using (document_row, account_id)
    where resolved.document_row is null
),
accepted as (
    select
        document_row,
        own_total.home_amount + sum(missing.debit - missing.credit) = 0 as is_whole
    from missing
    inner join own_total using (document_row)
    where not own_total.is_void
    group by document_row, own_total.home_amount
    having own_total.home_amount + sum(missing.debit - missing.credit) = 0
        or sum(missing.debit - missing.credit) filter (where missing.is_stock) = 0
),
completion as materialized (
    select
        missing.*,
        -- Not by the report's own order, which follows the accounts' names.
        row_number() over (
            partition by document_row
            order by missing.account_id, missing.debit, missing.credit, missing.name_id, missing.memo
        ) as place
    from missing
    inner join accepted using (document_row)
    where accepted.is_whole or missing.is_stock
),
own_entries as (
    select document_row, max(entry_number) as entries
    from own
    where document_row in (select document_row from completion)
    group by document_row
),
unresolved as (
    select
        document_row, own_amount.amount,
        own_amount.home_amount + coalesce(completed.home_amount, 0) as home_amount,
        own_amount.entries + coalesce(completed.entries, 0) + 1 as place
    from (
        select document_row, sum(amount) as amount, sum(home_amount) as home_amount, max(entry_number) as entries
        from own
        group by document_row
        having sum(home_amount) <> 0
    ) as own_amount
    left join (
        select document_row, sum(debit - credit) as home_amount, count(*) as entries
        from completion
        group by document_row
    ) as completed using (document_row)
    where own_amount.home_amount + coalesce(completed.home_amount, 0) <> 0
)
{% endmacro %}
