"""Read all records of an entity in pages, and lose none while people work in the company.

QuickBooks pages by position, so that a record deleted while the pages are read shifts all later ones to the left, and one
that nobody touched slips through between two pages. Against this every page overlaps the one before it by a row. Pages are
stretches of one order, by id, in which records come and go but never move, so

    a page joins on without a gap if it holds a record already seen, or starts at position 1.

A page that does not join on is read again from further left until it does. The read ends at a page that joins on and is
not full. As a last check, against an order that is not what was asked for, the ids seen are compared with `count(*)`.

A read that is broken off goes on later from its bookmark, by the same rule: the next page has to hold a record seen before
the break, or is read again from further left.

Pages are read side by side and passed on in order. At most `workers` of them are held, and of what was passed on only the
ids are kept, about 100 bytes each.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from qbo_pipeline.quickbooks.errors import IncompleteRead, RetryLater, TimedOut, UnreadableAnswer
from qbo_pipeline.quickbooks.query import PAGE_SIZE_MAX
from qbo_pipeline.quickbooks.record import Record

PAGE_SIZE_MIN = 100  # A page this small that still fails does not fail for its size.
PASSES_MAX = 2
# How much further left a page that does not join on is read again; the last one reaches position 1, which always joins.
_OVERLAPS = (16, 256, 4096, 65536, 1 << 62)
_FRUITLESS_MAX = 20  # Pages in a row that bring nothing new, above what reading again from position 1 takes.


@dataclass(frozen=True)
class Stretch:
    """The records found at positions `start` to `start + size - 1`, and QuickBooks' clock at that moment."""

    start: int
    size: int
    records: list[Record]
    as_of: datetime

    @property
    def is_last(self) -> bool:
        """Whether no record stood behind this stretch when it was read."""
        return len(self.records) < self.size


@dataclass(frozen=True)
class Bookmark:
    """Where a read was broken off: its first page's instant, its last record's position, and the ids it had seen.

    A record of these that was deleted since still counts as seen, so that `count(*)` proves less of a read in two parts; the
    next read of changes from `as_of` tells the deletion.
    """

    as_of: datetime
    position: int
    ids: frozenset[str] = field(repr=False)


class EntityPages(Iterator[list[Record]]):
    """All records of an entity, page by page; a record changed meanwhile may come twice, in both versions.

    `as_of` is QuickBooks' clock at the first page, None until that came: whatever changed from then on may be missing or
    outdated here, so it is the instant the next read of changes starts from. `at_end` says that the page just given was the
    last as far as is known.
    """

    def __init__(
        self,
        read_page: Callable[[int, int], Stretch],
        count: Callable[[], int],
        *,
        doing: str,
        workers: int,
        page_size: int = PAGE_SIZE_MAX,
        bookmark: Bookmark | None = None,
    ) -> None:
        self.as_of: datetime | None = bookmark.as_of if bookmark else None
        self.at_end = False
        self._resumed = bookmark
        self._seen: set[str] = set()
        self._position = 1
        self._read_page = read_page
        self._count = count
        self._doing = doing
        self._workers = workers
        self._page_size = page_size
        self._expected = 0
        self._pages = self._read()

    def __next__(self) -> list[Record]:
        return next(self._pages)

    def close(self) -> None:
        """Stop reading; calls under way are waited for."""
        self._pages.close()

    @property
    def bookmark(self) -> Bookmark:
        """Where to go on if no page after the one just given is taken."""
        return Bookmark(self.as_of, self._position, frozenset(self._seen))

    def _read(self) -> Generator[list[Record], None, None]:
        start, first = 1, []
        if self._resumed:
            start, self._seen = self._resumed.position, set(self._resumed.ids)
        else:
            first = self._fetch(1, self._page_size)
            self.as_of = first[0].as_of
            if len(first) == 1 and first[0].is_last:
                # One answer that holds them all needs no check.
                self.at_end = True
                if first[0].records:
                    yield first[0].records
                return
        self._expected = self._count()
        for _ in range(PASSES_MAX):
            yield from self._read_on(start, first)
            if len(self._seen) >= self._count():
                return
            # Records created since stand behind the last one, and are read with it.
            yield from self._read_on(self._position, [])
            if len(self._seen) >= self._count():
                return
            came, start, first, self._seen = len(self._seen), 1, [], set()
        raise IncompleteRead(self._doing, message=f"{came} records came and QuickBooks counts more")

    def _read_on(self, start: int, first: list[Stretch]) -> Generator[list[Record], None, None]:
        """Pages from position `start` to the end; `first` are the stretches from there that have been read already."""
        seen = self._seen
        fruitless, overlaps, last_record = 0, iter(_OVERLAPS), None
        with ThreadPoolExecutor(self._workers, thread_name_prefix="qbo-page") as pool:
            while True:
                with closing(self._stretches(pool, start, first)) as stretches:
                    for stretch in stretches:
                        ids = {record.id for record in stretch.records}
                        joins = stretch.start == 1 or not seen.isdisjoint(ids)
                        fruitless = 0 if joins and not ids <= seen else fruitless + 1
                        if fruitless > _FRUITLESS_MAX + self._expected // self._page_size:
                            raise IncompleteRead(self._doing, message="its pages do not fit together")
                        if not joins:
                            start, first = max(1, stretch.start - next(overlaps)), []
                            break
                        overlaps = iter(_OVERLAPS)
                        seen |= ids
                        self._position = max(1, stretch.start + len(stretch.records) - 1)
                        self.at_end = stretch.is_last
                        if fresh := [record for record in stretch.records if record != last_record]:
                            yield fresh
                        if stretch.is_last:
                            return
                        last_record = stretch.records[-1]

    def _stretches(self, pool: ThreadPoolExecutor, start: int, first: list[Stretch]) -> Iterator[Stretch]:
        """Stretches from position `start` on without end, read ahead as far as records are expected."""
        pending: deque[Future[list[Stretch]]] = deque()
        yield from first
        next_start = first[-1].start + first[-1].size - 1 if first else start
        try:
            while True:
                while len(pending) < self._workers and (not pending or next_start < self._expected):
                    size = self._page_size
                    pending.append(pool.submit(self._fetch, next_start, size))
                    next_start += size - 1
                yield from pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    def _fetch(self, start: int, size: int) -> list[Stretch]:
        """One page, in halves where QuickBooks cannot answer it whole; later pages are then smaller from the outset."""
        try:
            return [self._read_page(start, size)]
        except RetryLater as error:
            if size <= PAGE_SIZE_MIN or not _may_be_too_large(error):
                raise
        half = size // 2
        self._page_size = min(self._page_size, half)
        stretches = self._fetch(start, half)
        return stretches if stretches[-1].is_last else stretches + self._fetch(start + half - 1, size - half + 1)


def _may_be_too_large(error: RetryLater) -> bool:
    return isinstance(error, TimedOut | UnreadableAnswer) or (error.status or 0) >= 500 or error.code == "10000"
