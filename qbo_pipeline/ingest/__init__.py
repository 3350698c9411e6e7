"""QuickBooks into `raw_qbo`: what to read, the envelope each record lands in, the cursor, and the load."""
