"""One entity's records: indexes agree with a plain list whatever happens, and a large source is never built to be counted."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.books.company import Company, CompanySeed
from qbo_pipeline.emulator.books.entity_records import EntityRecords
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import ListedRecords, Record
from qbo_pipeline_tests.emulator.small_books import NOON, SmallBooks

START = 1_780_000_000


def _record(number: int, instant: int, token: int = 0) -> Record:
    at = stamp(datetime.fromtimestamp(instant, UTC))
    return {"Id": str(number), "SyncToken": str(token), "MetaData": {"CreateTime": at, "LastUpdatedTime": at}}


@given(
    st.lists(st.integers(0, 9), max_size=12),
    st.lists(st.tuples(st.sampled_from(["put", "remove"]), st.integers(1, 16), st.integers(0, 9))),
    st.integers(-1, 10),
    st.integers(-1, 10),
)
def test_indexes_agree_with_a_plain_list(
    starts: list[int], happenings: list[tuple[str, int, int]], lower: int, upper: int
) -> None:
    source = [_record(number, START + start) for number, start in enumerate(starts, start=1)]
    records = EntityRecords("Invoice", ListedRecords({"Invoice": source}))
    records.between(None, None)
    expected = {number: START + start for number, start in enumerate(starts, start=1)}
    gone: set[int] = set()
    last = len(starts)
    for what, number, instant in happenings:
        if what == "remove" and number in expected:
            records.remove(str(number), START + instant)
            del expected[number]
            gone.add(number)
        elif what == "put":
            known = number if number in expected else last + 1
            last = max(last, known)
            records.put(str(known), _record(known, START + instant))
            expected[known] = START + instant
    live = records.live()
    assert [records.record_id(slot) for slot in live] == [str(number) for number in sorted(expected)]
    assert [records.record_id(slot) for slot in live[1:3]] == [str(number) for number in sorted(expected)][1:3]
    assert len(live) == len(expected)
    found = [int(records.record_id(slot)) for slot in records.between(START + lower, START + upper)]
    within = [number for number, instant in expected.items() if START + lower <= instant <= START + upper]
    assert sorted(found) == sorted(within)
    assert [expected[number] for number in found] == sorted(expected[number] for number in found)
    assert {record_id for record_id, _ in records.tombstones()} == {str(number) for number in gone}


class _Million:
    """A source of a million invoices that tells how many records it had to build."""

    count = 1_000_000

    def __init__(self) -> None:
        self.built = 0

    def entities(self) -> Sequence[str]:
        return ["Invoice"]

    def ids(self, entity: str) -> Sequence[str]:
        return _Ids(self.count)

    def instants(self, entity: str) -> tuple[Sequence[int], Sequence[int]]:
        seconds = range(START, START + self.count)
        return seconds, seconds

    def record(self, entity: str, position: int) -> Record:
        self.built += 1
        return _record(position + 1, START + position)


class _Ids(Sequence[str]):
    def __init__(self, count: int) -> None:
        self._numbers = range(1, count + 1)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index):
        found = self._numbers[index]
        return [str(number) for number in found] if isinstance(index, slice) else str(found)


def test_a_million_invoices_are_counted_paged_and_ranged_without_building_more_than_is_answered() -> None:
    source = _Million()
    company = Company(CompanySeed("1", "Large", "US", source), EmulatorSettings(), ManualClock(NOON))
    since = stamp(datetime.fromtimestamp(START + 999_990, UTC))
    assert company.query("select count(*) from Invoice").startswith(b'{"QueryResponse":{"totalCount":1000000}')
    assert b'"maxResults":10' in company.query(f"select * from Invoice where MetaData.LastUpdatedTime >= '{since}'")
    assert b'"Id":"999001"' in company.query("select * from Invoice orderby Id startposition 999001 maxresults 1000")
    assert b'"Id":"777777"' in company.read("invoice", "777777")
    assert source.built == 10 + 1000 + 1
    company.delete("invoice", "5")
    assert b'"Id":"999002"' in company.query("select * from Invoice orderby Id startposition 999001 maxresults 1")


def test_writers_and_readers_at_once_lose_nothing() -> None:
    books = SmallBooks()

    def create(number: int) -> int:
        books.company.write("customer", b'{"DisplayName": "Name %d"}' % number, {})
        return len(books.ids("select * from Customer where Active in (true, false) maxresults 1000"))

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(create, range(60)))
    assert max(seen) == 63
    ids = books.ids("select * from Customer where Active in (true, false) orderby Id maxresults 1000")
    assert len(set(ids)) == 63
