"""The owner's report: the books of one company in a file that needs nothing else."""

import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qbo_pipeline.owner_report.figures import AgedParty, Company, Figures, SyncRun, companies, figures
from qbo_pipeline.owner_report.page import PARTIES_SHOWN, page
from qbo_pipeline.owner_report.write import write_reports
from qbo_pipeline_tests.installation import LANDSCAPING

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Cells(HTMLParser):
    """The text of each row of each table, cell by cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        self._in_cell = tag in {"td", "th"}
        if self._in_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


@pytest.fixture
def reports(synced_home: Path, clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The reports of the synced companies, by connection."""
    clean_environment.setenv("QBO_HOME", str(synced_home))
    return {name: path.read_text("utf-8") for name, path in write_reports(tmp_path / "reports").items()}


def test_the_statements_are_those_of_the_books(reports: dict[str, str]) -> None:
    rows = {row[0]: row[1:] for row in Cells(reports["us"]).rows if row}
    assert rows["Total assets"][0] == "23,436.29"
    assert rows["Total liabilities"][0] == "31,131.33"
    assert rows["Accounts Receivable (A/R)"][0] == "5,281.52"
    assert rows["Accounts Payable (A/P)"][0] == "1,602.67"
    assert rows["Opening Balance Equity"][0] == "(9,337.50)"


def test_ageing_adds_up_to_what_customers_owe(synced_home: Path, clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("QBO_HOME", str(synced_home))
    [company] = [each for each in companies() if each.realm_id == LANDSCAPING]
    shown = figures(company)
    assert sum(party.total for party in shown.receivable) == shown.months[-1]["ar_balance"] == Decimal("5281.52")
    assert all(sum(party.buckets) == party.total for party in shown.receivable + shown.payable)


def test_the_file_asks_for_nothing_from_elsewhere(reports: dict[str, str]) -> None:
    for text in reports.values():
        assert not re.findall(r"<(?:script|link|img|iframe)\b|url\(\s*['\"]?http|@import", text)
        assert text.count("<svg") == 3


def test_one_company_is_not_in_the_report_of_another(reports: dict[str, str]) -> None:
    assert "Amy's Bird Sanctuary" not in reports["uk"]
    assert "Quillmere" not in reports["us"]


def test_a_name_is_text_and_no_markup() -> None:
    text = page(_figures([AgedParty("<script>alert(1)</script> & Söhne", (Decimal("1.10"),) * 5, Decimal("5.50"))]))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne" in text


def test_many_customers_end_in_one_line_and_nothing_is_left_out() -> None:
    parties = [AgedParty(f"Customer {n}", (Decimal(n), *[Decimal(0)] * 4), Decimal(n)) for n in range(40, 0, -1)]
    rows = Cells(page(_figures(parties))).rows
    shown = [row for row in rows if row and row[0].startswith("Customer ")]
    assert len(shown) == PARTIES_SHOWN
    assert ["30 others", "465.00", "0.00", "0.00", "0.00", "0.00", "465.00"] in rows
    assert ["Total", "820.00", "0.00", "0.00", "0.00", "0.00", "820.00"] in rows


def test_a_company_without_books_or_reports_has_a_page_that_says_so() -> None:
    text = page(_figures([]))
    assert "Nothing is open." in text
    assert "have not been read yet" in text


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_the_page_without_an_error(reports: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "us.html"
    file.write_text(reports["us"], "utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [CHROMIUM, *arguments, file.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    assert Cells(shown.stdout).rows == Cells(reports["us"]).rows


def _figures(receivable: list[AgedParty]) -> Figures:
    return Figures(
        company=Company("1", "A & B", "USD", date(2026, 2, 28), "ab"),
        months=[],
        profit_and_loss=[],
        balance_sheet=[],
        bucket_names=("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over"),
        receivable=receivable,
        payable=[],
        ties=[],
        untied=[],
        runs=list[SyncRun](),
    )
