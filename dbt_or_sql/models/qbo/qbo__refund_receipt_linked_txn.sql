-- One row per link of a refund receipt, or of one of its lines, to another transaction.
{{ qbo_linked_txn('refund_receipt') }}
