"""Starting a job from this process, as a run that the UI shows like any other."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dagster import AssetKey, DagsterEvent, Definitions

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.ingest.progress import Watcher, watching
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.intent_asset import INTENT_OP
from qbo_pipeline.orchestration.jobs import DERIVE_JOB, PUSH_JOB, SYNC_JOB
from qbo_pipeline.orchestration.raw_assets import TRIGGER_TAG, raw_key
from qbo_pipeline.orchestration.report_assets import REPORT_OP
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.sync_log import LogEntry

# On a run that another one needed first: that one's id.
FOR_RUN_TAG = "qbo_pipeline/for_run"


@dataclass(frozen=True)
class JobRun:
    """A finished run: its id in Dagster and in the sync log, whether every step succeeded, and what failed if not."""

    run_id: str
    succeeded: bool
    failures: tuple[str, ...]


def run_sync(
    settings: Settings,
    *,
    connections: Sequence[str] = (),
    entities: Sequence[str] = (),
    full: bool = False,
    all_entities: bool = True,
    run_id: str | None = None,
    watcher: Watcher = lambda _: None,
) -> JobRun:
    """Run the sync job here and now; with `entities` only those are pulled. `watcher` hears how far the pull has come.

    The run has `run_id`, a UUID, or one of its own. Without `all_entities` it asks for no more than the schedule does: what
    the change feed does not cover once an hour.
    """
    pull = {"connections": list(connections), "full": full, "all_entities": all_entities}
    config = {"raw_qbo": pull, REPORT_OP: {"routine": not all_entities, "full": full}}
    with watching(watcher):
        select = (lambda defs: _selection(defs, entities)) if entities else (lambda _: None)
        return _run(settings, SYNC_JOB, config, select, run_id=run_id)


def run_derive(settings: Settings, *, update_keys: Sequence[str] = (), before: str | None = None) -> JobRun:
    """Load the operational system and bring the outbox up to what should exist; `update_keys` are drifts to be pushed.

    `before` is the id of the push that this is done for, which the run names.
    """
    tags = {} if before is None else {FOR_RUN_TAG: before}
    return _run(settings, DERIVE_JOB, {INTENT_OP: {"update_keys": list(update_keys)}}, tags=tags)


def run_push(
    settings: Settings,
    *,
    connections: Sequence[str] = (),
    targets: Sequence[str] = (),
    keys: Sequence[str] = (),
    run_id: str | None = None,
) -> JobRun:
    """Send what is due in the outbox, by hand, and write back what became of it, as the run `run_id` or one of its own."""
    config = {"connections": list(connections), "targets": list(targets), "keys": list(keys)}
    return _run(settings, PUSH_JOB, {"push_outbox": config}, run_id=run_id)


def _run(
    settings: Settings,
    job: str,
    config: Mapping[str, Mapping[str, object]],
    select: Callable[[Definitions], list[AssetKey] | None] = lambda _: None,
    *,
    run_id: str | None = None,
    tags: Mapping[str, str] = MappingProxyType({}),
) -> JobRun:
    # Loading the code location takes seconds that no other command should pay.
    from qbo_pipeline.definitions import defs  # noqa: PLC0415

    with dagster_instance(settings) as instance, output_to(log_path(settings)):
        result = defs.resolve_job_def(job).execute_in_process(
            run_config={"ops": {op: {"config": dict(values)} for op, values in config.items()}},
            instance=instance,
            asset_selection=select(defs),
            raise_on_error=False,
            run_id=run_id,
            tags={TRIGGER_TAG: "command line", **tags},
        )
    failures = tuple(f"{event.step_key}: {_reason(event)}" for event in result.all_events if event.is_step_failure)
    return JobRun(result.run_id, result.success, failures)


def _reason(event: DagsterEvent) -> str:
    """Why a step failed, without the stack trace that the UI shows beside it."""
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    # Dagster's own error stands around ours, and ours around what it was made of.
    error = failure.error.cause or failure.error if failure.error else None
    return error.message.strip() if error else "no reason was given"


def _selection(defs: Definitions, entities: Sequence[str]) -> list[AssetKey]:
    """The raw tables of `entities` and all that is built from any: the models see for themselves what is new to them."""
    keys = {raw_key(entity) for entity in ENTITIES}
    wanted = {raw_key(find_entity(name)) for name in entities}
    return [key for key in defs.resolve_asset_graph().executable_asset_keys if key not in keys or key in wanted]


def log_path(settings: Settings) -> Path:
    """Where what Dagster and dbt print during a run of this process goes."""
    return settings.home / "logs" / "sync.log"


@contextmanager
def output_to(path: Path) -> Iterator[None]:
    """Send everything this process and its children print to a file instead, which starts anew each time.

    Dagster copies what a step prints into the run's own logs, and dbt prints thousands of lines; the file descriptors
    themselves are turned, because children write to those.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {stream: os.dup(stream.fileno()) for stream in (sys.__stdout__, sys.__stderr__)}
    with path.open("wb") as log:
        for stream in kept:
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())
        try:
            yield
        finally:
            for stream, descriptor in kept.items():
                stream.flush()
                os.dup2(descriptor, stream.fileno())
                os.close(descriptor)


def is_complete(entries: Sequence[LogEntry]) -> bool:
    """Whether a run's log shows every connection it was for as synced, or as idle and not due."""
    connections = [entry for entry in entries if entry.entity is None]
    return bool(connections) and all(entry.status in ("synced", "not_due") for entry in connections)
