"""`qbo-pipeline map`: from a first look at a company's lists to decisions that hold."""
# ruff: noqa: F811 - fixtures have the names of what they give

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.ops.load import load_ops
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.intents import Intent, Need
from qbo_pipeline.warehouse.publish import publish
from qbo_pipeline_tests.installation import LANDSCAPING, Installation
from qbo_pipeline_tests.test_cli import Run, run  # noqa: F401 - the program, run in this process


@pytest.fixture
def landscaping(install: Callable[..., Installation], tmp_path: Path) -> Installation:
    """A business entity's company, read and published, and the sample operational system; nothing is mapped yet."""
    made = install("landscaping")
    token = made.emulator.grant(LANDSCAPING)
    connect_headless(made.store, made.settings, "us", LANDSCAPING, token, business_entity_id="be-landscaping")
    made.pull()
    make_sample(made.settings.ops_sample_path, date(2026, 3, 1))
    with open_ops(made.settings) as database:
        load_ops(database, made.warehouse, tmp_path / "dlt", made.store.clock)
    publish(made.warehouse, made.settings.analytics_path)
    return made


def _listed(run: Run, *arguments: str) -> dict[tuple[str, str], dict[str, str]]:
    answer = run("map", "list", "--json", *arguments)
    assert answer.code == 0, answer.err
    return {(row["kind"], row["source_key"]): row for row in answer.json["us"]}


def test_a_company_is_mapped_from_a_first_look_to_a_file_and_back(
    run: Run,
    landscaping: Installation,
    tmp_path: Path,
) -> None:
    first = run("map", "propose", "--json")
    assert first.code == 1, first.err  # a person must decide some
    assert {"la-c-1014", "la-c-1015", "la-u-ned"} <= {each["source"] for each in first.json["blocked"]}
    assert run("map", "propose", "--json").json["linked"] == []

    proposed = _listed(run, "--status", "proposed")
    assert proposed["customer", "la-c-1015"]["qbo_name"] == "Weiskopf Consulting"
    invoice = Intent(
        realm_id=LANDSCAPING,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id="i-1",
        needs=(Need("Customer", "customer", "la-c-1015"),),
    )
    landscaping.store.outbox.intend(invoice)
    confirmed = run("map", "confirm", "customer", "la-c-1015")
    assert (confirmed.code, "Invoice for invoice:i-1" in confirmed.out) == (0, True)

    assert run("map", "set", "worker", "la-u-ned", "John Johnson").code == 0
    assert run("map", "set", "account", "4790", "Design income").code == 0
    assert run("map", "set", "customer", "la-c-1014", "new").code == 0
    assert run("map", "exclude", "item", "la-p-rounding", "--reason", "Never billed.").code == 0
    held = _listed(run)
    assert held["worker", "la-u-ned"]["target"] == "Employee"
    assert held["account", "4790"]["qbo_name"] == "Design income"
    assert held["customer", "la-c-1014"]["qbo_id"] == "new"
    assert held["item", "la-p-rounding"]["reason"] == "Never billed."

    file = tmp_path / "mappings.csv"
    assert run("map", "export", str(file)).code == 0
    for kind, source in held:
        assert run("map", "clear", kind, source).code == 0
    assert _listed(run) == {}
    assert run("map", "import", str(file)).code == 0
    again = _listed(run)
    wanted = {key: row["qbo_id"] for key, row in held.items() if row["status"] != "proposed"}
    assert {key: row["qbo_id"] for key, row in again.items()} == wanted


def test_a_file_with_a_bad_line_exits_with_1_and_names_it(run: Run, landscaping: Installation, tmp_path: Path) -> None:
    file = tmp_path / "mappings.csv"
    with file.open("w", newline="") as written:
        csv.writer(written).writerows(
            [("kind", "source_key", "qbo_id"), ("account", "1", "82"), ("account", "2", "9999")]
        )

    answer = run("map", "import", str(file))

    assert answer.code == 1
    assert "line 3: QuickBooks has no Account '9999'" in answer.err
    assert _listed(run) == {}


def test_what_was_made_since_the_last_sync_can_be_mapped_and_what_is_gone_cannot(
    run: Run,
    landscaping: Installation,
) -> None:
    made = landscaping.create("Customer", {"DisplayName": "Made just now"})
    landscaping.edit("Customer", "2", Active=False)

    assert run("map", "set", "customer", "c-new", made["Id"]).code == 0
    assert run("map", "set", "customer", "c-old", "3").code == 0
    inactive = run("map", "set", "customer", "c-gone", "2")
    assert (inactive.code, "Customer 2 is inactive" in inactive.err) == (1, True)
    missing = run("map", "set", "customer", "c-none", "99999")
    assert (missing.code, "has no Customer '99999'" in missing.err) == (1, True)

    landscaping.edit("Customer", "3", Active=False)
    landscaping.pull()
    publish(landscaping.warehouse, landscaping.settings.analytics_path)
    broken = run("map", "check", "--json")
    assert broken.code == 1
    assert [(each["source_key"], each["problem"]) for each in broken.json] == [
        ("c-old", "Customer 3 is inactive in QuickBooks.")
    ]


def test_wrong_usage_says_what_there_is(run: Run, landscaping: Installation) -> None:
    unknown = run("map", "clear", "supplier", "c-1")
    assert (unknown.code, "There are: customer, vendor" in unknown.err) == (2, True)
    nothing = run("map", "confirm", "customer", "c-1")
    assert (nothing.code, "Nothing is proposed for customer c-1" in nothing.err) == (1, True)
    assert run("map", "list", "--connection", "nobody").code == 2
