-- One row per month, activity, kind and account: the money that came in (positive) and went out, by what it was for.
-- depends_on: {{ ref('ledger__document_change') }}
{{ config(materialized='incremental', incremental_strategy='touched_months', post_hook='{{ note_change_read() }}') }}
{% do declare_touched('month') %}
{% set is_touched_only = is_by_month() %}
with
posting as (
    select
        posting.realm_id, transaction_type, transaction_id, transaction_date, posting.account_id, account_type, role,
        credit - debit as amount,
        {{ is_money_account('account') }} as is_money
    from {{ ref('ledger__posting') }} as posting
    left join {{ ref('finance__account') }} as account
        on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    {% if is_touched_only %}
    where (posting.realm_id, date_trunc('month', transaction_date)::date) in ({{ touched_months() }})
    {% endif %}
),
moving as (
    select realm_id, transaction_type, transaction_id
    from posting
    where is_money
    group by all
)
select
    realm_id,
    date_trunc('month', transaction_date)::date as month,
    case
        when account_type in ('Fixed Asset', 'Other Asset') then 'investing'
        when account_type in ('Long Term Liability', 'Equity') then 'financing'
        else 'operating'
    end as activity,
    case
        when role = 'tax' then 'taxes'
        when account_type in ('Accounts Receivable', 'Income', 'Other Income') then 'customers'
        when account_type in ('Accounts Payable', 'Expense', 'Other Expense', 'Cost of Goods Sold') then 'costs'
        when account_type = 'Credit Card' then 'cards'
        when account_type = 'Equity' then 'owners'
        else 'other'
    end as kind,
    account_id,
    greatest(sum(amount), 0)::decimal(18, 2) as money_in,
    greatest(-sum(amount), 0)::decimal(18, 2) as money_out,
    sum(amount)::decimal(18, 2) as amount
from posting
inner join moving using (realm_id, transaction_type, transaction_id)
where not coalesce(is_money, false)
group by all
having sum(amount) <> 0
