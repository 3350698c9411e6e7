"""Adjustments of monthly snapshots entered by hand: `QBO_HOME/snapshot_adjustments.csv` into `sync.snapshot_adjustment`.

The file has the columns `realm_id, month, measure, amount, explanation`. It is read whole before each build; without it the
table stays as it is, so that a file that got lost takes no adjustment with it: to remove all, leave only its first line.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from qbo_pipeline.warehouse.query import read_only

MEASURES = (
    *("ar_balance", "ap_balance", "open_invoices", "unapplied_payments", "unused_credits", "other_receivables"),
    *("revenue_paid_portion", "revenue_accrual", "revenue_cash", "expenses_accrual", "expenses_cash"),
    *("cash_collected", "billed_gross"),
)
_COLUMNS = ("realm_id", "month", "measure", "amount", "explanation")
_TABLE = """
create schema if not exists sync;
create table if not exists sync.snapshot_adjustment (
    realm_id varchar not null, month date not null, measure varchar not null, amount decimal(18, 2) not null,
    explanation varchar not null
);
"""


class SnapshotAdjustmentError(Exception):
    """The file of adjustments cannot be used; the message names every line that is wrong."""


@dataclass(frozen=True)
class SnapshotAdjustment:
    """What a person adds to one measure of one company's month, in home currency, and why."""

    realm_id: str
    month: date
    measure: str
    amount: Decimal
    explanation: str


def load_adjustments(connection: duckdb.DuckDBPyConnection, path: Path) -> int | None:
    """Replace the adjustments by those of the file; how many there are, or `None` where there is no file.

    Raises `SnapshotAdjustmentError` for a file that is wrong anywhere; then nothing is changed.
    """
    connection.execute(_TABLE)
    if not path.exists():
        return None
    adjustments = read_adjustments(path)
    connection.execute("begin")
    connection.execute("delete from sync.snapshot_adjustment")
    for each in adjustments:
        connection.execute(
            "insert into sync.snapshot_adjustment values (?, ?, ?, ?, ?)",
            [each.realm_id, each.month, each.measure, each.amount, each.explanation],
        )
    connection.execute("commit")
    return len(adjustments)


def read_adjustments(path: Path) -> list[SnapshotAdjustment]:
    """The adjustments of the file, every wrong line named at once."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            raise SnapshotAdjustmentError(
                f"Reading {path.name}: its first line must be `{','.join(_COLUMNS)}`. Nothing was changed; mend the file."
            )
        adjustments: list[SnapshotAdjustment] = []
        wrong: list[str] = []
        for number, row in enumerate(rows, start=2):
            problems = list(_problems(row))
            wrong += [f"line {number}: {problem}" for problem in problems]
            if not problems:
                adjustments.append(_adjustment(row))
    if wrong:
        raise SnapshotAdjustmentError(
            f"Reading {path.name}: {'; '.join(wrong)}. Nothing was changed; mend the file and run the sync again."
        )
    return adjustments


def has_new_adjustments(connection: duckdb.DuckDBPyConnection, published: Path) -> bool:
    """Whether the adjustments are other than those analysts see."""
    statement = "select * from sync.snapshot_adjustment order by all"
    entered = connection.execute(_TABLE + statement).fetchall()
    try:
        with read_only(published) as copy:
            return copy.execute(statement).fetchall() != entered
    except duckdb.Error:
        return bool(entered)


def _adjustment(row: dict[str, str]) -> SnapshotAdjustment:
    return SnapshotAdjustment(
        realm_id=row["realm_id"].strip(),
        month=_month(row["month"]),
        measure=row["measure"].strip(),
        amount=Decimal(row["amount"].strip()),
        explanation=row["explanation"].strip(),
    )


def _month(text: str) -> date:
    text = text.strip()
    return date.fromisoformat(f"{text}-01" if len(text) == len("2026-01") else text).replace(day=1)


def _problems(row: dict[str, str | None]) -> Iterator[str]:
    if None in row or None in row.values():
        yield f"it has not {len(_COLUMNS)} columns"
        return
    for name in ("realm_id", "explanation"):
        if not (row[name] or "").strip():
            yield f"{name} is empty"
    if (row["measure"] or "").strip() not in MEASURES:
        yield f"measure must be one of {', '.join(sorted(MEASURES))}"
    try:
        _month(row["month"] or "")
    except ValueError:
        yield "month is not written as 2026-01"
    try:
        amount = Decimal((row["amount"] or "").strip())
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount != round(amount, 2) or abs(amount) >= Decimal(10) ** 16:
        yield "amount is no number of at most two decimals"
