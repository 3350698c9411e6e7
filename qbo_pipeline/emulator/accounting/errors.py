"""What makes books impossible to compute."""


class UnbalancedBooksError(ValueError):
    """A record that double entry cannot post: its sides differ, or an account QuickBooks would post to is missing."""
