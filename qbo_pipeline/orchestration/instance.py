"""Dagster's own settings, written where its instance lives.

Runs go one after another through the warehouse's pool; what Dagster keeps of ticks is bounded; nothing is reported to its
makers.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dagster import DagsterInstance

from qbo_pipeline.settings import Settings

DAGSTER_YAML = """\
# Written by qbo-pipeline. Delete this file to have it written anew; what you change here stays.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
    granularity: run
run_monitoring:
  enabled: true
run_retries:
  enabled: true
retention:
  schedule:
    purge_after_days: 30
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: 30
"""


def prepare_dagster_home(settings: Settings) -> None:
    """Make Dagster's directory and its `dagster.yaml`, unless they are there, and point this process at them."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)


@contextmanager
def dagster_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """The instance whose runs the UI shows."""
    prepare_dagster_home(settings)
    with DagsterInstance.get() as instance:
        yield instance
