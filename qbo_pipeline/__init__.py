"""QuickBooks Online and a DuckDB warehouse kept in step."""

import os

# Nothing of a company's books, not even how often they are read, is reported to dlt's makers; dlt decides when it is imported.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
