-- One row per link of a deposit, or of one of its lines, to another transaction.
{{ qbo_linked_txn('deposit') }}
