"""Analysts query all the time while twenty syncs run: no query fails, and none sees a part of a sync."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from qbo_pipeline.orchestration.run import run_sync
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SYNCS = 20
# Every sync changes the same number in a document and in a list; whoever sees two different ones sees a part of a sync.
QUESTION = f"""
    select invoice.private_note, customer.company_name
    from qbo.invoice
    inner join qbo.customer on customer.realm_id = invoice.realm_id
    where invoice.realm_id = '{LANDSCAPING}' and invoice.id = '130' and customer.id = '1'
"""
# Asks until its input ends; prints each answer that differs from the one before, and at last how often it asked.
ANALYST = """
import select
import sys

import duckdb

from qbo_pipeline import analytics

habit, path, question = sys.argv[1:]
kept = duckdb.connect(path, read_only=True) if habit == "keeps a connection" else None


def ask():
    if kept:
        return kept.execute(question).fetchone()
    if habit == "asks for frames":
        return tuple(analytics.frame(question).iloc[0])
    with duckdb.connect(path, read_only=True) as opened:
        return opened.execute(question).fetchone()


times, last = 0, None
# A breath between two questions: analysts who spin would take the processors from the syncs they are to watch.
while not select.select([sys.stdin], [], [], 0.05)[0]:
    answer, times = ask(), times + 1
    if answer != last:
        print(*answer, flush=True)
        last = answer
print(times)
"""
HABITS = ("opens the file for each query", "asks for frames", "keeps a connection")


@contextmanager
def _analyst(habit: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", ANALYST, habit, str(path), QUESTION]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ), text=True
    ) as process:
        assert process.stdout.readline() == "0 0\n"
        yield process


def _answers(analyst: subprocess.Popen[str]) -> list[int]:
    """The numbers an analyst saw after the first, once nothing more is asked."""
    output, errors = analyst.communicate()
    assert analyst.returncode == 0, errors
    *answers, times = output.splitlines()
    assert int(times) > SYNCS
    seen = [tuple(map(int, answer.split())) for answer in answers]
    assert [note for note, name in seen if note != name] == []
    return [note for note, _ in seen]


def _sync(installation: Installation, number: int) -> None:
    installation.edit("Invoice", "130", PrivateNote=str(number))
    installation.edit("Customer", "1", CompanyName=str(number))
    run = run_sync(installation.settings, all_entities=False)
    assert run.succeeded, run.failures


def test_analysts_query_through_twenty_syncs_without_an_error(synced: Installation, definitions: object) -> None:
    _sync(synced, 0)
    with ExitStack() as at_work:
        asking = {habit: at_work.enter_context(_analyst(habit, synced.settings.analytics_path)) for habit in HABITS}
        for number in range(1, SYNCS + 1):
            _sync(synced, number)
        seen = {habit: _answers(analyst) for habit, analyst in asking.items()}
    assert seen.pop("keeps a connection") == []
    for answers in seen.values():
        assert answers == list(range(1, SYNCS + 1))
