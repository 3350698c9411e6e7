import json
import time

import pytest
import requests

STATEMENT = "select * from Customer orderby Id"


def script(caller, *rules):
    assert caller.admin("POST", "faults", list(rules)).json() == {"added": len(rules)}


def statuses(caller, number, path="/preferences"):
    return [caller.api("GET", path).status_code for _ in range(number)]


def test_a_rule_skips_then_acts_then_is_used_up(caller):
    script(caller, {"match": {"path": "/preferences"}, "skip": 1, "times": 2, "then": {"status": 503}})
    assert statuses(caller, 5) == [200, 503, 503, 200, 200]
    (rule,) = caller.admin("GET", "faults").json()
    assert (rule["matched"], rule["acted"]) == (3, 2)


def test_rules_with_one_match_act_in_order(caller):
    script(caller, {"then": {"status": 500}}, {"then": {"status": 429}}, {"then": {"status": 404}})
    assert statuses(caller, 4) == [500, 429, 404, 200]


def test_a_rule_can_act_for_ever_until_cleared(caller):
    script(caller, {"times": 0, "then": {"status": 502}})
    assert statuses(caller, 3) == [502, 502, 502]
    caller.admin("DELETE", "faults")
    assert statuses(caller, 1) == [200]


def test_a_rule_matches_by_method_realm_and_statement(caller):
    script(
        caller,
        {"match": {"realm": "9341450000000078"}, "then": {"status": 500}},
        {"match": {"method": "post", "path": "/preferences"}, "then": {"status": 501}},
        {"match": {"path": r"query=.*from customer\b"}, "times": 2, "then": {"status": 502}},
    )
    assert statuses(caller, 1) == [200]
    assert caller.query("select count(*) from Invoice").status_code == 200
    assert caller.query(STATEMENT).status_code == 502
    as_body = caller.api("POST", "/query", data=STATEMENT, headers={"Content-Type": "application/text"})
    assert as_body.status_code == 502


@pytest.mark.parametrize(
    ("form", "content_type", "piece"),
    [
        ("A", "application/json", '{"Fault":{"Error":[{"Message":"Stale Object Error"'),
        ("B", "application/json", '"fault":{"error":[{"message":"Stale Object Error"'),
        ("xml", "application/xml", '<Error code="5010"><Message>Stale Object Error</Message>'),
        ("html", "text/html", "<h1>400 Bad Request</h1>"),
        ("empty", None, ""),
    ],
)
def test_a_status_comes_with_any_body_form(caller, form, content_type, piece):
    script(caller, {"then": {"status": 400, "form": form, "code": "5010", "message": "Stale Object Error"}})
    answer = caller.api("GET", "/preferences")
    assert answer.status_code == 400
    assert (answer.headers.get("Content-Type") or "").partition(";")[0] == (content_type or "")
    assert piece in answer.text
    assert bool(answer.content) == bool(piece)


def test_a_fault_can_hide_inside_a_success_and_is_not_metered(caller):
    script(caller, {"then": {"status": 200}})
    answer = caller.query(STATEMENT)
    assert answer.status_code == 200
    assert answer.json()["Fault"]["type"] == "SystemFault"
    calls = caller.admin("GET", "calls").json()[caller.realm]
    assert (calls["calls"], calls["failed"], calls["metered"]) == (1, 1, 0)


def test_a_status_carries_the_headers_told(caller):
    script(caller, {"then": {"status": 429, "headers": {"Retry-After": "7"}}})
    assert caller.api("GET", "/preferences").headers["Retry-After"] == "7"


def test_a_gateway_page_can_stand_before_the_token_endpoint_of_one_company(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    rule = {"match": {"path": "/tokens/bearer", "realm": caller.realm}, "then": {"status": 503, "form": "html"}}
    script(caller, rule)
    assert caller.refresh("AB11other").status_code == 400
    assert caller.refresh(refresh_token).status_code == 503
    assert caller.refresh(refresh_token).status_code == 200


def new_customer(caller, name):
    headers = {"Content-Type": "application/json"}
    return caller.api("POST", "/customer", data=json.dumps({"DisplayName": name}), headers=headers)


def has_customer(caller, name):
    answer = caller.query(f"select count(*) from Customer where DisplayName = '{name}'")
    return answer.json()["QueryResponse"]["totalCount"] == 1


@pytest.mark.parametrize(("action", "is_written"), [("reset_before", False), ("reset_after", True)])
def test_a_reset_comes_before_or_after_the_work(caller, action, is_written):
    script(caller, {"match": {"method": "POST"}, "then": {"action": action}})
    with pytest.raises(requests.ConnectionError, match="reset"):
        new_customer(caller, "Reset & Sons")
    assert has_customer(caller, "Reset & Sons") is is_written


def test_a_refresh_whose_answer_is_lost_has_still_replaced_the_token(caller, clock):
    refresh_token = caller.emulator.grant(caller.realm)
    clock.advance(86_400)
    script(caller, {"match": {"path": "/tokens/bearer"}, "then": {"action": "reset_after"}})
    with pytest.raises(requests.ConnectionError):
        caller.refresh(refresh_token)
    assert caller.refresh(refresh_token).json()["error"] == "invalid_grant"


def test_a_truncated_body_ends_before_its_length(caller):
    script(caller, {"then": {"action": "truncate"}})
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError), match="IncompleteRead"):
        caller.query(STATEMENT)
    assert caller.query(STATEMENT).status_code == 200


def test_a_slow_body_arrives_whole_in_the_end(caller):
    script(caller, {"then": {"action": "slow", "seconds": 0.05}})
    started = time.monotonic()
    answer = caller.query(STATEMENT)
    assert time.monotonic() - started >= 0.35
    assert len(answer.json()["QueryResponse"]["Customer"]) == 2


def test_a_slow_body_outlasts_a_reader_s_patience(caller):
    script(caller, {"then": {"action": "slow", "seconds": 0.5}})
    url = f"{caller.emulator.api_url}/v3/company/{caller.realm}/preferences"
    with pytest.raises((requests.Timeout, requests.ConnectionError), match="timed out"):
        _ = requests.get(url, headers={"Authorization": f"Bearer {caller.token}"}, timeout=0.1).content


def test_a_delay_only_delays(caller):
    script(caller, {"then": {"action": "delay", "seconds": 0.2}})
    started = time.monotonic()
    assert statuses(caller, 1) == [200]
    assert time.monotonic() - started >= 0.2


def test_a_stale_read_shows_the_record_before_its_last_change(caller):
    edit = {"entity": "Customer", "id": "1", "changes": {"CompanyName": "Brook & Dale Ltd"}}
    assert caller.admin("POST", f"companies/{caller.realm}/edits", edit).status_code == 200
    script(caller, {"match": {"path": "/customer/1"}, "then": {"action": "stale_read"}})
    stale, fresh = (caller.api("GET", "/customer/1").json()["Customer"] for _ in range(2))
    assert "CompanyName" not in stale
    assert fresh["CompanyName"] == "Brook & Dale Ltd"
    assert int(stale["SyncToken"]) < int(fresh["SyncToken"])


def test_a_token_can_expire_under_a_call(caller):
    script(caller, {"skip": 1, "then": {"action": "expire_token"}})
    assert statuses(caller, 3) == [200, 401, 401]


def test_a_connection_can_be_revoked_under_a_call(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    script(caller, {"skip": 1, "then": {"action": "revoke"}})
    assert statuses(caller, 2) == [200, 403]
    assert caller.refresh(refresh_token).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"then": {}},
        {"then": {"status": 500, "action": "slow"}},
        {"then": {"status": 99}},
        {"then": {"action": "explode"}},
        {"then": {"status": 500}, "tiems": 2},
        {"then": {"status": 500}, "match": {"path": "("}},
        {"then": {"status": 500}, "skip": -1},
    ],
)
def test_a_rule_that_is_none_is_refused(caller, rule):
    refused = caller.admin("POST", "faults", rule)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("Not a rule for a fault")
    assert caller.admin("GET", "faults").json() == []
