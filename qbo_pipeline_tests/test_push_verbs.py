"""`qbo-pipeline push --source KIND:ID`: a person says which document of QuickBooks it is, or has it pushed again."""
# ruff: noqa: F811 - fixtures have the names of what they give

from collections.abc import Callable
from datetime import date

import pytest

from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.state.intents import Intent, IntentState
from qbo_pipeline_tests.installation import LANDSCAPING, Installation
from qbo_pipeline_tests.test_cli import Run, run  # noqa: F401 - the program, run in this process


@pytest.fixture
def waiting(install: Callable[..., Installation]) -> Installation:
    """A company with an invoice in its outbox that may be one of its books."""
    made = install("landscaping")
    made.connect("us", LANDSCAPING)
    intent = made.store.outbox.intend(_invoice("i-1"))
    made.store.outbox.hold_back(intent.intent_key, "Invoice 130 has the same customer, day and total in the books.")
    return made


def _invoice(source_id: str) -> Intent:
    return Intent(
        realm_id=LANDSCAPING, target="Invoice", operation="create", source_kind="invoice", source_id=source_id
    )


def test_it_is_linked_to_the_one_a_person_names_and_its_story_says_so(run: Run, waiting: Installation) -> None:
    answer = run("push", "--connection", "us", "--source", "invoice:i-1", "--is", "130")

    assert answer.code == 0, answer.err
    assert " ".join(answer.out.split()) == "invoice:i-1 is Invoice 130 (number 1037, 362.07); it is not pushed."
    link = waiting.store.links.find(LANDSCAPING, "Invoice", "invoice", "i-1")
    assert (link.qbo_id, link.origin) == ("130", "manual")
    (told,) = run("why", "invoice:i-1", "--json").json["intents"]
    assert (told["state"], told["link"]["doc_number"], told["attempts"]) == ("pushed", "1037", [])


@pytest.mark.parametrize(
    ("source", "qbo_id", "said"),
    [
        ("invoice:i-1", "99999", "610"),
        ("invoice:i-2", "130", "known of 0 connections"),
        ("ticket:i-1", "130", "nothing"),
    ],
)
def test_what_cannot_be_that_one_says_why_and_stays_as_it_is(
    run: Run, waiting: Installation, source: str, qbo_id: str, said: str
) -> None:
    answer = run("push", "--connection", "us", "--source", source, "--is", qbo_id)

    assert answer.code == 1
    assert said in " ".join(answer.err.split())
    stands = waiting.store.outbox.get(_invoice("i-1").key)
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "maybe_in_books")
    assert waiting.store.links.of(LANDSCAPING) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--is", "130"],
        ["--again"],
        ["--source", "i-1", "--again"],
        ["--source", "invoice:i-1", "--again", "--is", "130"],
    ],
)
def test_neither_is_asked_for_without_a_source_or_with_the_other(
    run: Run, waiting: Installation, arguments: list[str]
) -> None:
    assert run("push", *arguments).code == 2
    assert waiting.store.outbox.get(_invoice("i-1").key).state is IntentState.BLOCKED


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("definitions", "unhurried")
def test_what_is_gone_is_pushed_again_and_what_is_there_is_not(run: Run, synced: Installation) -> None:
    store = synced.store
    make_sample(synced.settings.ops_sample_path, date(2026, 3, 31))
    store.connections.assign("us", "be-landscaping")
    store.push_settings.choose(LANDSCAPING, targets=("Invoice",))
    assert run("push", "--connection", "us", "--arm", "--go-live", "2026-03-20").code == 0
    source = ["push", "--connection", "us", "--source", "invoice:la-inv-5"]
    assert run(*source).code == 0
    first = store.links.find(LANDSCAPING, "Invoice", "invoice", "la-inv-5")
    assert first is not None

    there = run(*source, "--again")

    assert (there.code, store.links.find(LANDSCAPING, "Invoice", "invoice", "la-inv-5")) == (1, first)
    assert "still: it is not pushed again" in " ".join(there.err.split())

    synced.emulator.companies[LANDSCAPING].delete("Invoice", first.qbo_id)
    gone = run(*source, "--again")

    assert gone.code == 0, gone.err
    again = store.links.find(LANDSCAPING, "Invoice", "invoice", "la-inv-5")
    assert (again.doc_number, again.total) == (first.doc_number, first.total)
    assert again.qbo_id != first.qbo_id
    assert store.outbox.get(_invoice("la-inv-5").key).state is IntentState.PUSHED
