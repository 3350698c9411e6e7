{#
    From the lines of payments to who settled whom with how much, in three steps:

    settlement_line  a line of a payment that links a living document: a charge it pays, or a credit it uses
    span             charges one behind the other on a scale of amounts, and on the same scale credits, then the money
    allocated        where a charge and a credit or the money lie over each other: an application
#}

{# What is particular to customers' payments and to vendors'. `credits` can settle others; a journal entry may be either. #}
{% macro settlements() %}
    {{ return({
        'Payment': {
            'table': 'payment', 'side': 'receivable', 'control': 'Accounts Receivable', 'sign': 1,
            'credits': ['CreditMemo', 'Deposit', 'Payment'],
        },
        'BillPayment': {
            'table': 'bill_payment', 'side': 'payable', 'control': 'Accounts Payable', 'sign': -1,
            'credits': ['VendorCredit', 'Purchase', 'BillPayment'],
        },
    }) }}
{% endmacro %}

{#
    CTEs up to `settlement_line`. With a payment those are read too that share a foreign document or a credit with it, because
    amounts in home currency and the numbers of applications follow from all of a document's.
#}
{% macro settlement_lines() %}
{% if is_incremental() %}
linked as not materialized (
    {{ settling_links(settlements()) }}
),
shared as materialized (
    select distinct linked.realm_id, linked.linked_type, linked.linked_id
    from linked
    inner join changed using (realm_id, transaction_type, transaction_id)
    inner join {{ ref('ledger__document') }} as document
        on document.realm_id = linked.realm_id
        and document.transaction_type = linked.linked_type
        and document.transaction_id = linked.linked_id
    where not document.is_home_currency or linked.linked_type not in ('Invoice', 'Bill')
),
settlement as materialized (
    select realm_id, transaction_type, transaction_id
    from changed
    where transaction_type in ('Payment', 'BillPayment')
    union
    select linked.realm_id, linked.transaction_type, linked.transaction_id
    from linked
    inner join shared using (realm_id, linked_type, linked_id)
),
{% endif %}
{% for name, settlement in settlements().items() %}
{% for part in ['line', 'linked_txn'] %}
{{ settlement.table }}_{{ part }} as {{ 'materialized' if is_incremental() else 'not materialized' }} (
    select part.*
    from {{ ref('qbo__' ~ settlement.table ~ '_' ~ part) }} as part
    {% if is_incremental() %}
    inner join settlement
        on settlement.realm_id = part.realm_id
        and settlement.transaction_id = part.{{ settlement.table }}_id
        and settlement.transaction_type = '{{ name }}'
    {% endif %}
    where not part.is_deleted
),
{% endfor %}
{% endfor %}
link as not materialized (
    {% for name, settlement in settlements().items() %}
    select
        realm_id, '{{ name }}' as transaction_type, linked.{{ settlement.table }}_id as transaction_id, line_number,
        {{ linked_entity('linked.linked_transaction_type') }} as linked_type,
        linked.linked_transaction_id as linked_id,
        line.amount
    from {{ settlement.table }}_linked_txn as linked
    inner join {{ settlement.table }}_line as line using (realm_id, {{ settlement.table }}_id, line_number)
    where line.amount <> 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
settlement_line as materialized (
    select
        link.realm_id, link.transaction_type, link.transaction_id, link.line_number, link.linked_type, link.linked_id,
        document.party_id,
        abs(link.amount) as amount,
        (
            case
                {% for name, settlement in settlements().items() %}
                when link.transaction_type = '{{ name }}'
                    then link.linked_type in ('{{ settlement.credits | join("', '") }}')
                    or link.linked_type = 'JournalEntry' and coalesce(journal_of_party.owed, journal.owed, 0) < 0
                {% endfor %}
            end
        ) <> (link.amount < 0) as is_credit
    from link
    inner join {{ ref('ledger__document') }} as document using (realm_id, transaction_type, transaction_id)
    inner join {{ ref('ledger__document') }} as target
        on target.realm_id = link.realm_id
        and target.transaction_type = link.linked_type
        and target.transaction_id = link.linked_id
    left join journal_of_party
        on journal_of_party.realm_id = link.realm_id
        and journal_of_party.journal_entry_id = link.linked_id
        and journal_of_party.settled_by = link.transaction_type
        and journal_of_party.party_id = document.party_id
        and link.linked_type = 'JournalEntry'
    left join journal
        on journal.realm_id = link.realm_id
        and journal.journal_entry_id = link.linked_id
        and journal.settled_by = link.transaction_type
        and link.linked_type = 'JournalEntry'
    where document.is_posted and target.is_posted
)
{% endmacro %}

{#
    CTEs `journal_of_party` and `journal`: what journal entries add to what customers owe and to what vendors are owed, and what
    that is booked at, line by line.
#}
{% macro journal_charges() %}
journal_line as (
    select
        line.realm_id, line.journal_entry_id, line.entity_id as party_id,
        case account.account_type when 'Accounts Receivable' then 'Payment' else 'BillPayment' end as settled_by,
        case
            when (line.posting_type = 'Debit') = (account.account_type = 'Accounts Receivable') then line.amount
            else -line.amount
        end as owed,
        document.exchange_rate
    from {{ ref('qbo__journal_entry_line') }} as line
    inner join {{ ref('qbo__account') }} as account on account.realm_id = line.realm_id and account.id = line.account_id
    inner join {{ ref('ledger__document') }} as document
        on document.realm_id = line.realm_id
        and document.transaction_type = 'JournalEntry'
        and document.transaction_id = line.journal_entry_id
    where account.account_type in ('Accounts Receivable', 'Accounts Payable')
),
journal_of_party as materialized (
    select
        realm_id, journal_entry_id, party_id, settled_by,
        sum(owed) as owed,
        sum({{ home_amount('owed', 'exchange_rate') }}) as owed_home
    from journal_line
    group by realm_id, journal_entry_id, party_id, settled_by
),
journal as materialized (
    select realm_id, journal_entry_id, settled_by, sum(owed) as owed
    from journal_of_party
    group by realm_id, journal_entry_id, settled_by
)
{% endmacro %}

{# SQL for a running total of what a document settles at home: its whole at what it was booked at, a part at its rate. #}
{% macro settled_home_amount(total, end) -%}
case
    when {{ total }} = abs({{ end }}_journal.owed) then abs({{ end }}_journal.owed_home)
    else {{ home_amount(total, end ~ '_rate') }}
end
{%- endmacro %}

{# CTEs from `settlement_line` to `allocated`. #}
{% macro allocations() %}
span as materialized (
    select
        *,
        sum(amount) over by_line - amount as starts_at,
        sum(amount) over by_line as ends_at
    from settlement_line
    window by_line as (
        partition by realm_id, transaction_type, transaction_id, is_credit order by line_number
        rows between unbounded preceding and current row
    )
),
settled_total as (
    select
        realm_id, transaction_type, transaction_id, max(party_id) as party_id,
        coalesce(max(ends_at) filter (where not is_credit), 0) as charged,
        coalesce(max(ends_at) filter (where is_credit), 0) as credited
    from span
    group by realm_id, transaction_type, transaction_id
),
charge as (
    select realm_id, transaction_type, transaction_id, linked_type, linked_id, line_number, starts_at, ends_at
    from span
    where not is_credit
    union all
    -- Credits beyond what is charged become money on account.
    select realm_id, transaction_type, transaction_id, transaction_type, transaction_id, null, charged, credited
    from settled_total
    where credited > charged
),
used as (
    select realm_id, transaction_type, transaction_id, linked_type, linked_id, line_number, starts_at, ends_at
    from span
    where is_credit
    union all
    select realm_id, transaction_type, transaction_id, transaction_type, transaction_id, null, credited, charged
    from settled_total
    where charged > credited
),
allocated as (
    select
        realm_id,
        transaction_type as settled_by_type,
        transaction_id as settled_by_id,
        settled_total.party_id,
        used.linked_type as source_type,
        used.linked_id as source_id,
        used.line_number as source_line_number,
        charge.linked_type as target_type,
        charge.linked_id as target_id,
        charge.line_number as target_line_number,
        (least(charge.ends_at, used.ends_at) - greatest(charge.starts_at, used.starts_at))::decimal(18, 2) as amount
    from charge
    inner join used using (realm_id, transaction_type, transaction_id)
    inner join settled_total using (realm_id, transaction_type, transaction_id)
    where charge.starts_at < used.ends_at and used.starts_at < charge.ends_at
    union all
    -- A deposit taken on the invoice itself.
    select
        invoice.realm_id, 'Invoice', invoice.id, invoice.customer_id, 'Invoice', invoice.id, null, 'Invoice', invoice.id, null,
        invoice.deposit
    from {{ ref('qbo__invoice') }} as invoice
    {% if is_incremental() %}
    inner join (
        select realm_id, transaction_id from changed where transaction_type = 'Invoice'
        union
        select realm_id, linked_id from shared where linked_type = 'Invoice'
    ) as read
        on read.realm_id = invoice.realm_id and read.transaction_id = invoice.id
    {% endif %}
    where invoice.deposit > 0 and not invoice.is_deleted
)
{% endmacro %}

{# CTEs `bad_debt` and `bank_journal`: credits on expense accounts only, and journal entries against banks only. #}
{% macro kinds_of_credit() %}
bad_debt as materialized (
    select line.realm_id, line.credit_memo_id
    from {{ ref('qbo__credit_memo_line') }} as line
    left join {{ ref('ledger__account_choice') }} as choice
        on choice.realm_id = line.realm_id and choice.key = line.item_id and choice.purpose = 'item_income'
    left join {{ ref('qbo__account') }} as account
        on account.realm_id = line.realm_id and account.id = coalesce(line.item_account_id, choice.account_id)
    where line.detail_type = 'SalesItemLineDetail' and line.amount <> 0
    group by line.realm_id, line.credit_memo_id
    having bool_and(coalesce(account.classification = 'Expense', false))
),
bank_journal as materialized (
    select line.realm_id, line.journal_entry_id
    from {{ ref('qbo__journal_entry_line') }} as line
    inner join {{ ref('qbo__account') }} as account on account.realm_id = line.realm_id and account.id = line.account_id
    where account.account_type not in ('Accounts Receivable', 'Accounts Payable')
    group by line.realm_id, line.journal_entry_id
    having bool_and(account.account_type = 'Bank' or account.account_sub_type = 'UndepositedFunds')
)
{% endmacro %}
