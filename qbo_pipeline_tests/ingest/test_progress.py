"""How far a pull has come is told while it runs, and a thousand companies in which nothing happened are one line."""

import pytest

from qbo_pipeline.ingest import progress
from qbo_pipeline.ingest.progress import Progress, watching
from qbo_pipeline_tests.installation import Installation

FEW = ("CompanyInfo", "Customer", "Invoice")


def test_the_run_log_tells_starts_long_reads_and_ends(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "RECORDS_PER_LINE", 20)
    told: list[str] = []
    installation.pull(entities=FEW, tell=told.append)
    assert told[0] == "landscaping: reading 3 entities in full."
    assert {"landscaping: 29 records of customer so far.", "landscaping: 31 records of invoice so far."} <= set(told)
    assert told[-1].startswith("landscaping: read 61 records of 3 entities in 3 calls (3 metered) and ")
    told.clear()
    installation.pull(entities=FEW, all_entities=False, tell=told.append)
    assert told == ["Nothing new in 1 of 1 companies."]


def test_a_company_of_which_something_was_left_out_is_told_of_whatever_came(installation: Installation) -> None:
    installation.pull(entities=FEW)
    installation.script("/cdc", status=400, code="2020", type="ValidationFault", message="Required")
    installation.script("/query", status=400, code="2020", type="ValidationFault", message="Required")
    told: list[str] = []
    installation.pull(entities=FEW, tell=told.append)
    (line,) = told
    assert "landscaping: read 0 records" in line
    assert "; failed: " in line
    assert "Reading CompanyInfo of 'landscaping' failed (HTTP 400, code 2020" in line


def test_a_watcher_hears_records_as_they_come_and_land(installation: Installation) -> None:
    heard: list[Progress] = []
    with watching(heard.append):
        outcome = installation.pull_one(entities=FEW)
    assert heard[-1] == Progress(1, 1, 61, outcome.rows, {"company_info": 1, "customer": 29, "invoice": 31})
    assert [each.records_read for each in heard] == sorted(each.records_read for each in heard)
    heard.clear()
    installation.pull(entities=FEW)
    assert heard == []


def test_a_run_of_dagster_in_this_process_is_watched_too(
    installation: Installation, definitions: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster import AssetSelection, materialize

    from qbo_pipeline.orchestration.installation import Installation as InstallationResource
    from qbo_pipeline.orchestration.raw_assets import raw_assets

    heard: list[Progress] = []
    with watching(heard.append):
        run = materialize(
            [raw_assets],
            selection=AssetSelection.assets(["raw_qbo", "term"]),
            resources={"installation": InstallationResource()},
        )
    assert run.success
    assert heard[-1].companies_done == 1
    assert [each.asset_key.path[-1] for each in run.asset_materializations_for_node("raw_qbo")] == ["term"]
    (term,) = run.asset_materializations_for_node("raw_qbo")
    assert (term.metadata["calls"].value, term.metadata["metered_calls"].value) == (1, 1)
