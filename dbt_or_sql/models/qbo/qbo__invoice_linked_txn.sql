-- One row per link of an invoice, or of one of its lines, to another transaction.
{{ qbo_linked_txn('invoice') }}
