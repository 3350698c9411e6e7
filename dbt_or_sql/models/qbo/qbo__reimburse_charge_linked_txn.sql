-- One row per link of a reimburse charge, or of one of its lines, to another transaction.
{{ qbo_linked_txn('reimburse_charge') }}
