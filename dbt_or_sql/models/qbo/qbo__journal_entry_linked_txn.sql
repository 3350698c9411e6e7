-- One row per link of a journal entry, or of one of its lines, to another transaction.
{{ qbo_linked_txn('journal_entry') }}
