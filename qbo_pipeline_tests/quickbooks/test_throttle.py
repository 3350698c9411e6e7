"""The limits as Intuit counts them: calls begun within any second and any minute, and calls at once."""

import threading
from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline_tests.quickbooks.conftest import ManualTime


def calls_begun(gaps: list[float]) -> list[float]:
    time = ManualTime()
    throttle = Throttle(monotonic=time.monotonic, sleep=time.sleep)
    begun = []
    for gap in gaps:
        time.seconds += gap
        with throttle.place():
            begun.append(time.seconds)
    return begun


def most_within(seconds: float, begun: list[float]) -> int:
    return max(sum(1 for other in begun if start <= other < start + seconds) for start in begun)


@given(st.lists(st.sampled_from([0.0, 0.01, 0.3, 1.0, 20.0]), min_size=1, max_size=700))
def test_no_second_and_no_minute_sees_more_calls_than_allowed(gaps):
    begun = calls_begun(gaps)
    assert most_within(1.0, begun) <= 10
    assert most_within(60.0, begun) <= 500


def test_the_limits_cost_no_more_than_they_must():
    assert calls_begun([0.0] * 10)[-1] == 0.0
    assert calls_begun([0.0] * 100)[-1] < 10.0
    assert calls_begun([0.0] * 1001)[-1] < 121.0


def test_a_pause_holds_back_the_calls_that_wait_already():
    time = ManualTime()

    def sleep_into_a_pause(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.slept) == 1:
            throttle.back_off(60)

    throttle = Throttle(per_second=1, monotonic=time.monotonic, sleep=sleep_into_a_pause)
    with throttle.place():
        pass
    with throttle.place():
        assert time.seconds >= 61.0


def test_the_calls_refused_in_one_burst_count_as_one_refusal():
    time = ManualTime()
    throttle = Throttle(monotonic=time.monotonic, sleep=time.sleep)
    for _ in range(8):
        throttle.back_off()
    with throttle.place():
        assert time.seconds == 2.0


def test_a_pause_of_one_company_holds_back_no_other():
    time = ManualTime()
    paused, other = (Throttle(monotonic=time.monotonic, sleep=time.sleep) for _ in range(2))
    paused.back_off(60)
    with other.place():
        assert time.seconds == 0.0


def test_no_more_than_eight_calls_are_under_way_at_once():
    throttle = Throttle()
    ninth_is_under_way = threading.Event()

    def call() -> None:
        with throttle.place():
            ninth_is_under_way.set()

    with ExitStack() as under_way:
        for _ in range(8):
            under_way.enter_context(throttle.place())
        ninth = threading.Thread(target=call)
        ninth.start()
        assert not ninth_is_under_way.wait(timeout=0.05)
    assert ninth_is_under_way.wait(timeout=5)
    ninth.join()
