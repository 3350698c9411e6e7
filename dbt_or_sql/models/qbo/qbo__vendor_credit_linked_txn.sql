-- One row per link of a vendor credit, or of one of its lines, to another transaction.
{{ qbo_linked_txn('vendor_credit') }}
