"""Reports as the client reads them: the text untouched, and QuickBooks' refusal of one too large in whatever form it comes."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline_tests.quickbooks.conftest import API

SENTENCE = "Unable to display more data. Please reduce the date range."
ADDRESS = f"{API}/reports/GeneralLedger"
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
DATE = {"Date": "Sun, 16 Aug 2026 17:00:05 GMT"}


def body(*cells: str) -> str:
    header = {"Time": "2026-08-16T10:00:00-07:00", "ReportName": "GeneralLedger"}
    rows = [{"ColData": [{"value": cell}], "type": "Data"} for cell in cells]
    return json.dumps({"Header": header, "Columns": {"Column": []}, "Rows": {"Row": rows}}, indent=1)


@responses.activate
def test_a_report_comes_as_quickbooks_wrote_it_with_its_own_time(client: QuickBooks):
    responses.get(ADDRESS, body=body("1"), headers=DATE)
    report = client.report("GeneralLedger", YEAR)
    assert report.payload.decode() == body("1")
    assert report.made_at == datetime(2026, 8, 16, 17, 0, tzinfo=UTC)
    asked = parse_qs(urlsplit(responses.calls[0].request.url).query)
    assert asked == {"start_date": ["2026-01-01"], "end_date": ["2026-12-31"], "minorversion": ["75"]}


FORMS = {
    "cut short": (200, body(*["-" * 50] * 1000, SENTENCE)),
    "a sentence": (200, SENTENCE),
    "a sentence in a report": (200, body(SENTENCE)),
    "a fault": (
        400,
        json.dumps({"Fault": {"Error": [{"code": "6000", "Message": SENTENCE}], "type": "ValidationFault"}}),
    ),
    "a page": (504, f"<html><body>{SENTENCE}</body></html>"),
}


@responses.activate
@pytest.mark.parametrize(("status", "text"), FORMS.values(), ids=FORMS)
def test_a_report_too_large_is_known_by_its_words_and_not_asked_for_again(client: QuickBooks, status: int, text: str):
    responses.get(ADDRESS, status=status, body=text, headers=DATE)
    with pytest.raises(errors.ReportTooLarge, match=r"GeneralLedger of 'main'.*shorter time"):
        client.report("GeneralLedger", YEAR)
    assert len(responses.calls) == 1


@responses.activate
def test_a_long_report_that_quotes_the_words_is_a_report(client: QuickBooks):
    text = body(*["-" * 50] * 1000, f"Told by support: {SENTENCE}")
    responses.get(ADDRESS, body=text, headers=DATE)
    assert client.report("GeneralLedger", YEAR).payload.decode() == text


@responses.activate
@pytest.mark.parametrize("text", ["{}", '{"Columns": {}, "Rows": {}}', '{"Header": {}, "Columns": {}, "Rows": {}}'])
def test_an_answer_that_is_no_report_is_not_taken_for_an_empty_one(client: QuickBooks, text: str):
    responses.get(ADDRESS, body=text, headers=DATE)
    with pytest.raises(errors.UnreadableAnswer):
        client.report("GeneralLedger", YEAR)


@responses.activate
def test_a_report_the_company_does_not_have_is_not_offered(client: QuickBooks):
    fault = {"Error": [{"code": "5020", "Message": "Permission Denied Error"}], "type": "ValidationFault"}
    responses.get(ADDRESS, status=400, json={"Fault": fault}, headers=DATE)
    with pytest.raises(errors.NotOffered):
        client.report("GeneralLedger", YEAR)
