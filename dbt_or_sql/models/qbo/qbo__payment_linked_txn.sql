-- One row per link of a payment, or of one of its lines, to another transaction.
{{ qbo_linked_txn('payment') }}
