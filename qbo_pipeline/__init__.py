"""QuickBooks Online and a DuckDB warehouse kept in step."""
