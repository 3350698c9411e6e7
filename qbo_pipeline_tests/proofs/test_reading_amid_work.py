"""A full read while people create, edit and delete: whatever was there all the time is landed, and the next sync has all.

The emulator holds back chosen pages; while it does, people work in the company through its admin endpoint. The pages before
were answered by then, those held back are answered from what is there afterwards, as QuickBooks pages over live records.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import requests

from qbo_pipeline_tests.ingest.mirror import books, landed
from qbo_pipeline_tests.installation import Installation

pytestmark = pytest.mark.slow

# Page 3 and page 7 of the read, each a record short of a thousand behind the one before.
HELD_BACK = (1999, 5995)
HELD_SECONDS = 2.0
LINE = {"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}


@pytest.fixture
def company(install: Callable[..., Installation], unhurried: None) -> Installation:
    """A company of 8,000 invoices that has never been read."""
    made = install("generated:8000:1:1")
    made.connect("large", _realm(made))
    return made


def _realm(installation: Installation) -> str:
    return next(iter(installation.emulator.companies))


def _count(installation: Installation) -> int:
    answer = installation.emulator.companies[_realm(installation)].query("select count(*) from Invoice")
    return msgspec.json.decode(answer)["QueryResponse"]["totalCount"]


def _edits(installation: Installation, ids: Iterable[str], **edit: object) -> None:
    address = f"{installation.emulator.url}/admin/companies/{_realm(installation)}/edits"
    for record_id in ids:
        requests.post(address, json={"entity": "Invoice", "id": record_id, **edit}, timeout=10).raise_for_status()


def _edit(installation: Installation, ids: list[str]) -> None:
    """Records on pages read, being read and to come."""
    _edits(installation, [*ids[:40], *ids[2000:2040], *ids[-40:]], changes={"PrivateNote": "while the pages were read"})


def _delete(installation: Installation, ids: list[str]) -> None:
    """Records on pages already read, so that every later one moves to the left, past the edge of its page."""
    _edits(installation, ids[1:60], delete=True)


def _create(installation: Installation, ids: list[str]) -> None:
    customer = books(installation, "Customer", _realm(installation))
    for _ in range(20):
        content = {"CustomerRef": {"value": next(iter(customer))}, "Line": [LINE]}
        installation.create("Invoice", content, _realm(installation))


WORK = {
    "edited": (_edit,),
    "deleted": (_delete,),
    "created": (_create,),
    "created, edited and deleted": (_create, _edit, _delete),
}


@pytest.mark.parametrize("done", WORK)
def test_no_record_is_lost_to_a_full_read_while_others_are(company: Installation, done: str) -> None:
    before = list(books(company, "Invoice", _realm(company)))
    for start in HELD_BACK:
        company.script(
            f"from Invoice .*startposition {start} ",
            realm_id=_realm(company),
            action="delay",
            seconds=HELD_SECONDS,
            times=1,
        )
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(company.pull_one, entities=["Invoice"])
        for place in range(len(HELD_BACK)):
            while not company.emulator.scripted_faults.snapshot()[place]["acted"]:
                assert not read.done(), "the read ended without the page that was to be held back"
                time.sleep(0.01)
            living = list(books(company, "Invoice", _realm(company)))
            for work in WORK[done]:
                work(company, living)
        assert read.result().status == "synced"
    throughout = set(before) & set(books(company, "Invoice", _realm(company)))
    assert throughout <= landed(company, "Invoice", _realm(company)).keys()
    assert company.pull_one(entities=["Invoice"]).status == "synced"
    now = landed(company, "Invoice", _realm(company))
    assert now == books(company, "Invoice", _realm(company))
    assert len(now) == _count(company)
