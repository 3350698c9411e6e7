-- One row per application: an amount of one document that settled another, on a day, at both documents' rates.
-- A payment settles with the credits it uses first, in the order of its lines, and with its money after them.
{% do declare_ledger_model(follows=['ledger.document'], replaces=['settled_by_type', 'settled_by_id']) %}
with {{ changed_documents() }},
{{ journal_charges() }},
{{ settlement_lines() }},
{{ allocations() }},
{{ kinds_of_credit() }},
dated as materialized (
    select
        allocated.*,
        source.transaction_date as source_date,
        target.transaction_date as target_date,
        greatest(source.transaction_date, target.transaction_date, settled_by.transaction_date) as applied_date,
        source.total_amount as source_amount,
        allocated.source_type = allocated.settled_by_type and allocated.source_id = allocated.settled_by_id as is_money,
        target.currency_id,
        target.exchange_rate as target_rate,
        source.exchange_rate as source_rate,
        not (target.is_home_currency and source.is_home_currency) as is_foreign,
        settled_by.loaded_at
    from allocated
    inner join {{ ref('ledger__document') }} as source
        on source.realm_id = allocated.realm_id
        and source.transaction_type = allocated.source_type
        and source.transaction_id = allocated.source_id
    inner join {{ ref('ledger__document') }} as target
        on target.realm_id = allocated.realm_id
        and target.transaction_type = allocated.target_type
        and target.transaction_id = allocated.target_id
    inner join {{ ref('ledger__document') }} as settled_by
        on settled_by.realm_id = allocated.realm_id
        and settled_by.transaction_type = allocated.settled_by_type
        and settled_by.transaction_id = allocated.settled_by_id
),
-- What is applied in parts is rounded as a running total, so that the parts add up to the cent of the whole. Of a payment, what
-- is not applied stands first.
foreign_application as (
    select
        *,
        sum(amount) over of_target as target_total,
        sum(amount) over of_source + case
            when is_money then source_amount - sum(amount) over (partition by realm_id, source_type, source_id) else 0
        end as source_total
    from dated
    where is_foreign
    window
        of_target as (
            partition by realm_id, target_type, target_id
            order by applied_date, settled_by_type, length(settled_by_id), settled_by_id, target_line_number, source_line_number
            rows between unbounded preceding and current row
        ),
        of_source as (
            partition by realm_id, source_type, source_id
            order by applied_date, settled_by_type, length(settled_by_id), settled_by_id, source_line_number, target_line_number
            rows between unbounded preceding and current row
        )
),
priced as (
    select foreign_application.* exclude (target_total, source_total),
        {% for end in ['target', 'source'] %}
        {{ settled_home_amount(end ~ '_total', end) }} - {{ settled_home_amount('(' ~ end ~ '_total - amount)', end) }}
            as {{ end }}_home_amount{{ ',' if not loop.last }}
        {% endfor %}
    from foreign_application
    {% for end in ['target', 'source'] %}
    left join journal_of_party as {{ end }}_journal
        on {{ end }}_journal.realm_id = foreign_application.realm_id
        and {{ end }}_type = 'JournalEntry'
        and {{ end }}_journal.journal_entry_id = {{ end }}_id
        and {{ end }}_journal.party_id = foreign_application.party_id
        and {{ end }}_journal.settled_by = foreign_application.settled_by_type
    {% endfor %}
    union all
    select *, amount, amount from dated where not is_foreign
),
numbered as (
    select
        priced.*,
        case when priced.settled_by_type = 'BillPayment' then 'payable' else 'receivable' end as side,
        case
            when priced.source_type in ('Payment', 'BillPayment', 'Invoice', 'Purchase') then 'cash'
            when priced.source_type = 'Deposit' then 'deposit'
            when priced.source_type = 'JournalEntry' and bank_journal.realm_id is not null then 'cash'
            when priced.source_type = 'JournalEntry' then 'journal'
            when bad_debt.realm_id is not null then 'write_off'
            else 'credit'
        end as kind,
        row_number() over (
            partition by priced.realm_id, priced.settled_by_type = 'BillPayment', priced.source_type, priced.source_id
            order by
                priced.settled_by_type, priced.settled_by_id, priced.source_line_number, priced.target_line_number
        ) as application_number
    from priced
    left join bad_debt
        on bad_debt.realm_id = priced.realm_id
        and bad_debt.credit_memo_id = priced.source_id
        and priced.source_type = 'CreditMemo'
    left join bank_journal
        on bank_journal.realm_id = priced.realm_id
        and bank_journal.journal_entry_id = priced.source_id
        and priced.source_type = 'JournalEntry'
)
select
    numbered.realm_id,
    side,
    source_type,
    source_id,
    source_line_number,
    target_type,
    target_id,
    application_number,
    settled_by_type,
    settled_by_id,
    source_date,
    target_date,
    applied_date,
    kind,
    numbered.party_id,
    numbered.currency_id,
    amount,
    target_rate,
    source_rate,
    target_home_amount::decimal(18, 2) as target_home_amount,
    source_home_amount::decimal(18, 2) as source_home_amount,
    (
        case side when 'receivable' then source_home_amount - target_home_amount else target_home_amount - source_home_amount end
    )::decimal(18, 2) as exchange_gain_loss,
    numbered.loaded_at
from numbered
{% if is_incremental() %}
inner join changed
    on changed.realm_id = numbered.realm_id
    and changed.transaction_type = numbered.settled_by_type
    and changed.transaction_id = numbered.settled_by_id
{% endif %}
