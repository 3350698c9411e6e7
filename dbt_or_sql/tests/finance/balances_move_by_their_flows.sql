{# Accounts whose balance at a month's end is not that of the month before and the month's flows; a new fiscal year aside. #}
{{ config(meta={'dagster': {'ref': {'name': 'finance__trial_balance', 'package': 'qbo_pipeline'}}}) }}
select realm_id, accounting_method, account_id, month, prior_month_balance, month_debit, month_credit, balance
from {{ ref('finance__trial_balance') }}
inner join {{ ref('finance__month_end') }} using (realm_id, month)
where balance <> prior_month_balance + month_debit - month_credit
    and month <> fiscal_year_start
