"""The double-entry books a company's reports are made of: postings, open items, both bases; computed from its records alone."""
