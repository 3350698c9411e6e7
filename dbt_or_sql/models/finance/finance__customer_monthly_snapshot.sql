-- One row per customer and month in which something was open or happened: the customer's part of the company's measures.
-- depends_on: {{ ref('ledger__document_change') }}, {{ ref('finance__month_end') }}
-- depends_on: {{ ref('finance__customer_refund') }}, {{ ref('ledger__application') }}
{{ config(materialized='incremental', incremental_strategy='touched_months', post_hook='{{ note_change_read() }}') }}
{% do declare_touched(
    'month', 'customer_id', {'finance.document_balance': 'party_id', 'finance.document_measure': 'customer_id'}
) %}
{{ party_snapshot('customer', 'receivable', 'ar_balance') }}
