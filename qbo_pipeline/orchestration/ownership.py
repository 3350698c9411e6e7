"""Who answers for the assets, and how old they may get."""

from datetime import timedelta

OWNERS = ["team:finance-data"]

# Four missed quarter-hours warn, a working day without data fails.
WARN_WITHIN = timedelta(hours=1)
FRESH_WITHIN = timedelta(hours=8)
