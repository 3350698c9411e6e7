"""Who belongs to whom in a generated company, both ways, by arithmetic alone.

A million invoices must cost no memory, yet an invoice must name its customer and its payment, a payment its invoice, and a
customer's balance must be the sum of its open invoices. Both relations are therefore patterns over blocks of documents that can
be read from either end; only the patterns' tables are drawn at random.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from math import gcd
from random import Random

from qbo_pipeline.emulator.companies.generated.calendar import DAY

BLOCK = 20
# Table lengths are primes, so that patterns laid over one another repeat only after millions of documents.
_PATTERNS = 101
_LAGS = 1009
_PARTS = 997
_GOLDEN_RATIO = 0.618


class Allotment:
    """The party of each document: a hundredth of the parties has three tenths of the documents, most parties have few."""

    _SHARES = ((6, 0.01), (6, 0.06), (5, 0.23), (3, 0.70))  # (documents of a block, part of the parties)

    def __init__(self, documents: int, parties: int, random: Random) -> None:
        self._documents = documents
        self._sizes = _sizes(parties, [part for _, part in self._SHARES])
        self._starts = [sum(self._sizes[:tier]) for tier in range(len(self._sizes))]
        self._shifts = [random.randrange(size) for size in self._sizes]
        self._steps = [_step(size) for size in self._sizes]
        places = list(range(BLOCK))
        random.shuffle(places)
        cut = iter(places)
        self._places = [sorted(islice(cut, width)) for width, _ in self._SHARES]
        self._of_place = {
            place: (tier, rank) for tier, ranks in enumerate(self._places) for rank, place in enumerate(ranks)
        }

    def party(self, document: int) -> int:
        """The position of a document's party."""
        block, place = divmod(document, BLOCK)
        tier, rank = self._of_place[place]
        turn = block * len(self._places[tier]) + rank
        return self._starts[tier] + (self._steps[tier] * turn + self._shifts[tier]) % self._sizes[tier]

    def documents(self, party: int) -> Iterator[int]:
        """The positions of a party's documents, ascending."""
        tier = bisect_right(self._starts, party) - 1
        size, places = self._sizes[tier], self._places[tier]
        first = (party - self._starts[tier] - self._shifts[tier]) * pow(self._steps[tier], -1, size) % size
        turn = first
        while True:
            block, rank = divmod(turn, len(places))
            document = block * BLOCK + places[rank]
            if document >= self._documents:
                return
            yield document
            turn += size


class Settlement:
    """Which documents are paid, when and how far: `settled` of every 20 documents have one payment, a few only in part."""

    def __init__(self, documents: int, settled: int, last_instant: int, random: Random) -> None:
        self._last = last_instant
        self._width = settled
        self._paid = [sorted(random.sample(range(BLOCK), settled)) for _ in range(_PATTERNS)]
        self._ranks = [{place: rank for rank, place in enumerate(places)} for places in self._paid]
        self._flags = [place in ranks for ranks in self._ranks for place in range(BLOCK)]
        self._lags = [
            min(75, max(0, round(random.gauss(30, 14)))) * DAY + random.randrange(60, 600) for _ in range(_LAGS)
        ]
        self._parts = [random.randrange(30, 75) if random.random() < 0.06 else 100 for _ in range(_PARTS)]
        blocks, rest = divmod(documents, BLOCK)
        self.count = blocks * settled + sum(place < rest for place in self._paid[blocks % _PATTERNS])

    def is_settled(self, document: int) -> bool:
        return self._flags[document % len(self._flags)]

    def is_partly_open(self, document: int) -> bool:
        """Whether something of a document is left to pay (a cheap question: no total is needed)."""
        return not self.is_settled(document) or self._parts[document % _PARTS] < 100

    def paid(self, document: int, total: int) -> int:
        """How much of a document's total is paid, in the same pennies."""
        return total * self._parts[document % _PARTS] // 100 if self.is_settled(document) else 0

    def position(self, document: int) -> int:
        """The position of a settled document's payment among all payments."""
        block, place = divmod(document, BLOCK)
        return block * self._width + self._ranks[block % _PATTERNS][place]

    def document(self, position: int) -> int:
        """The document that the payment at a position pays."""
        block, rank = divmod(position, self._width)
        return block * BLOCK + self._paid[block % _PATTERNS][rank]

    def instant(self, document: int, created: int) -> int:
        """When a settled document's payment was entered."""
        return self._within(created, self._lags[document % _LAGS])

    def updates(self, created: Sequence[int]) -> Sequence[int]:
        """When each document last changed: at its payment, else at its creation. A million take a fraction of a second."""
        last = self._last
        updated = (
            instant if not flag else instant + lag if instant + lag <= last else self._within(instant, lag)
            for instant, lag, flag in zip(created, cycle(self._lags), self.flags(), strict=False)
        )
        return array("q", updated)

    def flags(self) -> Iterator[bool]:
        """Whether each document is settled, in order and without end."""
        return cycle(self._flags)

    def _within(self, created: int, lag: int) -> int:
        if created + lag <= self._last:
            return created + lag
        days_left = max(0, (self._last - created) // DAY)
        return created + (lag // DAY % (days_left + 1)) * DAY + min(lag % DAY, (self._last - created) % DAY)


def _sizes(parties: int, parts: list[float]) -> list[int]:
    sizes = [max(1, round(parties * part)) for part in parts[:-1]]
    return [*sizes, parties - sum(sizes)]


def _step(size: int) -> int:
    """A stride that visits every one of `size` parties before it comes back."""
    step = max(1, round(size * _GOLDEN_RATIO))
    while gcd(step, size) != 1:
        step += 1
    return step
