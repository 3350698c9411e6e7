"""A general ledger report as QuickBooks sends it, of the rows a test names."""

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse

Row = tuple[str, str, str, str, str]
_KEYS = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")


def land_general_ledger(
    warehouse: TypedWarehouse, *rows: Row, start: str, end: str, fetched: str, loaded: str | None = None
) -> None:
    """Land a report over `start` to `end` of rows (account, date, type, transaction id, amount on the account's natural side)."""
    report_id = f"GeneralLedger {start} {end}"
    values = [REALM, report_id, "GeneralLedger", "Accrual", start, end, "{}", json.dumps(_report(rows)), fetched]
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            "insert into raw_qbo.report values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'load')", [*values, loaded or fetched]
        )


def _report(rows: tuple[Row, ...]) -> dict[str, Any]:
    columns = [{"ColTitle": key, "ColType": "String", "MetaData": [{"Name": "ColKey", "Value": key}]} for key in _KEYS]
    sections = [
        {
            "Header": {"ColData": [{"value": f"Account {account}", "id": account}, *[{"value": ""}] * 7]},
            "Rows": {"Row": [_line(row) for row in found]},
            "type": "Section",
        }
        for account, found in groupby(sorted(rows), key=itemgetter(0))
    ]
    return {
        "Header": {"ReportName": "GeneralLedger"},
        "Columns": {"Column": columns},
        "Rows": {"Row": sections},
    }


def _line(row: Row) -> dict[str, Any]:
    _, day, kind, transaction_id, amount = row
    texts = [day, kind, "", "", "", "-Split-", amount, amount]
    cells: list[dict[str, str]] = [{"value": text} for text in texts]
    cells[1]["id"] = transaction_id
    return {"ColData": cells, "type": "Data"}
