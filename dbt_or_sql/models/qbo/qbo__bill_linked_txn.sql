-- One row per link of a bill, or of one of its lines, to another transaction.
{{ qbo_linked_txn('bill') }}
