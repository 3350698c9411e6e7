"""What should exist in QuickBooks: who is who, which documents, and their delivery, each exactly once."""
