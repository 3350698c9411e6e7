-- One row per vendor and month in which something was open or happened: the vendor's part of the company's measures.
-- depends_on: {{ ref('ledger__document_change') }}, {{ ref('finance__month_end') }}
{{ config(materialized='incremental', incremental_strategy='touched_months', post_hook='{{ note_change_read() }}') }}
{% do declare_touched(
    'month', 'vendor_id', {'finance.document_balance': 'party_id', 'finance.document_measure': 'vendor_id'}
) %}
{{ party_snapshot('vendor', 'payable', 'ap_balance') }}
