"""What must be transactional: connections and their encrypted tokens, and the log of syncs, in SQLite or PostgreSQL."""
