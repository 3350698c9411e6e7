"""Reports as a caller gets them over HTTP, and short ways to read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import requests

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.emulator.clock import ManualClock

Report = dict[str, Any]
Row = dict[str, Any]

RECORDED_DAY = date(2024, 5, 29)
_NO_LIMITS = {"limit_per_minute": 0, "limit_per_second": 0, "limit_concurrent": 0}


class Reader:
    """An emulator with some companies on a clock that stands at three in the afternoon of a day in California."""

    def __init__(self, *companies: str, day: date = RECORDED_DAY, **settings: Any) -> None:
        clock = ManualClock(datetime(day.year, day.month, day.day, 22, tzinfo=UTC))
        self.emulator = Emulator(companies, as_of=day, settings=EmulatorSettings(**_NO_LIMITS, **settings), clock=clock)
        self.realms = list(self.emulator.companies)
        self._http = requests.Session()

    def close(self) -> None:
        self._http.close()
        self.emulator.close()

    def call(self, path: str, realm: str | None = None, accept: str = "application/json", **params: str) -> Any:
        """An answer under the company's address, the first company's unless told."""
        realm = realm or self.realms[0]
        token = self.emulator.grants.issue("emulator-client", realm).access_token
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        url = f"{self.emulator.api_url}/v3/company/{realm}{path}"
        return self._http.get(url, params=params, headers=headers, timeout=30)

    def report(self, name: str, realm: str | None = None, **params: str) -> Report:
        """A report's body."""
        answer = self.call(f"/reports/{name}", realm, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, name: str, **params: str) -> tuple[int, str]:
        """The status and code a report's call is refused with."""
        answer = self.call(f"/reports/{name}", **params)
        return answer.status_code, answer.json()["Fault"]["Error"][0]["code"]

    def write(self, entity: str, **content: Any) -> Row:
        """Create a record."""
        realm = self.realms[0]
        token = self.emulator.grants.issue("emulator-client", realm).access_token
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        url = f"{self.emulator.api_url}/v3/company/{realm}/{entity}"
        answer = self._http.post(url, json=content, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return next(iter(answer.json().values()))


def rows_of(report: Report) -> list[Row]:
    return report["Rows"].get("Row", [])


def titles(report: Report) -> list[str]:
    return [column["ColTitle"] for column in report["Columns"]["Column"]]


def outline(report: Report) -> str:
    """A report's rows, one line each: see `recorded`."""
    return "".join(f"{line}\n" for line in _lines(rows_of(report), 0))


def cells_of(row: Row, part: str) -> list[str]:
    """The values of a row's heading, data or total."""
    cells = row.get("ColData", []) if part == "ColData" else row.get(part, {}).get("ColData", [])
    return [cell["value"] for cell in cells]


def every_row(rows: list[Row]) -> Iterator[Row]:
    """Rows and those inside them."""
    for row in rows:
        yield row
        yield from every_row(row.get("Rows", {}).get("Row", []))


def group(report: Report, name: str) -> Row:
    """The row or section of a group: "TotalAssets"."""
    return next(row for row in every_row(rows_of(report)) if row.get("group") == name)


def total(report: Report, name: str) -> list[Decimal]:
    """The amounts of a group's total."""
    row = group(report, name)
    return amounts(cells_of(row, "Summary") or cells_of(row, "ColData"))


def amounts(values: list[str]) -> list[Decimal]:
    """The amounts after a name."""
    return [Decimal(value or 0) for value in values[1:]]


def by_account(report: Report) -> dict[str, list[Decimal]]:
    """What accounts themselves show in a statement or a trial balance, by id."""
    shown = {}
    for row in every_row(rows_of(report)):
        cells = row.get("ColData") or row.get("Header", {}).get("ColData", [])
        if cells and "id" in cells[0] and any(cell["value"] for cell in cells[1:]):
            shown[cells[0]["id"]] = amounts([cell["value"] for cell in cells])
    return shown


def _lines(rows: list[Row], depth: int) -> Iterator[str]:
    for row in rows:
        for part in ("Header", "ColData"):
            if cells := row.get(part, {}).get("ColData") if part == "Header" else row.get(part):
                yield _line(cells, depth)
        yield from _lines(row.get("Rows", {}).get("Row", []), depth + 1)
        if cells := row.get("Summary", {}).get("ColData"):
            yield _line(cells, depth)


def _line(cells: list[dict[str, str]], depth: int) -> str:
    name, *values = cells
    marked = f" #{name['id']}" if "id" in name else ""
    shown = " ".join(cell["value"] or ("-" if len(values) > 1 else "") for cell in values)
    return "  " * depth + name["value"] + marked + (f": {shown}" if shown else "")
