"""One `dbt build` on the warehouse, and what it did as Dagster's events.

dagster-dbt's own `DbtCliResource` asks dbt for its version and sets up an adapter in this process before each command, seconds
that go to features not used here, and keeps the files of every command for ever; its invocation is used without it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, AssetObservation, Output
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation
from packaging.version import Version

from qbo_pipeline.orchestration.dbt_project import dbt_environment, dbt_executable, project_dir, target_dir
from qbo_pipeline.settings import Settings

BuildEvent = Output | AssetCheckResult | AssetObservation

_RESULTS = "run_results.json"
# What dagster-dbt reads of a running dbt: one JSON event a line, as it happens.
_EVENTS_AS_LINES = {"DBT_LOG_FORMAT": "json", "PYTHONUNBUFFERED": "1", "DAGSTER_DBT_CLI": "true"}


def start_build(
    selection: Sequence[str],
    settings: Settings,
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
    *,
    full_refresh: bool,
) -> DbtCliInvocation:
    """Start dbt on the selected models and their tests, in a process of its own; the caller holds the warehouse's lock."""
    environment = os.environ | dbt_environment(settings) | _EVENTS_AS_LINES
    # Results of the build before must not be taken for this one's, should dbt not come to write any.
    target = target_dir(settings)
    (target / _RESULTS).unlink(missing_ok=True)
    return DbtCliInvocation.run(
        args=[
            dbt_executable(),
            # The run's own log has every line; making each a second time for a file takes a twentieth of a build.
            *("--log-level-file", "none"),
            "build",
            *("--select", *selection),
            *(["--full-refresh"] if full_refresh else []),
        ],
        env=environment,
        manifest=manifest,
        dagster_dbt_translator=translator,
        project_dir=project_dir(),
        target_path=target,
        raise_on_error=False,
        context=None,
        adapter=None,
        cli_version=Version(version("dbt-core")),
    )


def build_events(invocation: DbtCliInvocation, context: AssetExecutionContext) -> Iterator[BuildEvent]:
    """What became of each model and test, in their order, until dbt has ended."""
    for event in invocation.stream_raw_events():
        yield from event.to_default_asset_events(
            manifest=invocation.manifest,
            dagster_dbt_translator=invocation.dagster_dbt_translator,
            context=context,
            target_path=invocation.target_path,
        )


def what_failed(invocation: DbtCliInvocation) -> str:
    """The models and tests that failed, each with dbt's reason, and what that means for analysts."""
    if not (invocation.target_path / _RESULTS).exists():
        return f"dbt did not run: {invocation.get_error()}"
    results = invocation.get_artifact(_RESULTS).get("results", [])
    failed = [result for result in results if result["status"] in ("error", "fail")]
    reasons = "\n".join(f"- {result['unique_id']}: {result['message']}" for result in failed)
    return (
        f"dbt built the models, but {len(failed)} of them or of their tests failed:\n{reasons}\n"
        "What was built before stands; analysts keep the last published copy. Mend the cause and run the job again."
    )
