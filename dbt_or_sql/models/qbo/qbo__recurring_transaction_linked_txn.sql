-- One row per link of a recurring transaction, or of one of its lines, to another transaction.
{{ qbo_linked_txn('recurring_transaction', is_wrapped=true) }}
