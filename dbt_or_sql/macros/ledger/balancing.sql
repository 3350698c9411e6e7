{#
    What makes every transaction balance in home currency, of the entries in CTE `valued` (`home_amount`, `entry_number`):

    exchange   in payments and deposits, what the rates differ by
    rounding   in other foreign documents, cents of the conversion; in taxed ones, cents of the tax: on the largest line that is
               no receivable or payable, for what is owed is settled at its amount at the rate
    missing    what no field of the record shows: completed from the report, or posted as unresolved
#}
{% macro balanced_entries() %}
uneven as materialized (
    select
        document_row,
        sum(amount) as amount,
        sum(home_amount) as home_amount,
        bool_and(not is_home_currency) and (
            bool_or(transaction_type in ('Payment', 'BillPayment'))
            or bool_or(transaction_type = 'Deposit' and home <> {{ home_amount('amount', 'exchange_rate') }})
        ) as is_exchange,
        abs(sum(amount)) <= 0.01 * count(*) filter (where section = 2) * bool_or(section = 3)::integer as is_rounding,
        max(entry_number) as entries
    from valued
    group by document_row
    having sum(home_amount) <> 0
),
largest as (
    select
        document_row,
        max_by(
            entry_number,
            (coalesce(kind.found_by not in ('Accounts Receivable', 'Accounts Payable'), true), abs(home_amount), -entry_number)
        ) as largest_entry
    from valued
    inner join changed using (document_row)
    left join {{ ref('ledger__account_choice') }} as kind
        on kind.realm_id = changed.realm_id and kind.purpose = 'account_type' and kind.key = valued.account_id
    where section <> 1 and document_row in (select document_row from uneven)
    group by document_row
),
difference as materialized (
    select uneven.*, largest.largest_entry
    from uneven
    left join largest using (document_row)
),
own as materialized (
    select
        valued.* replace (
            case
                when difference.largest_entry = valued.entry_number then valued.home_amount - difference.home_amount
                else valued.home_amount
            end::decimal(18, 2) as home_amount
        )
    from valued
    left join difference
        on difference.document_row = valued.document_row
        and not difference.is_exchange
        and (difference.amount = 0 or difference.is_rounding)
    union all by name
    select
        {{ entry({
            'section': '4', 'account_id': 'choice.account_id', 'role': "'exchange'",
            'amount': '0', 'home': '-difference.home_amount',
        }) }},
        changed.transaction_type, changed.is_home_currency, changed.exchange_rate,
        (-difference.home_amount)::decimal(18, 2) as home_amount,
        difference.entries + 1 as entry_number
    from difference
    inner join changed using (document_row)
    {{ join_choice('exchange') }}
    where difference.is_exchange and difference.amount = 0
)
{% endmacro %}
