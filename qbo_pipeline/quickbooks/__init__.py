"""The QuickBooks Online protocol for one company: OAuth, queries, reads, the change feed, and what its refusals mean."""
