"""A first read of one entity into typed tables, and a sync with one record in a hundred changed, against the floor.

    python -m benchmarks.pull [--invoices N] [--latency-ms MS ...]

The floor is what QuickBooks' limits and the latency allow for the calls that were made; no client can be faster. The process
is warm: it has synced another company and built a model before. "typing" is what dbt reports of the models that read invoices;
what it takes besides stands in the last columns. Its processor seconds are those of building the same models once more, when
nothing has landed since; they are left out of the others.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.cost import Cost, in_own_process, measured, peak_mb
from benchmarks.emulated import Emulated, emulated, floor_seconds

LATENCIES_MS = (0, 200)
HEAD = (
    "latency  invoices  pull s  floor s  ratio  typing s  invoices/s  of floor  calls  pull CPU  typing CPU  per CPU s  peak MB"
    "  dbt start s  CPU"
)
CHANGED_HEAD = "latency  changed   pull s  calls  metered  rows landed  typing s"


def main() -> None:
    """Measure every case and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=int, nargs="*", default=LATENCIES_MS)
    parser.add_argument("--case", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(_measure(**arguments.case)))
        return
    cases = [
        in_own_process("benchmarks.pull", invoices=arguments.invoices, latency_ms=each) for each in arguments.latency_ms
    ]
    print(HEAD)
    for case in cases:
        print(_line(case))
    print(f"\n{CHANGED_HEAD}")
    for case in cases:
        print(_changed_line(case))


def _line(case: dict[str, Any]) -> str:
    floor = floor_seconds(case["calls"], case["latency_ms"])
    seconds, cpu_seconds = case["pull_seconds"] + case["typing_seconds"], case["pull_cpu"] + case["typing_cpu"]
    return (
        f"{case['latency_ms']:4} ms {case['invoices']:9,} {case['pull_seconds']:7.1f} {floor:8.1f} "
        f"{case['pull_seconds'] / floor:6.2f} {case['typing_seconds']:9.1f} {case['invoices'] / seconds:11,.0f} "
        f"{seconds / floor:9.2f} {case['calls']:6} {case['pull_cpu']:9.1f} {case['typing_cpu']:11.1f} "
        f"{case['invoices'] / cpu_seconds:10,.0f} {case['peak_mb']:8,} {case['dbt_start_seconds']:12.1f} "
        f"{case['start_cpu']:4.1f}"
    )


def _changed_line(case: dict[str, Any]) -> str:
    return (
        f"{case['latency_ms']:4} ms {case['changed']:9,} {case['changed_seconds']:7.1f} {case['changed_calls']:6} "
        f"{case['changed_metered']:8} {case['changed_rows']:12,} {case['changed_typing_seconds']:9.1f}"
    )


def _measure(invoices: int, latency_ms: int) -> dict[str, Any]:
    from qbo_pipeline.settings import read_settings
    from qbo_pipeline.state.connect import connect_headless
    from qbo_pipeline.state.store import open_state

    with tempfile.TemporaryDirectory() as home, emulated(["generated:20", f"generated:{invoices}:1:3"]) as quickbooks:
        os.environ |= quickbooks.environment(home)
        settings = read_settings()
        with open_state(settings) as store:
            for name, realm_id in zip(("small", "large"), quickbooks.realms(), strict=True):
                connect_headless(store, settings, name, realm_id, quickbooks.grant(realm_id))
            bench = Bench(settings, store, quickbooks, realm_id, latency_ms)
            bench.pull("small")
            first = _first_read(bench, invoices)
            return {"latency_ms": latency_ms, "invoices": invoices} | first | _changes(bench, invoices // 100)


@dataclass(frozen=True)
class Bench:
    """An installation connected to a small company, already synced, and a large one, the realm of which it names."""

    settings: Any
    store: Any
    quickbooks: Emulated
    realm_id: str
    latency_ms: int

    def pull(self, connection: str, entities: Sequence[str] = ()) -> Any:
        """Pull one company, its answers as late as the case wants; returns its outcome."""
        from qbo_pipeline.ingest.sync import sync

        self.quickbooks.settle(latency_ms=self.latency_ms)
        outcome = sync(self.settings, self.store, self.warehouse, connections=[connection], entities=entities)
        self.quickbooks.settle(latency_ms=0)
        return outcome.companies[0]

    @property
    def warehouse(self) -> Any:
        """Where it lands."""
        from qbo_pipeline.warehouse.file import open_warehouse

        return open_warehouse(self.settings)

    def typed_ids(self) -> list[str]:
        """The ids of the large company's typed invoices."""
        with self.warehouse.connect("look at what was typed") as connection:
            rows = connection.execute("select id from qbo.invoice where realm_id = ? order by id", [self.realm_id])
            return [record_id for (record_id,) in rows.fetchall()]


def _first_read(bench: Bench, invoices: int) -> dict[str, Any]:
    _dbt("qbo__term")  # The first one reads the whole project and imports what it needs.
    with measured() as pull:
        read = bench.pull("large", ["Invoice"])
    typing = _dbt(*_readers_of_invoice())
    start = _dbt(*_readers_of_invoice()).cost  # Nothing landed since: what is left is dbt's own.
    if (typed := len(bench.typed_ids())) != invoices:
        raise SystemExit(f"typed {typed} of {invoices} invoices: {read.reason()}")
    return {
        "calls": read.calls,
        "pull_seconds": pull.seconds,
        "pull_cpu": pull.cpu_seconds,
        "typing_seconds": typing.model_seconds,
        "typing_cpu": typing.cost.cpu_seconds - start.cpu_seconds,
        "start_cpu": start.cpu_seconds,
        "dbt_start_seconds": typing.cost.seconds - typing.model_seconds,
        "peak_mb": peak_mb(),
    }


def _changes(bench: Bench, changed: int) -> dict[str, Any]:
    bench.quickbooks.pass_time(1800)
    for record_id in bench.typed_ids()[:changed]:
        bench.quickbooks.edit(bench.realm_id, "Invoice", record_id, PrivateNote="changed")
    with measured() as pull:
        read = bench.pull("large", ["Invoice"])
    return {
        "changed": changed,
        "changed_seconds": pull.seconds,
        "changed_calls": read.calls,
        "changed_metered": read.metered_calls,
        "changed_rows": read.rows,
        "changed_typing_seconds": _dbt(*_readers_of_invoice()).model_seconds,
    }


def _readers_of_invoice() -> tuple[str, ...]:
    from qbo_pipeline.orchestration.dbt_project import project_dir

    return tuple(path.stem for path in sorted((project_dir() / "models" / "qbo").glob("qbo__invoice*.sql")))


@dataclass(frozen=True)
class Build:
    """A dbt build: what it cost, and the seconds its models took of that."""

    cost: Cost
    model_seconds: float


def _dbt(*models: str) -> Build:
    """Build models by dbt in this process, the project having been parsed before."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    runner, flags = _runner()
    with measured() as cost:
        ran = runner.invoke(["--quiet", "run", *flags, "--select", *models])
        # dbt keeps the file open as long as its process lives; here the process goes on.
        DuckDBConnectionManager.close_all_connections()
    if not ran.success:
        raise SystemExit(f"dbt did not build {', '.join(models)}: {ran.exception or 'see its log'}")
    built = [each.execution_time for each in ran.result.results if each.node.resource_type == "model"]
    return Build(cost, sum(built))


@cache
def _runner() -> tuple[Any, list[str]]:
    from dbt.cli.main import dbtRunner

    from qbo_pipeline.orchestration.dbt_project import dbt_environment, project_dir
    from qbo_pipeline.settings import read_settings

    os.environ |= dbt_environment(read_settings())
    flags = ["--project-dir", str(project_dir())]
    parsed = dbtRunner().invoke(["--quiet", "parse", *flags])
    return dbtRunner(manifest=parsed.result), flags


if __name__ == "__main__":
    main()
