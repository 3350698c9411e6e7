{# The names of what the snapshots measure, once. #}

{# What a document adds to the measures of a month; `receivable` and `payable` add up to balances. #}
{% macro document_measures() %}
    {{ return([
        'receivable', 'payable', 'revenue_paid_portion', 'revenue_accrual', 'revenue_cash', 'expenses_accrual',
        'expenses_cash', 'cash_collected', 'billed_gross',
    ]) }}
{% endmacro %}

{# The flows of a month. #}
{% macro flow_measures() %}
    {{ return(document_measures()[2:]) }}
{% endmacro %}

{# The balances at a month's end. #}
{% macro balance_measures() %}
    {{ return(['ar_balance', 'ap_balance', 'open_invoices', 'unapplied_payments', 'unused_credits', 'other_receivables']) }}
{% endmacro %}

{# All that a snapshot holds. #}
{% macro snapshot_measures() %}
    {{ return(balance_measures() + flow_measures()) }}
{% endmacro %}
