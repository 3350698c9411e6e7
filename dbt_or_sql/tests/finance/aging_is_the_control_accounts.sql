{# Month-ends at which the ageing does not come to what the trial balance has on A/R or A/P. #}
{{ config(meta={'dagster': {'ref': {'name': 'finance__ar_aging', 'package': 'qbo_pipeline'}}}) }}
with
aged as (
    select realm_id, as_of_date, aging_basis, 'Accounts Receivable' as account_type, sum(amount) as amount
    from {{ ref('finance__ar_aging') }}
    group by all
    union all
    select realm_id, as_of_date, aging_basis, 'Accounts Payable', sum(amount)
    from {{ ref('finance__ap_aging') }}
    group by all
),
control as (
    select
        realm_id, as_of_date, basis.aging_basis, account_type,
        sum(case account_type when 'Accounts Receivable' then balance else -balance end) as amount
    from {{ ref('finance__trial_balance') }}
    cross join (values ('due_date'), ('transaction_date')) as basis (aging_basis)
    where accounting_method = 'Accrual' and account_type in ('Accounts Receivable', 'Accounts Payable')
    group by all
)
select realm_id, as_of_date, aging_basis, account_type, aged.amount as aged, control.amount as on_the_accounts
from aged
full join control using (realm_id, as_of_date, aging_basis, account_type)
where coalesce(aged.amount, 0) <> coalesce(control.amount, 0)
