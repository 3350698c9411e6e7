"""The books of one large company: built in full, then after a thousand of its documents changed.

    python -m benchmarks.books [--invoices N] [--changed N] [--models]

"recent" is a busy day: new invoices, edited ones, payments and the invoices they pay, all of the last weeks. "scattered" are
edits of invoices of all three years. "nothing" is a build of the same models when nothing changed: what they cost at least.
Builds behind the first select what a run would: the models behind the raw tables with newly landed rows. Seconds are those dbt
reports of its models, summed; "beyond" is what they take beyond "nothing", of the full build; `--models` lists the slowest of
each build.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.cost import in_own_process, measured, peak_mb
from benchmarks.large_company import LargeCompany

EVERYTHING = ("qbo", "qbo_report", "ledger", "finance", "qbo_mirror")
BEHIND = {
    "nothing": ("source:raw_qbo.invoice+", "source:raw_qbo.payment+"),
    "recent": ("source:raw_qbo.invoice+", "source:raw_qbo.payment+"),
    "scattered": ("source:raw_qbo.invoice+",),
}
HEAD = " invoices   postings  build      models s  of full   beyond   dbt s   CPU s  peak MB"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=250_000)
    parser.add_argument("--changed", type=int, default=1_000)
    parser.add_argument("--models", action="store_true")
    parser.add_argument("--case", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(_measure(**arguments.case)))
        return
    case = in_own_process("benchmarks.books", invoices=arguments.invoices, changed=arguments.changed)
    print(HEAD)
    seconds = {name: build["model_seconds"] for name, build in case["builds"].items()}
    beyond = {name: (taken - seconds["nothing"]) / seconds["full"] for name, taken in seconds.items()}
    for name, build in case["builds"].items():
        print(
            f"{arguments.invoices:9,} {case['postings']:10,}  {name:10} {seconds[name]:8.2f} "
            f"{seconds[name] / seconds['full']:8.1%} {beyond[name]:8.1%} "
            f"{build['seconds']:7.1f} {build['cpu_seconds']:7.1f} {case['peak_mb']:8,}"
        )
        if arguments.models:
            slowest = sorted(build["models"].items(), key=lambda model: -model[1])[:12]
            print("\n".join(f"    {taken:8.2f}  {model}" for model, taken in slowest))


def _measure(invoices: int, changed: int) -> dict[str, Any]:
    from qbo_pipeline.settings import read_settings

    with tempfile.TemporaryDirectory(dir=os.environ.get("QBO_BENCHMARK_DIR")) as home:
        os.environ["QBO_HOME"] = home
        warehouse = read_settings().warehouse_path
        company = LargeCompany(warehouse, invoices)
        company.found()
        builds = {"full": _build(*EVERYTHING), "nothing": _build(*BEHIND["nothing"])}
        company.change_recent(changed)
        builds["recent"] = _build(*BEHIND["recent"])
        company.change_scattered(changed)
        builds["scattered"] = _build(*BEHIND["scattered"])
        with duckdb.connect(warehouse) as connection:
            [(postings,)] = connection.execute("select count(*) from ledger.posting").fetchall()
        return {"postings": postings, "peak_mb": peak_mb(), "builds": builds}


def _build(*selected: str) -> dict[str, Any]:
    """Build every model of the books by a dbt process, as a run does."""
    from qbo_pipeline.orchestration.dbt_project import dbt_environment, dbt_executable, project_dir
    from qbo_pipeline.settings import read_settings

    environment = dbt_environment(read_settings())
    command = [dbt_executable(), "--quiet", "run", "--project-dir", str(project_dir()), "--exclude", "outbound"]
    command += ["--select", *selected]
    with measured() as cost:
        # What this process prints is its result; what dbt complains of is for whoever runs the benchmark.
        subprocess.run(command, env=os.environ | environment, check=True, stdout=sys.stderr)
    results = json.loads((Path(environment["DBT_TARGET_PATH"]) / "run_results.json").read_text())["results"]
    models = {
        result["unique_id"].split(".")[-1]: result["execution_time"]
        for result in results
        if result["unique_id"].startswith("model.")
    }
    return {
        "seconds": cost.seconds,
        "cpu_seconds": cost.cpu_seconds,
        "model_seconds": sum(models.values()),
        "models": models,
    }


if __name__ == "__main__":
    main()
