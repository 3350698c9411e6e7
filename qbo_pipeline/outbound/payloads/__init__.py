"""From a document in the operational system's terms to the object QuickBooks takes: one module for each family of objects."""
