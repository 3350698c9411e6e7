{#
    The steps of ledger.cash_posting, each a CTE over `posting` (the accrual postings of the documents being built).

    A document waits if its income or cost counts only once it is paid: an invoice or bill, and the credits that settle one.
    Its lines on income, cost and tax accounts wait; its lines on other balance sheet accounts stand at its own date,
    against A/R or A/P, which therefore is what it is on the accrual basis less all that waits. All in home currency at the
    document's own rate, at which settling it clears it.
#}

{% macro waiting_types() -%}
('Invoice', 'CreditMemo', 'Bill', 'VendorCredit')
{%- endmacro %}

{# The side of A/R or A/P, which stands first; its account may be one that nothing decides between. #}
{% macro is_control() -%}
(role in ('receivable', 'payable') or (role = 'unresolved' and posting_number = 1))
{%- endmacro %}

{# One row per line that waits, with the running total up to it: income and cost first, so that tax takes the rest. #}
{% macro waiting_line() %}
    select
        *,
        debit - credit as amount,
        sum(debit - credit) over (
            partition by realm_id, transaction_type, transaction_id
            order by role = 'tax', posting_number
            rows unbounded preceding
        )::decimal(18, 2) as running
    from posting
    where transaction_type in {{ waiting_types() }} and is_waiting
{% endmacro %}

{# One row per document that waits: its total, what of it waits, and what stands. #}
{% macro waiting_document() %}
    select
        realm_id, transaction_type, transaction_id,
        any_value(transaction_date) as transaction_date,
        -- The larger side: an invoice with a deposit taken on it credits A/R as well.
        greatest(sum(debit) filter (where is_control), sum(credit) filter (where is_control))::decimal(18, 2) as total,
        coalesce(sum(debit - credit) filter (where is_waiting), 0)::decimal(18, 2) as waiting,
        coalesce(sum(debit - credit) filter (where not (is_control or is_waiting)), 0)::decimal(18, 2) as standing,
        min(posting_number) filter (where is_control) as control_number
    from posting
    where transaction_type in {{ waiting_types() }}
    group by realm_id, transaction_type, transaction_id
{% endmacro %}

{#
    One row per settlement of a document that waits: how much of it was settled before and how much is after, of its total.
    A document that comes to nothing has nothing to wait for and is settled on its own date.
#}
{% macro settled_part() %}
    select
        realm_id, transaction_type, transaction_id, settled_date, settled_by_type, settled_by_id,
        total as settled_total,
        least(coalesce(sum(amount) over (up_to_it rows between unbounded preceding and 1 preceding), 0), total)::decimal(18, 2)
            as part_before,
        least(sum(amount) over (up_to_it rows unbounded preceding), total)::decimal(18, 2) as part_after
    from (
        select
            realm_id, transaction_type, transaction_id, settled_date, settled_by_type, settled_by_id, total,
            sum(amount) as amount
        from settlement
        inner join waiting_document using (realm_id, transaction_type, transaction_id)
        where total > 0
        group by all
        union all
        select realm_id, transaction_type, transaction_id, transaction_date, null, null, 1, 1
        from waiting_document
        where total is null or total = 0
    ) as settled
    window up_to_it as (
        partition by realm_id, transaction_type, transaction_id order by settled_date, settled_by_type, settled_by_id
    )
{% endmacro %}

{# What a settlement recognises of a running total: the share after it less the share before it. #}
{% macro newly_settled(amount) -%}
({{ share_of(amount, 'part_after', 'settled_total') }} - {{ share_of(amount, 'part_before', 'settled_total') }})
{%- endmacro %}

{# One row per payment: what it clears of A/R or A/P, and the posting that clears it. #}
{% macro payment_cleared() %}
    select
        realm_id, transaction_type, transaction_id,
        any_value(transaction_date) as transaction_date,
        -- Money not accounted for yet: an A/R credit of a payment, an A/P debit of a bill payment.
        sum(debit - credit) as cleared,
        case transaction_type when 'Payment' then -1 else 1 end as direction,
        min(posting_number) as control_number
    from posting
    where transaction_type in ('Payment', 'BillPayment') and is_control
    group by realm_id, transaction_type, transaction_id
{% endmacro %}

{# A condition on applications: a credit that a payment uses, where that leaves the payment something at home. #}
{% macro is_used_credit() -%}
(source_type, source_id) <> (settled_by_type, settled_by_id) and {{ used_credit_amount() }} <> 0
{%- endmacro %}

{# What of a payment's own A/R or A/P posting a credit it uses accounts for: what the credit settles less what it was booked at. #}
{% macro used_credit_amount() -%}
(case when (target_type, target_id) = (settled_by_type, settled_by_id) then 0 else target_home_amount end - source_home_amount)
{%- endmacro %}

{#
    One row per payment and day on which what it clears of A/R or A/P differs from what it settles by then: held as unapplied
    cash from its own date on, given back when the invoice or bill it paid early comes to its date. Signed as what it clears.
#}
{% macro unapplied_cash() %}
    select
        realm_id, transaction_type, transaction_id, control_number, transaction_date as counted_date,
        null as settled_by_type, null as settled_by_id,
        cleared - direction * coalesce(sum(home_amount) filter (where applied_date <= transaction_date), 0) as amount
    from payment
    left join applied using (realm_id, transaction_type, transaction_id)
    group by realm_id, transaction_type, transaction_id, control_number, transaction_date, cleared, direction
    union all
    select
        realm_id, transaction_type, transaction_id, control_number, applied_date, target_type, target_id,
        -direction * sum(home_amount)
    from payment
    inner join applied using (realm_id, transaction_type, transaction_id)
    where applied_date > transaction_date
    group by realm_id, transaction_type, transaction_id, control_number, applied_date, target_type, target_id, direction
{% endmacro %}

{#
    What each step of the cash basis adds: the posting it is modelled on, the day it counts, what settled it, and the amount,
    positive for a debit. `is_unapplied` goes to the account of unapplied cash instead of the posting's own.
#}
{% macro cash_step() %}
    select
        realm_id, transaction_type, transaction_id, posting_number, transaction_date as counted_date,
        null as settled_by_type, null as settled_by_id, debit - credit as amount, false as is_unapplied
    from posting
    where transaction_type not in {{ waiting_types() }} or not (is_control or is_waiting)
    union all
    select
        realm_id, transaction_type, transaction_id, control_number, transaction_date, null, null, -standing, false
    from waiting_document
    union all
    select
        realm_id, transaction_type, transaction_id, posting_number, settled_date, settled_by_type, settled_by_id,
        {{ newly_settled('running') }} - {{ newly_settled('running - amount') }}, false
    from waiting_line
    inner join settled_part using (realm_id, transaction_type, transaction_id)
    union all
    select
        realm_id, transaction_type, transaction_id, control_number, settled_date, settled_by_type, settled_by_id,
        -{{ newly_settled('waiting') }}, false
    from waiting_document
    inner join settled_part using (realm_id, transaction_type, transaction_id)
    union all
    select realm_id, transaction_type, transaction_id, control_number, counted_date, settled_by_type, settled_by_id, amount, true
    from unapplied_cash
    union all
    select realm_id, transaction_type, transaction_id, control_number, counted_date, settled_by_type, settled_by_id, -amount, false
    from unapplied_cash
{% endmacro %}
