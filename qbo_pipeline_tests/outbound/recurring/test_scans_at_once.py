"""The same hour's scan twice at once adds nothing, by threads and by processes; a scan that dies leaves nothing half done."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from qbo_pipeline_tests.outbound.recurring import late_scan
from qbo_pipeline_tests.outbound.recurring.agency import Agency

MARCH = date(2026, 3, 10)


def signed(agency: Agency) -> list[str]:
    """Three contracts, one merged; the invoices they ask for."""
    agency.contract("k1")
    agency.contract("k2", catch_up="merged")
    agency.contract("k3", timing="arrears")
    months = ["2026-01-01", "2026-02-01"]
    return sorted(
        [*(f"k1/{each}" for each in [*months, "2026-03-01"]), "k2/2026-01-01", *(f"k3/{each}" for each in months)]
    )


def test_threads_that_scan_at_once_make_each_invoice_once(any_agency: Agency) -> None:
    agency, expected = any_agency, signed(any_agency)
    others = [Agency(agency.folder, is_new=False, state_url=agency.state_url) for _ in range(3)]
    together = threading.Barrier(4)

    def scan(each: Agency) -> list[str]:
        together.wait()
        return each.scan(MARCH).made

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(scan, [agency, *others]))
    for each in others:
        each.close()

    assert sorted(source for found in made for source in found) == expected
    assert [each.source_id for each in agency.intents()] == expected
    assert {each.state.value for each in agency.periods("k2")} == {"blocked"}


def test_processes_that_scan_at_once_make_each_invoice_once(agency: Agency) -> None:
    expected = signed(agency)

    scans = [start(agency) for _ in range(2)]
    for each in scans:
        go(each)
    made = [source for each in scans for source in each.communicate(timeout=120)[0].split()]

    assert sorted(made) == expected
    assert [each.source_id for each in agency.intents()] == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "moment", "time"),
    [
        *(("ContractPeriods._write", moment, time) for moment in ("before", "after") for time in (1, 4, 6)),
        *(("ContractPeriods.bill", "after", time) for time in (1, 3, 5)),
        ("ContractPeriods.leave", "after", 1),
    ],
)
def test_a_scan_that_is_killed_leaves_an_invoice_and_its_periods_together_or_not_at_all(
    agency: Agency, place: str, moment: str, time: int
) -> None:
    expected = signed(agency)
    agency.contract("k4", status="on_hold")

    dying = start(agency, f"qbo_pipeline.state.contract_periods:{place}", moment, str(time))
    go(dying)
    dying.communicate(timeout=120)

    noted = {each.invoice_key for number in range(1, 5) for each in agency.periods(f"k{number}")} - {None}
    assert noted == {each.intent_key for each in agency.intents()}
    agency.scan(MARCH)
    agency.scan(MARCH)
    assert [each.source_id for each in agency.intents()] == expected
    assert len(agency.periods("k2")) == len(agency.periods("k4")) == 3


def start(agency: Agency, *death: str) -> "subprocess.Popen[str]":
    """A scan in a process of its own that waits to be let go."""
    arguments = [sys.executable, late_scan.__file__, str(agency.folder), MARCH.isoformat(), *death]
    scan = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert scan.stdout is not None
    assert scan.stdout.readline() == "ready\n"
    return scan


def go(scan: "subprocess.Popen[str]") -> None:
    """Let it start."""
    assert scan.stdin is not None
    scan.stdin.write("\n")
    scan.stdin.flush()
