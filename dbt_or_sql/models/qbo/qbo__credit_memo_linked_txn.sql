-- One row per link of a credit memo, or of one of its lines, to another transaction.
{{ qbo_linked_txn('credit_memo') }}
