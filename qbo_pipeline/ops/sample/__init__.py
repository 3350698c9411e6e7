"""A sample operational system: three business entities and a few hundred documents of every kind, state and difficulty."""
