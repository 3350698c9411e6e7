import json
import logging
import re
import socket
import statistics
import time
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
import requests

from qbo_pipeline.emulator import Emulator

ATOM = "{http://schema.intuit.com/finance/v3}"


def fault_of(answer):
    return answer.json()["Fault"]["Error"][0]


def test_every_answer_carries_quickbooks_headers(caller, clock):
    first, second = (caller.api("GET", "/preferences").headers for _ in range(2))
    assert first["Content-Type"] == "application/json;charset=UTF-8"
    assert first["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert re.fullmatch(r"total=\d+, db=\d+", first["Service-Time"])
    assert first["QBO-Version"]
    assert first["Strict-Transport-Security"]
    assert first["intuit_tid"] != second["intuit_tid"]
    assert parsedate_to_datetime(first["Date"]) == clock.now()


@pytest.mark.parametrize("version", ["", "?minorversion=4", "?minorversion=75", "?minorversion=none"])
def test_any_minor_version_is_the_newest(caller, version):
    answer = caller.api("GET", f"/invoice/10{version}")
    assert answer.status_code == 200
    assert answer.json()["Invoice"]["TotalAmt"] == 42.5


def test_a_statement_may_come_as_the_body(caller):
    headers = {"Content-Type": "application/text"}
    statement = "select * from Customer where DisplayName = 'Café Ñandú'"
    answer = caller.api("POST", "/query", data=statement.encode(), headers=headers)
    assert [customer["Id"] for customer in answer.json()["QueryResponse"]["Customer"]] == ["2"]


def test_a_statement_in_the_body_needs_its_own_content_type(caller):
    answer = caller.api("POST", "/query", json={"query": "select * from Customer"})
    assert (answer.status_code, fault_of(answer)["code"]) == (400, "500")


def test_a_query_without_a_statement_is_a_fault_inside_a_success(caller):
    answer = caller.api("GET", "/query")
    assert (answer.status_code, fault_of(answer)["code"]) == (200, "10000")


def test_a_raw_plus_in_a_statement_is_a_space(caller):
    answer = caller.api("GET", "/query?query=select+count(*)+from+Customer")
    assert answer.json()["QueryResponse"] == {"totalCount": 2}


def test_the_change_feed_answers(caller):
    answer = caller.api("GET", "/cdc", params={"entities": "Customer", "changedSince": "2026-07-31T00:00:00Z"})
    assert len(answer.json()["CDCResponse"][0]["QueryResponse"][0]["Customer"]) == 2


def test_a_record_is_written_and_a_request_id_is_written_once(caller):
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"DisplayName": "Written"})
    answers = [caller.api("POST", "/customer?requestid=r-1", data=body, headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert caller.query("select count(*) from Customer").json()["QueryResponse"] == {"totalCount": 3}


def test_a_body_that_is_not_utf_8_is_refused(caller):
    headers = {"Content-Type": "application/json"}
    answer = caller.api("POST", "/customer", data='{"DisplayName":"Café"}'.encode("latin-1"), headers=headers)
    assert answer.status_code == 400
    assert "MalformedByteSequence" in fault_of(answer)["Detail"]


def test_a_write_needs_a_json_content_type(caller):
    answer = caller.api("POST", "/customer", data="<Customer/>", headers={"Content-Type": "application/xml"})
    assert (answer.status_code, fault_of(answer)["code"]) == (400, "500")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/account"), ("DELETE", "/invoice/10"), ("GET", "/reports"), ("GET", "")]
)
def test_an_operation_quickbooks_lacks_is_refused(caller, method, path):
    answer = caller.api(method, path)
    assert (answer.status_code, fault_of(answer)["code"]) == (400, "500")


def test_a_path_quickbooks_lacks_is_not_found(caller):
    answer = caller.http.get(caller.emulator.url + "/v4/anything", headers={"Accept": "application/json"}, timeout=10)
    assert (answer.status_code, fault_of(answer)["code"]) == (404, "500")


def test_company_info_is_read_under_its_own_realm_only(caller):
    assert caller.api("GET", f"/companyinfo/{caller.realm}").json()["CompanyInfo"]["Id"] == "1"
    answer = caller.api("GET", "/companyinfo/1")
    assert (answer.status_code, fault_of(answer)["code"]) == (400, "610")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer garbage", "Basic abc", "Bearer " + "x" * 5000])
def test_a_missing_or_garbled_token_gets_the_gateway_s_refusal(caller, header):
    answer = caller.api("GET", "/preferences", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json().keys() >= {"warnings", "intuitObject", "fault", "queryResponse", "cdcresponse", "time"}
    assert answer.json()["fault"] == {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail": "Malformed bearer token: too short or too long",
                "code": "3200",
                "element": None,
            }
        ],
        "type": "AUTHENTICATION",
    }
    assert isinstance(answer.json()["time"], int)


def test_an_expired_token_gets_its_own_detail(caller, clock):
    clock.advance(3600)
    answer = caller.api("GET", "/preferences")
    assert answer.status_code == 401
    assert answer.json()["fault"]["error"][0]["detail"].startswith("Token expired")
    assert caller.token not in answer.text


@pytest.mark.parametrize("realm", ["9341450000000078", "not-a-realm"])
def test_a_company_the_token_is_not_for_is_forbidden(caller, realm):
    answer = caller.api("GET", "/preferences", realm=realm)
    assert answer.status_code == 403
    (error,) = answer.json()["fault"]["error"]
    assert (error["code"], error["detail"]) == ("3100", None)
    assert answer.json()["fault"]["type"] == "SERVICE"


def test_production_keys_do_not_reach_a_sandbox_company(caller):
    caller.admin("POST", "apps", {"client_id": "live", "client_secret": "s", "environment": "production"})
    caller.token = caller.admin("POST", "grants", {"client_id": "live", "realm_id": caller.realm}).json()[
        "access_token"
    ]
    assert caller.api("GET", "/preferences").status_code == 403


def xml(caller, path):
    answer = caller.api("GET", path, headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"] == "application/xml;charset=UTF-8"
    return answer.status_code, ElementTree.fromstring(answer.content)


def test_who_does_not_accept_json_gets_xml(caller):
    status, root = xml(caller, "/invoice/10")
    assert (status, root.tag) == (200, ATOM + "IntuitResponse")
    assert root.get("time")
    invoice = root.find(ATOM + "Invoice")
    assert (invoice.get("domain"), invoice.get("sparse")) == ("QBO", "false")
    customer = invoice.find(ATOM + "CustomerRef")
    assert (customer.text, customer.get("name")) == ("1", "Brook & Dale")
    assert [line.findtext(ATOM + "Amount") for line in invoice.findall(ATOM + "Line")] == ["42.5", "42.5"]
    assert invoice.findtext(f"{ATOM}MetaData/{ATOM}CreateTime") == "2026-08-01T08:00:00-07:00"


def test_a_page_in_xml_has_its_figures_as_attributes(caller):
    _, root = xml(caller, "/query?query=select * from Customer orderby Id")
    page = root.find(ATOM + "QueryResponse")
    assert (page.get("startPosition"), page.get("maxResults")) == ("1", "2")
    assert [customer.findtext(ATOM + "DisplayName") for customer in page] == ["Brook & Dale", "Café Ñandú"]


def test_a_fault_in_xml(caller):
    status, root = xml(caller, "/invoice/99")
    error = root.find(f"{ATOM}Fault/{ATOM}Error")
    assert (status, error.get("code")) == (400, "610")
    assert error.findtext(ATOM + "Message") == "Object Not Found"


def test_reading_is_metered_and_writing_and_failing_are_not(caller):
    caller.query("select * from Customer")
    caller.api("GET", "/customer/1")
    caller.api("GET", "/cdc", params={"entities": "Customer", "changedSince": "2026-08-01T00:00:00Z"})
    caller.api("POST", "/customer", data='{"DisplayName": "W"}', headers={"Content-Type": "application/json"})
    caller.api("GET", "/customer/99")
    caller.api("GET", "/preferences", headers={"Authorization": "Bearer x"})
    calls = caller.admin("GET", "calls").json()[caller.realm]
    assert (calls["calls"], calls["metered"], calls["failed"]) == (6, 3, 2)
    assert calls["by_kind"] == {"query": 1, "read": 3, "cdc": 1, "write": 1}
    caller.admin("DELETE", "calls")
    assert caller.admin("GET", "calls").json() == {}


def test_a_connection_kept_alive_answers_in_about_a_millisecond(caller):
    seconds = []
    for _ in range(50):
        started = time.perf_counter()
        caller.api("GET", "/customer/1")
        seconds.append(time.perf_counter() - started)
    # Nagle's algorithm against delayed acknowledgements would make it 40 ms; a busy machine makes it a few.
    assert statistics.median(seconds) < 0.02


def test_latency_slows_every_answer(start):
    caller = start(latency_ms=100)
    started = time.perf_counter()
    caller.api("GET", "/preferences")
    assert time.perf_counter() - started >= 0.1


def test_a_stopped_emulator_answers_nobody_not_even_on_an_open_connection(tiny_company):
    with Emulator([tiny_company]) as emulator:
        http = requests.Session()
        assert http.get(emulator.url + "/admin/companies", timeout=10).status_code == 200
    with pytest.raises(requests.ConnectionError):
        http.get(emulator.url + "/admin/companies", timeout=10)


def test_a_port_is_free_again_at_once(tiny_company):
    with Emulator([tiny_company]) as emulator:
        requests.get(emulator.url + "/admin/companies", timeout=10)
        port = int(emulator.url.rpartition(":")[2])
    with Emulator([tiny_company], port=port) as again:
        assert again.url == emulator.url


def test_it_listens_on_loopback_only(caller):
    port = int(caller.emulator.url.rpartition(":")[2])
    with socket.socket() as elsewhere, pytest.raises(OSError):
        elsewhere.connect(("127.0.0.2", port))


def test_a_body_without_a_length_is_refused(caller):
    answer = caller.api("POST", "/customer", data=iter([b"{}"]))
    assert answer.status_code == 411


def test_nothing_secret_reaches_the_log(caller, caplog):
    with caplog.at_level(logging.DEBUG):
        refresh_token = caller.emulator.grant(caller.realm)
        caller.refresh(refresh_token)
        caller.query("select * from Customer where DisplayName = 'Brook'")
    logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith("qbo_pipeline"))
    assert "/query" in logged
    for secret in (refresh_token, caller.token, "emulator-secret", "Brook"):
        assert secret not in logged
        assert secret not in repr(caller.emulator.grants.issue("emulator-client", caller.realm))
