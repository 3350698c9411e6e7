"""The DuckDB file: opened by one process at a time, landed into, and published as a copy that analysts open."""
