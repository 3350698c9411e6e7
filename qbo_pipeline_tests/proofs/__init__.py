"""What must never happen, tried over HTTP with everything real: slow, and so apart from the rooms' own tests."""
