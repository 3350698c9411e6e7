"""The code location as Dagster loads it: every entity from raw to published, described, owned and fresh or late."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from dagster import AssetKey, Definitions

from qbo_pipeline.catalog import ENTITIES, Entity
from qbo_pipeline.orchestration.ownership import OWNERS

WORKSPACE = Path(__file__).parents[2] / "workspace.yaml"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_code_location_is_valid_on_a_machine_with_no_settings(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QBO_", "DAGSTER_"))}
    dagster = Path(sys.executable).with_name("dagster")
    validate = subprocess.run(
        [dagster, "definitions", "validate", "-w", WORKSPACE],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert validate.returncode == 0, validate.stdout + validate.stderr
    assert "Validation successful" in validate.stdout + validate.stderr


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_entity_has_its_raw_asset_and_its_typed_one(definitions: Definitions, entity: Entity) -> None:
    graph = definitions.resolve_asset_graph()
    raw, typed = (graph.get(AssetKey([schema, entity.table])) for schema in ("raw_qbo", "qbo"))
    assert (raw.group_name, typed.group_name) == ("raw_qbo", "qbo")
    assert {"dlt", "duckdb", "quickbooks"} <= raw.kinds
    assert {"dbt", "duckdb"} <= typed.kinds
    assert raw.owners == typed.owners == OWNERS
    assert raw.description.startswith(entity.description)
    assert typed.description
    assert raw.key in typed.parent_keys
    assert raw.freshness_policy is not None
    assert raw.metadata["dagster/table_name"] == f"raw_qbo.{entity.table}"


def test_the_lineage_runs_from_quickbooks_to_the_copy_for_analysts(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    path = [
        ["quickbooks_online"],
        ["raw_qbo", "invoice"],
        ["qbo", "invoice"],
        ["qbo", "missing_reference"],
        ["analytics"],
    ]
    for parent, child in pairwise(path):
        assert AssetKey(parent) in graph.get(AssetKey(child)).parent_keys


def test_every_step_that_opens_the_warehouse_waits_its_turn(definitions: Definitions) -> None:
    steps = {
        asset.op.name: asset.op.pool for asset in definitions.resolve_asset_graph().assets_defs if asset.is_executable
    }
    assert {"raw_qbo", "models", "analytics"} <= steps.keys()
    # These checks ask the state store and the operational system alone.
    apart = ("every_connection", "every_contract_period")
    assert {name: pool for name, pool in steps.items() if pool != "duckdb" and not any(a in name for a in apart)} == {}


def test_there_is_one_job_and_it_covers_everything(definitions: Definitions) -> None:
    job = definitions.resolve_job_def("sync")
    graph = definitions.resolve_asset_graph()
    assert job.asset_layer.executable_asset_keys == graph.materializable_asset_keys
    assert {key.name for key in graph.asset_check_keys} >= {"every_connection_was_synced"}
