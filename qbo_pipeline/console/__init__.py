"""What people read on a terminal, and machines as JSON."""
