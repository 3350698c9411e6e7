-- One row per link of a bill payment, or of one of its lines, to another transaction.
{{ qbo_linked_txn('bill_payment') }}
