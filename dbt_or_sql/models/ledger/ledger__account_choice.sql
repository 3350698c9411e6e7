-- One row per account that a posting takes from elsewhere than its own line: an item, a setting, an account's type, a report.
-- Nothing is found by an account's name. Where several accounts would do, the general ledger report decides, or nobody.
{{ config(incremental_strategy='delete+insert', unique_key=['realm_id', 'purpose', 'key']) }}
{% do declare_ledger_model() %}
with account as (
    select * from {{ ref('qbo__account') }} where not is_deleted
),
preferences as (
    select * from {{ ref('qbo__preferences') }} where not is_deleted
),
item as (
    select * from {{ ref('qbo__item') }} where not is_deleted
),
tax_rate as (
    select realm_id, id as tax_rate_id, agency_id from {{ ref('qbo__tax_rate') }} where not is_deleted
),
-- The accounts QuickBooks itself posts to, by what they are.
candidate as (
    select
        account.realm_id,
        case
            when account.account_type = 'Accounts Receivable' then 'receivable'
            when account.account_type = 'Accounts Payable' then 'payable'
            when account.account_sub_type = 'UndepositedFunds' then 'undeposited'
            when account.account_sub_type = 'DiscountsRefundsGiven' then 'discount'
            when account.account_sub_type = 'ExchangeGainOrLoss' then 'exchange'
            when account.account_sub_type in ('SalesTaxPayable', 'GlobalTaxPayable') then 'tax'
        end as purpose,
        case
            when account.account_type in ('Accounts Receivable', 'Accounts Payable')
                then coalesce(account.currency_id, preferences.home_currency_id, '')
            else ''
        end as key,
        account.id as account_id,
        coalesce(account.is_active, true) as is_active
    from account
    left join preferences using (realm_id)
),
-- An inactive account counts only where no active one would do.
only_candidate as (
    select
        realm_id, purpose, key,
        case
            when count(*) filter (where is_active) = 1 then max(account_id) filter (where is_active)
            when count(*) = 1 then max(account_id)
        end as account_id
    from candidate
    where purpose is not null
    group by realm_id, purpose, key
),
reported_tax as (
    {{ reported_tax_accounts() }}
),
choice as (
    select
        realm_id, 'item_income' as purpose, id as key, income_account_id as account_id, 'item' as found_by,
        null::varchar as tax_agency_id, null::date as from_date
    from item
    union all
    select realm_id, 'item_purchase', id, coalesce(expense_account_id, income_account_id), 'item', null, null
    from item
    union all
    select realm_id, 'item_stock', id, asset_account_id, 'item', null, coalesce(inventory_start_date, '-infinity'::date)
    from item
    where type = 'Inventory'
    union all
    select realm_id, 'customer_receivable', id, receivable_account_id, 'party', null, null
    from {{ ref('qbo__customer') }}
    where receivable_account_id is not null
    union all
    select realm_id, 'vendor_payable', id, payable_account_id, 'party', null, null
    from {{ ref('qbo__vendor') }}
    where payable_account_id is not null
    union all
    select
        tax_rate.realm_id, 'tax_rate', tax_rate.tax_rate_id,
        coalesce(only_candidate.account_id, reported_tax.account_id),
        case when only_candidate.account_id is not null then 'subtype' when reported_tax.account_id is not null then 'report' end,
        tax_rate.agency_id, null
    from tax_rate
    left join only_candidate on only_candidate.realm_id = tax_rate.realm_id and only_candidate.purpose = 'tax'
    left join reported_tax
        on reported_tax.realm_id = tax_rate.realm_id and reported_tax.tax_agency_id = tax_rate.agency_id
    union all
    select
        realm_id, purpose, key, account_id,
        case when purpose in ('receivable', 'payable') then 'type' else 'subtype' end,
        null, null
    from only_candidate
    where purpose <> 'discount'
    union all
    select
        realm_id, 'discount', '',
        coalesce(chosen.account_id, sub_type.account_id),
        case when chosen.account_id is not null then 'preference' else 'subtype' end,
        null, null
    from (select realm_id, account_id from only_candidate where purpose = 'discount') as sub_type
    full outer join (
        select account.realm_id, account.id as account_id
        from account
        inner join preferences
            on preferences.realm_id = account.realm_id and preferences.default_discount_account = account.id
    ) as chosen using (realm_id)
    union all
    select realm_id, 'home_currency', home_currency_id, null, 'preference', null, null
    from preferences
    where home_currency_id is not null
    union all
    select realm_id, 'account_type', id, id, account_type, null, null
    from {{ ref('qbo__account') }}
    union all
    select preferences.realm_id, 'shipping', '', account.id, 'preference', null, null
    from preferences
    inner join account
        on account.realm_id = preferences.realm_id and account.id = preferences.default_shipping_account
)
{% if is_incremental() %}
select
    realm_id, purpose, key, choice.account_id, choice.found_by, choice.tax_agency_id,
    choice.from_date,
    {{ next_revision() }} as revision
from choice
full outer join {{ this }} as former using (realm_id, purpose, key)
where former.realm_id is null
    or choice.account_id is distinct from former.account_id
    or choice.found_by is distinct from former.found_by
    or choice.tax_agency_id is distinct from former.tax_agency_id
    or choice.from_date is distinct from former.from_date
{% else %}
select *, {{ next_revision() }} as revision from choice
{% endif %}
