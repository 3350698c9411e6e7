"""The tables an operational system offers, by subject."""
