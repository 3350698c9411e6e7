import pytest
import requests


def edit(caller, **edit):
    return caller.admin("POST", f"companies/{caller.realm}/edits", edit)


def test_companies_are_listed_and_added(caller):
    assert caller.admin("GET", "companies").json() == [{"realm_id": caller.realm, "name": "Tiny"}]
    added = caller.admin("POST", "companies", {"name": "generated:10"}).json()
    caller.token = caller.admin("POST", "grants", {"realm_id": added["realm_id"]}).json()["access_token"]
    counted = caller.query("select count(*) from Invoice", realm=added["realm_id"]).json()
    assert counted["QueryResponse"] == {"totalCount": 10}


def test_an_unknown_company_is_refused_with_the_known_ones(caller):
    refused = caller.admin("POST", "companies", {"name": "nothing"})
    assert refused.status_code == 400
    assert "landscaping" in refused.json()["error"]


def test_one_realm_is_not_served_twice(caller, tiny_company):
    with pytest.raises(ValueError, match=caller.realm):
        caller.emulator.add_companies([tiny_company])


def test_a_grant_opens_the_company_to_the_app(caller):
    granted = caller.admin("POST", "grants", {"realm_id": caller.realm, "client_id": "other-client"}).json()
    assert caller.refresh(granted["refresh_token"], ("other-client", "other-secret")).status_code == 200
    caller.token = granted["access_token"]
    assert caller.api("GET", "/preferences").status_code == 200


@pytest.mark.parametrize("order", [{"realm_id": "1"}, {"realm_id": "9341450000000077", "client_id": "nobody"}])
def test_a_grant_for_nobody_is_refused(caller, order):
    assert caller.admin("POST", "grants", order).status_code == 404


def test_apps_are_listed_without_their_secrets(caller):
    caller.admin("POST", "apps", {"client_id": "hosted", "client_secret": "hush-hush"})
    listed = caller.admin("GET", "apps")
    assert [app["client_id"] for app in listed.json()] == ["emulator-client", "other-client", "hosted"]
    assert "secret" not in listed.text
    assert caller.admin("POST", "apps", {"client_id": "hosted", "client_secret": "x"}).status_code == 409


def test_settings_are_read_and_changed_while_it_runs(caller):
    assert caller.admin("GET", "settings").json()["query_cap"] == 1000
    assert caller.admin("PATCH", "settings", {"query_cap": 1}).json()["query_cap"] == 1
    page = caller.query("select * from Customer maxresults 1000").json()["QueryResponse"]
    assert page["maxResults"] == 1


@pytest.mark.parametrize("change", [{"no_such": 1}, {"query_cap": "many"}, {"query_over_cap": "explode"}])
def test_a_setting_that_cannot_be_is_refused_and_nothing_changes(caller, change):
    before = caller.admin("GET", "settings").json()
    assert caller.admin("PATCH", "settings", {"latency_ms": 5} | change).status_code == 400
    assert caller.admin("GET", "settings").json() == before


def test_the_clock_is_moved(caller, clock):
    before = clock.now()
    caller.admin("POST", "clock", {"advance_seconds": 3600})
    assert (clock.now() - before).total_seconds() == 3600
    assert caller.api("GET", "/preferences").status_code == 401


def test_a_person_edits_deletes_and_voids_behind_the_client_s_back(caller):
    assert edit(caller, entity="Customer", id="1", changes={"CompanyName": "Changed"}).status_code == 200
    assert caller.api("GET", "/customer/1").json()["Customer"]["CompanyName"] == "Changed"
    assert edit(caller, entity="Invoice", id="10", void=True).status_code == 200
    assert caller.api("GET", "/invoice/10").json()["Invoice"]["TotalAmt"] == 0
    assert edit(caller, entity="Invoice", id="10", delete=True).status_code == 200
    assert caller.api("GET", "/invoice/10").status_code == 400


def test_a_person_merges_customers(caller):
    assert edit(caller, entity="Customer", id="1", merge_into="2").status_code == 200
    assert caller.api("GET", "/customer/1").json()["Customer"]["Active"] is False
    assert caller.api("GET", "/invoice/10").json()["Invoice"]["CustomerRef"]["value"] == "2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"entity": "Customer", "id": "1"},
        {"entity": "Customer", "id": "1", "delete": True, "void": True},
        {"entity": "Customer", "id": "99", "changes": {}},
        {"entity": "Nothing", "id": "1", "changes": {}},
    ],
)
def test_an_edit_that_cannot_be_is_refused(caller, wrong):
    assert edit(caller, **wrong).status_code == 400


def test_an_owner_disconnects_the_app(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    assert caller.admin("POST", "revoke", {"realm_id": caller.realm}).json() == {"revoked": 2}
    assert caller.refresh(refresh_token).json()["error"] == "invalid_grant"
    assert caller.api("GET", "/preferences").status_code == 403


def test_access_tokens_expire_on_demand_and_refresh_tokens_do_not(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    assert caller.admin("POST", "expire", {"realm_id": caller.realm}).json() == {"expired": 2}
    assert caller.api("GET", "/preferences").status_code == 401
    caller.token = caller.refresh(refresh_token).json()["access_token"]
    assert caller.api("GET", "/preferences").status_code == 200


def test_what_is_no_admin_endpoint_says_so(caller):
    assert caller.admin("GET", "nothing").status_code == 404
    not_json = requests.post(f"{caller.emulator.url}/admin/grants", data="{", timeout=10)
    assert not_json.status_code == 400
