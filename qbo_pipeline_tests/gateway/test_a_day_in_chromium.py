"""A day of somebody in finance, in a real browser: what a push could not send is mapped, tried again, and goes."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_pipeline.gateway.gateway import open_gateway
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.run import FOR_RUN_TAG
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.gateway.chromium import PROGRAM, Chromium, chromium
from qbo_pipeline_tests.gateway.conftest import SECRET, TRIGGER, Running, served
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(PROGRAM is None, reason="needs Chromium: set QBO_TEST_CHROMIUM"),
]
BEARER = {"Authorization": f"Bearer {TRIGGER}"}


@pytest.fixture
def running(synced: Installation, clean_environment: pytest.MonkeyPatch) -> Iterator[Running]:
    """The gateway of a synced installation with the sample system, whose landscapers may be pushed to."""
    clean_environment.setenv("QBO_GATEWAY_SECRET", SECRET)
    clean_environment.setenv("QBO_TRIGGER_TOKEN", TRIGGER)
    make_sample(synced.settings.ops_sample_path, date(2026, 3, 31))
    synced.store.connections.assign("us", "be-landscaping")
    synced.store.push_settings.set_go_live(LANDSCAPING, date(2026, 2, 1))
    synced.store.push_settings.arm(LANDSCAPING)
    with ExitStack() as opened:
        gateway = opened.enter_context(open_gateway(synced.settings, "http://localhost"))
        url = opened.enter_context(served(gateway))
        object.__setattr__(gateway, "address", url)
        yield Running(gateway, synced, url)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    with chromium(tmp_path / "profile") as opened:
        yield opened


def test_what_a_triggered_push_left_is_mapped_and_retried_in_the_browser_and_goes(
    running: Running, browser: Chromium
) -> None:
    # One customer is refused, once.
    running.installation.script("/customer", times=1, status=400, code="6000", type="ValidationFault", message="A rule")
    order = {"connections": ["us"]}
    run_id = requests.post(f"{running.url}/trigger/push", json=order, headers=BEARER, timeout=30).json()["run_id"]

    told = _ended(running, run_id)

    assert told["status"] == "partly", running.gateway.runs.log_path(run_id).read_text()
    assert {each["state"] for each in told["documents"]} >= {"pushed", "failed"}
    with dagster_instance(running.installation.settings) as instance:
        assert instance.get_run_by_id(run_id).job_name == "push"
        assert instance.get_run_by_id(run_id).is_success
        derived = [each for each in instance.get_runs() if each.tags.get(FOR_RUN_TAG) == run_id]
        assert [each.is_success for each in derived] == [True]
    _mend_in_the_browser(running, browser)


def _mend_in_the_browser(running: Running, browser: Chromium) -> None:
    store = running.gateway.store
    refused, unmapped = (
        next(each for each in store.outbox.intents(LANDSCAPING) if each.reason_code == code)
        for code in ("refused_6000", "unmapped_customer")
    )
    waiting = {each.source_id: _waiting_for(running, each.source_id) for each in (refused, unmapped)}
    assert all(waiting.values())
    proposed = store.mappings.find(LANDSCAPING, "customer", unmapped.source_id).qbo_id

    browser.open(f"{running.url}/queue")
    browser.fill("#name", "Pat")
    browser.fill("#secret", SECRET)
    browser.click("Sign in")
    browser.wait("location.pathname === '/queue'")
    assert "A customer is not mapped" in browser.text
    browser.evaluate(f"document.querySelector('a.button[href*=\"source={unmapped.source_id}\"]').click()")
    browser.wait(f"document.querySelector('#new-source')?.value === '{unmapped.source_id}'")
    browser.fill("#new-qbo", f"Customer:{proposed}")
    browser.click("Map it")
    browser.wait("document.body.innerText.includes('done.')")
    assert store.links.find(LANDSCAPING, "Customer", "customer", unmapped.source_id).qbo_id == proposed

    browser.open(f"{running.url}/why?source=customer:{refused.source_id}")
    browser.wait("document.body.innerText.includes('6000')")
    browser.click("Retry")
    browser.wait("document.body.innerText.includes('with the next push')")
    browser.click("Push now")
    browser.wait("location.pathname.endsWith('/progress')")
    address = browser.url
    _ended(running, address.split("/")[-2])

    states = {each.intent_key: each.state for each in store.outbox.intents(LANDSCAPING)}
    assert states[refused.intent_key] == "pushed"
    assert {states[key] for keys in waiting.values() for key in keys} == {"pushed"}
    browser.open(address)
    browser.wait("document.body.innerText.includes('in QuickBooks')")
    assert browser.violations == []


def _waiting_for(running: Running, source_id: str) -> list[str]:
    """The invoices that need this customer, and nothing else that is not in QuickBooks."""
    outbox = running.gateway.store.outbox
    stuck = {each.source_id for each in outbox.intents(LANDSCAPING) if each.state in ("blocked", "failed")} - {
        source_id
    }
    invoices = [
        each.intent_key
        for each in outbox.intents(LANDSCAPING, states=[IntentState.BLOCKED])
        if each.target == "Invoice"
    ]
    needs = {key: {need.source_id for need in outbox.needs(key)} for key in invoices}
    return [key for key, sources in needs.items() if source_id in sources and not sources & stuck]


def _ended(running: Running, run_id: str, seconds: float = 700) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=30).json()
        if told["status"] != "running":
            return told
        time.sleep(3)
    raise AssertionError(f"run {run_id} did not end: {running.gateway.runs.log_path(run_id).read_text()}")
