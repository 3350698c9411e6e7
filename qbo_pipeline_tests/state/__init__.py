"""The state store: real SQLite files, real PostgreSQL where there is one, real processes and real HTTP."""
