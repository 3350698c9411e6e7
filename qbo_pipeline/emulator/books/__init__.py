"""A company's books as they are read: records, queries, the change feed."""
