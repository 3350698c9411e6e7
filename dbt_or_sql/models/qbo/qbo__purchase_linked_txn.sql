-- One row per link of a purchase, or of one of its lines, to another transaction.
{{ qbo_linked_txn('purchase') }}
