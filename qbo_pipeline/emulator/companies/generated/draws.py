"""Chance as a pure function of (seed, entity, position), so that any record can be built alone and always comes out the same."""

from hashlib import blake2b
from random import Random

SIZE = 64


class Draws:
    """64 random bytes per position: fields of a record read theirs from fixed places."""

    def __init__(self, seed: int, entity: str) -> None:
        self._key = f"{seed}:{entity}".encode()

    def at(self, position: int) -> bytes:
        return blake2b(position.to_bytes(8, "little"), digest_size=SIZE, key=self._key).digest()


def table_random(seed: int, entity: str) -> Random:
    """The generator that fills an entity's tables once, when a company is opened."""
    return Random(f"{seed}:{entity}:tables")
