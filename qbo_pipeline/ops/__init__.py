"""The operational system: its contract, reading it, writing back to it, and a sample of one."""
