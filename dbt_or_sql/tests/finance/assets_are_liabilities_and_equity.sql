{# Balance sheets whose two sides differ. #}
select
    realm_id, accounting_method, as_of_date,
    sum(amount) filter (where section = 'Assets') as assets,
    sum(amount) filter (where section <> 'Assets') as liabilities_and_equity
from {{ ref('finance__balance_sheet') }}
group by all
having coalesce(assets, 0) <> coalesce(liabilities_and_equity, 0)
