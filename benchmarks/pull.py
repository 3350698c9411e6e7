"""Pull 100,000 generated invoices of 3 lines into typed tables, at two latencies, against the floor QuickBooks sets.

    python -m benchmarks.pull [--invoices N] [--latency-ms MS ...]

Each case runs in a process of its own against an emulator in another, with QuickBooks' own limits in force (10 calls a second,
500 a minute). The floor is what those limits and the latency allow for the calls that were made; no client can be faster.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

LATENCIES_MS = (0, 200)
CALLS_PER_SECOND = 10
CALLS_PER_MINUTE = 500
CALLS_AT_ONCE = 10


@dataclass(frozen=True)
class Measured:
    """One case: seconds of each phase, calls, and the peak memory of the process that pulls."""

    latency_ms: int
    invoices: int
    lines: int
    calls: int
    pull_seconds: float
    model_seconds: float
    peak_mb: int


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=int, nargs="*", default=LATENCIES_MS)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case is not None:
        print(json.dumps(asdict(_measure(arguments.case, arguments.invoices))))
        return
    print("latency  invoices  rows/s  calls  pull s  floor s  ratio  typing s  all s  peak MB")
    for latency_ms in arguments.latency_ms:
        _print(_in_own_process(latency_ms, arguments.invoices))


def _in_own_process(latency_ms: int, invoices: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.pull", "--case", str(latency_ms), "--invoices", str(invoices)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Measured(**json.loads(answer.splitlines()[-1]))


def _print(case: Measured) -> None:
    floor = _floor_seconds(case.calls, case.latency_ms)
    rows = case.invoices + case.lines
    total = case.pull_seconds + case.model_seconds
    print(
        f"{case.latency_ms:4} ms {case.invoices:9,} {rows / total:7,.0f} {case.calls:6} {case.pull_seconds:7.1f} {floor:8.1f} "
        f"{case.pull_seconds / floor:6.2f} {case.model_seconds:9.1f} {total:6.1f} {case.peak_mb:8,}"
    )


def _floor_seconds(calls: int, latency_ms: int) -> float:
    """The least time `calls` can take: by the limits per second and minute, and by latency with ten calls at once."""
    by_minute = (calls - 1) // CALLS_PER_MINUTE * 60
    by_second = (calls - 1) // CALLS_PER_SECOND
    return max(by_minute, by_second, calls * latency_ms / 1000 / CALLS_AT_ONCE, latency_ms / 1000)


def _measure(latency_ms: int, invoices: int) -> Measured:
    from qbo_pipeline.ingest.sync import sync
    from qbo_pipeline.orchestration.run import run_sync
    from qbo_pipeline.settings import read_settings
    from qbo_pipeline.state.connect import connect_headless
    from qbo_pipeline.state.store import open_state
    from qbo_pipeline.warehouse.file import open_warehouse

    with tempfile.TemporaryDirectory() as home, _Emulator(f"generated:{invoices}:1:3", latency_ms) as address:
        os.environ |= _environment(home, address)
        settings = read_settings()
        realm_id = requests.get(f"{address}/admin/companies", timeout=60).json()[0]["realm_id"]
        grant = requests.post(f"{address}/admin/grants", json={"realm_id": realm_id}, timeout=60).json()
        with open_state(settings) as store:
            connect_headless(store, settings, "bench", realm_id, grant["refresh_token"])
            started = time.perf_counter()
            (company,) = sync(settings, store, open_warehouse(settings), entities=["Invoice"]).companies
            pull_seconds = time.perf_counter() - started
        started = time.perf_counter()
        run = run_sync(settings, entities=["Invoice"])
        model_seconds = time.perf_counter() - started
        if not run.succeeded or company.rows != invoices:
            raise SystemExit(f"landed {company.rows} of {invoices}: {run.failures or company.reason()}")
        return Measured(
            latency_ms=latency_ms,
            invoices=invoices,
            lines=_lines(settings.warehouse_path),
            calls=company.calls,
            pull_seconds=pull_seconds,
            model_seconds=model_seconds,
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        )


def _lines(path: Path) -> int:
    import duckdb

    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute("select count(*) from qbo.invoice_line").fetchone()[0]


def _environment(home: str, address: str) -> dict[str, str]:
    return {
        "QBO_HOME": home,
        "QBO_CLIENT_ID": "emulator-client",
        "QBO_CLIENT_SECRET": "emulator-secret",
        "QBO_API_URL": address,
        "QBO_TOKEN_URL": f"{address}/oauth2/v1/tokens/bearer",
    }


class _Emulator:
    """The emulator in a process of its own, so that serving costs the client neither memory nor its interpreter's lock."""

    def __init__(self, company: str, latency_ms: int) -> None:
        place = ["--port", "0", "--company", company, "--latency-ms", str(latency_ms)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "qbo_pipeline.emulator", *place], stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> str:
        return next(word for word in self._process.stdout.readline().split() if word.startswith("http://"))

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    main()
