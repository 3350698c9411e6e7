-- One row per link of an estimate, or of one of its lines, to another transaction.
{{ qbo_linked_txn('estimate') }}
