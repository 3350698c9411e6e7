-- One row per month-end, customer, currency and bucket of age: what is open, aged by due date and by transaction date.
{{ config(materialized='table') }}
{{ aging('receivable') }}
