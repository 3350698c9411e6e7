"""What stands between HTTP and the books: server, limits, metering, scripted faults, the admin endpoints."""
