"""QuickBooks' own reports into `raw_qbo.report`: which are due after what landed, their reading, and their load."""
