-- One row per customer and month in which something was open or happened: the customer's part of the company's measures.
{{ config(materialized='table') }}
{{ party_snapshot('customer', 'receivable', 'ar_balance') }}
