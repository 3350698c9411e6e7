from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.web.limits import RequestLimits


class Watch:
    """Seconds that pass when told to."""

    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


def limits(watch, per_minute=0, per_second=0, concurrent=0):
    settings = EmulatorSettings(limit_per_minute=per_minute, limit_per_second=per_second, limit_concurrent=concurrent)
    return RequestLimits(settings, watch)


def admitted(limits, realm_id="1", client_id="app"):
    try:
        limits.enter(realm_id, client_id)
    except QboFault as fault:
        assert fault.status == 429
        return False
    limits.leave(realm_id, client_id)
    return True


def test_the_second_slides(watch):
    ten_a_second = limits(watch, per_second=10)
    for tenth in range(10):
        watch.seconds = 0.5 + tenth / 100
        assert admitted(ten_a_second)
    watch.seconds = 1.49
    assert not admitted(ten_a_second)
    watch.seconds = 1.5
    assert admitted(ten_a_second)
    assert not admitted(ten_a_second)


def test_the_minute_slides(watch):
    five_a_minute = limits(watch, per_minute=5)
    for second in range(5):
        watch.seconds = second * 10
        assert admitted(five_a_minute)
    watch.seconds = 59.9
    assert not admitted(five_a_minute)
    watch.seconds = 60
    assert admitted(five_a_minute)
    assert not admitted(five_a_minute)


def test_a_refused_request_takes_no_room(watch):
    two_a_second = limits(watch, per_second=2)
    assert admitted(two_a_second)
    assert admitted(two_a_second)
    watch.seconds = 0.9
    assert not admitted(two_a_second)
    watch.seconds = 1.0
    assert admitted(two_a_second)
    assert admitted(two_a_second)


def test_each_pair_of_company_and_app_has_its_own_room(watch):
    one_a_second = limits(watch, per_second=1)
    assert admitted(one_a_second, "1", "app")
    assert admitted(one_a_second, "2", "app")
    assert admitted(one_a_second, "1", "other")
    assert not admitted(one_a_second, "1", "app")


def test_only_so_many_are_in_progress_at_once(watch):
    two_at_once = limits(watch, concurrent=2)
    two_at_once.enter("1", "app")
    two_at_once.enter("1", "app")
    assert not admitted(two_at_once)
    two_at_once.leave("1", "app")
    assert admitted(two_at_once)
    assert two_at_once.peak_concurrent("1") == 2


def test_a_clock_turned_back_does_not_shut_the_door(watch):
    one_a_second = limits(watch, per_second=1)
    watch.seconds = 1000
    assert admitted(one_a_second)
    watch.seconds = 0
    assert admitted(one_a_second)


def test_too_many_requests_get_the_recorded_json(start):
    caller = start(limit_per_minute=3)
    assert [caller.api("GET", "/preferences").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = caller.api("GET", "/preferences")
    assert refused.json().keys() == {"Fault", "time"}
    assert refused.json()["Fault"] == {
        "Error": [
            {
                "Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
                "Detail": "The request limit was reached.  Try again later",
                "code": "3001",
            }
        ],
        "type": "SERVICE",
    }
    assert "Retry-After" not in refused.headers


def test_too_many_requests_get_xml_where_json_is_not_accepted(start):
    caller = start(limit_per_minute=1)
    caller.api("GET", "/preferences")
    refused = caller.api("GET", "/preferences", headers={"Accept": "*/*"})
    assert refused.status_code == 429
    assert '<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded' in refused.text


def test_a_refusal_can_say_how_long_to_wait(start):
    caller = start(limit_per_minute=1, retry_after_header=True)
    caller.api("GET", "/preferences")
    assert caller.api("GET", "/preferences").headers["Retry-After"] == "60"


def test_moving_the_clock_opens_the_door_again(start):
    caller = start(limit_per_minute=1)
    caller.api("GET", "/preferences")
    assert caller.api("GET", "/preferences").status_code == 429
    caller.admin("POST", "clock", {"advance_seconds": 60})
    assert caller.api("GET", "/preferences").status_code == 200


def test_slow_answers_fill_the_places_at_once(start):
    caller = start(limit_concurrent=2, latency_ms=300)
    headers = {"Authorization": f"Bearer {caller.token}", "Accept": "application/json"}
    url = f"{caller.emulator.api_url}/v3/company/{caller.realm}/preferences"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: requests.get(url, headers=headers, timeout=10).status_code, range(4)))
    assert sorted(answers) == [200, 200, 429, 429]
    calls = caller.admin("GET", "calls").json()[caller.realm]
    assert (calls["throttled"], calls["peak_concurrent"]) == (2, 2)


def test_admin_and_tokens_are_not_limited(start):
    caller = start(limit_per_minute=1)
    caller.api("GET", "/preferences")
    assert caller.admin("GET", "calls").status_code == 200
    assert caller.refresh(caller.emulator.grant(caller.realm)).status_code == 200
