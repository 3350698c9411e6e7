"""A transaction as a PDF, over HTTP: one that a reader opens, of what QuickBooks prints, and of nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from qbo_pipeline.emulator import Emulator
from qbo_pipeline_tests.emulator.conftest import Caller
from qbo_pipeline_tests.installation import LANDSCAPING

PDF = {"Accept": "application/pdf"}


@pytest.fixture
def landscaping(emulate: Callable[..., Emulator]) -> Caller:
    """A caller of the landscaping company, which has a transaction of every kind."""
    emulator = emulate("landscaping")
    caller = Caller(emulator)
    caller.token = emulator.grants.issue(caller.app[0], LANDSCAPING).access_token
    return caller


def _opened(pdf: bytes) -> list[str]:
    """The words of a PDF, found as a reader finds them: from its end to the table, from there to each object."""
    assert pdf.startswith(b"%PDF-1.4\n")
    assert pdf.endswith(b"%%EOF\n")
    table = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    first, *entries = re.findall(rb"(\d{10}) (\d{5}) ([fn]) \n", pdf[table:])
    assert first == (b"0000000000", b"65535", b"f")
    for number, (place, _, _) in enumerate(entries, start=1):
        assert pdf[int(place) :].startswith(b"%d 0 obj\n" % number)
    size = int(re.search(rb"/Length (\d+)", pdf)[1])
    stream = pdf.split(b"stream\n", 1)[1]
    assert stream[size:].startswith(b"\nendstream")
    words = re.findall(rb"\((.*?)\) Tj", stream[:size])
    return [re.sub(r"\\(.)", r"\1", word.decode("cp1252")) for word in words]


@pytest.mark.parametrize(
    "entity", ["Invoice", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "PurchaseOrder"]
)
def test_what_quickbooks_prints_is_a_page_with_number_party_and_total(landscaping: Caller, entity: str) -> None:
    found = landscaping.query(f"select * from {entity} maxresults 1", realm=LANDSCAPING).json()["QueryResponse"]
    (record,) = found[entity]

    answer = landscaping.api("GET", f"/{entity.lower()}/{record['Id']}/pdf", realm=LANDSCAPING, headers=PDF)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    title, day, party, total = _opened(answer.content)
    assert title == f"{entity} {record.get('DocNumber') or record['Id']}"
    assert (day, party) == (record["TxnDate"], (record.get("CustomerRef") or record["VendorRef"])["name"])
    assert total == f"Total {record['TotalAmt']:.2f} USD"


def test_a_name_with_signs_of_the_format_is_printed_as_it_is(landscaping: Caller) -> None:
    name = {"DisplayName": "Café (Ñandú) \\ Sons"}
    customer = landscaping.api("POST", "/customer", realm=LANDSCAPING, json=name).json()["Customer"]
    paid = {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": 5}
    payment = landscaping.api("POST", "/payment", realm=LANDSCAPING, json=paid).json()["Payment"]

    answer = landscaping.api("GET", f"/payment/{payment['Id']}/pdf", realm=LANDSCAPING, headers=PDF)

    assert _opened(answer.content)[2] == name["DisplayName"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/invoice/99999/pdf", 400, "610"), ("/invoice/none/pdf", 400, "2030"), ("/bill/1/pdf", 400, "500")],
)
def test_what_is_not_there_or_not_printed_is_refused(caller: Any, path: str, status: int, code: str) -> None:
    answer = caller.api("GET", path)

    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (status, code)
