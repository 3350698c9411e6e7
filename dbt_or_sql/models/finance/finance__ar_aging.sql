-- One row per month-end, customer, currency and bucket of age: what is open, aged by due date and by transaction date.
-- depends_on: {{ ref('ledger__document_change') }}, {{ ref('finance__month_end') }}
{{ config(materialized='incremental', incremental_strategy='touched_months', post_hook='{{ note_change_read() }}') }}
{% do declare_touched('as_of_date', 'party_id', {'finance.document_balance': 'party_id'}) %}
{{ aging('receivable') }}
