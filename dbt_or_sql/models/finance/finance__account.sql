-- One row per account of a company, with its place in the statements; `unresolved` holds postings no account is known for.
{{ config(materialized='view') }}
{% set places = {
    'Bank': ['balance_sheet', 'Assets', 1],
    'Accounts Receivable': ['balance_sheet', 'Assets', 2],
    'Other Current Asset': ['balance_sheet', 'Assets', 3],
    'Fixed Asset': ['balance_sheet', 'Assets', 4],
    'Other Asset': ['balance_sheet', 'Assets', 5],
    'Accounts Payable': ['balance_sheet', 'Liabilities', 6],
    'Credit Card': ['balance_sheet', 'Liabilities', 7],
    'Other Current Liability': ['balance_sheet', 'Liabilities', 8],
    'Long Term Liability': ['balance_sheet', 'Liabilities', 9],
    'Equity': ['balance_sheet', 'Equity', 10],
    'Income': ['profit_and_loss', 'Income', 11],
    'Cost of Goods Sold': ['profit_and_loss', 'Cost of goods sold', 12],
    'Expense': ['profit_and_loss', 'Expenses', 13],
    'Other Income': ['profit_and_loss', 'Other income', 14],
    'Other Expense': ['profit_and_loss', 'Other expenses', 15],
} %}
with
place as (
    select *
    from (
        values
        {% for account_type, place in places.items() %}
        ('{{ account_type }}', '{{ place[0] }}', '{{ place[1] }}', {{ place[2] }}){{ ',' if not loop.last }}
        {% endfor %}
    ) as place (account_type, statement, section, position)
),
account as (
    select
        realm_id, id as account_id, clean_name as name, clean_fully_qualified_name as full_name, account_number,
        parent_account_id, classification, account_type, account_sub_type, currency_id, is_active
    from {{ ref('qbo__account') }}
    union all
    select distinct
        realm_id, 'unresolved', 'Unresolved account', 'Unresolved account', null, null, 'Asset', 'Other Asset', null, null, true
    from {{ ref('qbo__account') }}
)
select
    account.realm_id,
    account.account_id,
    account.name,
    account.full_name,
    account.account_number,
    account.parent_account_id,
    account.classification,
    account.account_type,
    account.account_sub_type,
    account.currency_id,
    coalesce(place.statement, 'balance_sheet') as statement,
    coalesce(place.section, 'Assets') as section,
    coalesce(place.position, 5) as position,
    -- Which way the account grows: assets, costs and expenses by debits, everything else by credits.
    case when coalesce(place.section, 'Assets') in ('Assets', 'Cost of goods sold', 'Expenses', 'Other expenses') then 1 else -1 end
        as natural_side,
    account.is_active
from account
left join place using (account_type)
