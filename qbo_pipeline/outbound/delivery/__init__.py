"""Carrying intents from the outbox to QuickBooks: each write applied once, whatever is lost or killed on the way."""
