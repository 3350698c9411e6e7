{#
    The statements and ageing at any date or over any period, as table functions that stand in the warehouse and in the copy
    analysts open:

        from finance.trial_balance_at(date '2026-03-31', 'Cash')
        from finance.profit_and_loss_between(date '2026-01-01', date '2026-03-31')
        from finance.ar_aging_at(date '2026-03-31', 'transaction_date', 15, 6)

    They name no database, so that a renamed copy answers them too.
#}

{% macro create_statement_functions() %}
    create or replace macro finance.trial_balance_at(as_of, method := 'Accrual') as table
    with
    entry as (
        select
            day.realm_id, debit - credit as amount,
            case
                when account.statement = 'profit_and_loss'
                    and transaction_date < {{ fiscal_year_start('as_of', 'fiscal_year_first_month') }}
                    then retained_earnings.account_id
                else day.account_id
            end as account_id
        from finance.account_day as day
        inner join finance.company using (realm_id)
        left join finance.account using (realm_id, account_id)
        inner join (select realm_id, {{ retained_earnings() }} as account_id from finance.account group by realm_id)
            as retained_earnings on retained_earnings.realm_id = day.realm_id
        where transaction_date <= as_of and accounting_method = method
    )
    select
        entry.realm_id, account_id, account.full_name as account_name, account.account_type, account.statement,
        greatest(sum(amount), 0)::decimal(18, 2) as debit,
        greatest(-sum(amount), 0)::decimal(18, 2) as credit,
        sum(amount)::decimal(18, 2) as balance
    from entry
    left join finance.account using (realm_id, account_id)
    group by all
    having sum(amount) <> 0
    order by entry.realm_id, any_value(account.position), account_name;

    create or replace macro finance.profit_and_loss_between(from_date, to_date, method := 'Accrual') as table
    select
        day.realm_id, account_id, account.full_name as account_name, account.section, account.account_type,
        sum(natural_side * (debit - credit))::decimal(18, 2) as amount,
        sum(credit - debit)::decimal(18, 2) as net_amount
    from finance.account_day as day
    inner join finance.account using (realm_id, account_id)
    where account.statement = 'profit_and_loss' and accounting_method = method
        and transaction_date between from_date and to_date
    group by all
    having sum(debit - credit) <> 0
    order by day.realm_id, any_value(account.position), account_name;

    create or replace macro finance.balance_sheet_at(as_of, method := 'Accrual') as table
    select
        balance.realm_id,
        case when balance.statement = 'profit_and_loss' then null else account_id end as account_id,
        case when balance.statement = 'profit_and_loss' then 'Net income' else account_name end as account_name,
        case when balance.statement = 'profit_and_loss' then 'Equity' else account.section end as section,
        case when balance.statement = 'profit_and_loss' then 'Net income' else balance.account_type end as account_type,
        sum(case when balance.statement = 'profit_and_loss' then -balance else account.natural_side * balance end)::decimal(18, 2)
            as amount
    from finance.trial_balance_at(as_of, method) as balance
    left join finance.account using (realm_id, account_id)
    group by all
    order by balance.realm_id, min(account.position), account_name
{% endmacro %}

{% macro create_aging_functions() %}
    create or replace macro finance.open_items_at(as_of, counted_side := null) as table
    select
        realm_id, side, transaction_type, transaction_id, party_id, account_id, currency_id, transaction_date, due_date,
        open_amount, open_home_amount
    from finance.document_balance
    where valid_from <= as_of and (valid_to > as_of or valid_to is null) and (open_amount <> 0 or open_home_amount <> 0)
        and (counted_side is null or side = counted_side)
    order by realm_id, side, transaction_date, transaction_type, transaction_id;

    {% for name, side in {'ar': 'receivable', 'ap': 'payable'}.items() %}
    create or replace macro finance.{{ name }}_aging_at(as_of, basis := 'due_date', period_days := 30, periods := 4) as table
    select
        realm_id, party_id, currency_id, bucket,
        {{ aging_bucket_name('bucket', 'period_days', 'periods') }} as bucket_name,
        sum(open_home_amount)::decimal(18, 2) as amount,
        sum(open_amount)::decimal(18, 2) as foreign_amount,
        count(*) as documents
    from (
        select *, {{ aging_bucket('as_of', 'basis', 'period_days', 'periods') }} as bucket
        from finance.open_items_at(as_of, '{{ side }}')
    )
    group by all
    order by realm_id, party_id, bucket{{ ';' if not loop.last }}
    {% endfor %}
{% endmacro %}
