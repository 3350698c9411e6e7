-- One row per link of a sales receipt, or of one of its lines, to another transaction.
{{ qbo_linked_txn('sales_receipt') }}
