"""A sync of companies in which nothing happened: what a tick of the schedule costs, by the number of companies.

    python -m benchmarks.idle [--companies N ...]

The companies are small and were read in full before. "sync" is a scheduled one from its first request to its last, in a
warm process; Dagster adds its start, shown by `benchmarks.imports`, once per run and not per company.
"""

import argparse
import json
import os
import tempfile
from typing import Any

from benchmarks.cost import in_own_process, measured, peak_mb
from benchmarks.emulated import emulated

COMPANIES = (1, 100, 1000)
# Enough to be a company, few enough to read a thousand of them first.
BOOKS = "generated:4:{seed}:1"


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, nargs="*", default=COMPANIES)
    parser.add_argument("--latency-ms", type=int, default=200)
    parser.add_argument("--case", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(_measure(**arguments.case)))
        return
    print("companies  calls per company  metered  seconds  per company ms  CPU per company ms  peak MB")
    for companies in arguments.companies:
        case = in_own_process("benchmarks.idle", companies=companies, latency_ms=arguments.latency_ms)
        print(
            f"{companies:9,} {case['calls'] / companies:18.2f} {case['metered'] / companies:8.2f} {case['seconds']:8.1f} "
            f"{case['seconds'] / companies * 1000:15.0f} {case['cpu_seconds'] / companies * 1000:19.0f} {case['peak_mb']:8,}"
        )


def _measure(companies: int, latency_ms: int) -> dict[str, Any]:
    from qbo_pipeline.ingest.sync import sync
    from qbo_pipeline.settings import read_settings
    from qbo_pipeline.state.connect import connect_headless
    from qbo_pipeline.state.store import open_state
    from qbo_pipeline.warehouse.file import open_warehouse

    books = [BOOKS.format(seed=seed) for seed in range(1, companies + 1)]
    with tempfile.TemporaryDirectory() as home, emulated(books) as quickbooks:
        os.environ |= quickbooks.environment(home)
        settings = read_settings()
        warehouse = open_warehouse(settings)
        with open_state(settings) as store:
            for number, realm_id in enumerate(quickbooks.realms()):
                connect_headless(store, settings, f"company-{number}", realm_id, quickbooks.grant(realm_id))
            first = sync(settings, store, warehouse)
            if first.unsynced:
                raise SystemExit(f"{len(first.unsynced)} companies were not read: {first.unsynced[0].reason()}")
            # Past the overlap with the first read, and not yet an hour later, when more is asked for.
            quickbooks.pass_time(1800)
            quickbooks.settle(latency_ms=latency_ms)
            quickbooks.calls()
            with measured() as cost:
                idle = sync(settings, store, warehouse, all_entities=False)
            calls, metered = quickbooks.calls()
    if idle.unsynced or any(company.rows for company in idle.companies):
        raise SystemExit("the sync was not idle")
    return {
        "calls": calls,
        "metered": metered,
        "seconds": cost.seconds,
        "cpu_seconds": cost.cpu_seconds,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    main()
