"""The demo: sample companies at an emulated QuickBooks, a sample operational system, and everything that goes on between."""
