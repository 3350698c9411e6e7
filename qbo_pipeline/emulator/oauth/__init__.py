"""Intuit's OAuth 2: apps, consent, grants and their endpoints."""
