-- One row per vendor and month in which something was open or happened: the vendor's part of the company's measures.
{{ config(materialized='table') }}
{{ party_snapshot('vendor', 'payable', 'ap_balance') }}
