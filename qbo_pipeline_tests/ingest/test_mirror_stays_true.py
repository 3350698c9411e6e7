"""Whatever people do in a company, in whatever order calls fail and time goes by: after a sync the mirror is the books."""

from collections.abc import Callable
from datetime import UTC, datetime
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline_tests.ingest.mirror import books, deleted, differences
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

DELETABLE = ("Invoice", "Estimate", "TimeActivity", "Purchase", "Bill")
NAMES = ("Customer", "Vendor", "Item")
MINUTE, HOUR, DAY = 60, 3600, 86_400
LINE = {"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
CONTENT = {
    "Estimate": {"CustomerRef": {"value": "3"}, "Line": [LINE]},
    "TimeActivity": {"NameOf": "Employee", "EmployeeRef": {"value": "54"}, "Hours": 1, "Minutes": 0},
}
FAULTS = ("/cdc", "from Invoice", "from TimeActivity", "Id IN", "timeactivity/", "invoice/")
any_place = st.integers(0, 1000)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("marks", [True, False])
def test_after_a_sync_the_mirror_is_the_books(
    install: Callable[..., Installation], monkeypatch: pytest.MonkeyPatch, marks: bool
) -> None:
    def start() -> Installation:
        monkeypatch.setenv("QBO_HOME", mkdtemp())
        clock = ManualClock(datetime.now(UTC).replace(microsecond=0))
        made = install("landscaping", clock=clock, merge_touches_documents=marks)
        made.settings.home.mkdir(exist_ok=True)
        made.connect()
        made.pull()
        return made

    class Mirror(RuleBasedStateMachine):
        @initialize()
        def connect(self) -> None:
            self.installation = start()
            self.company = self.installation.emulator.companies[LANDSCAPING]
            self.clock = self.installation.emulator.clock
            self.is_synced = False
            self.existed: dict[str, set[str]] = {entity: set(self._ids(entity)) for entity in DELETABLE}

        def _ids(self, entity: str) -> list[str]:
            return list(books(self.installation, entity))

        def _pick(self, entity: str, place: int) -> str:
            ids = self._ids(entity)
            return ids[place % len(ids)]

        def _do(self, change: Callable[[], object]) -> None:
            self.is_synced = False
            try:
                change()
            except QboFault:
                return  # QuickBooks does not let everything happen.

        @rule(entity=st.sampled_from(sorted(CONTENT)))
        def create(self, entity: str) -> None:
            self._do(lambda: self.installation.create(entity, CONTENT[entity]))
            self.existed[entity] |= set(self._ids(entity))

        @rule(
            entity=st.sampled_from((*DELETABLE, *NAMES, "CompanyInfo", "TaxCode")), place=any_place, note=st.text("ab")
        )
        def edit(self, entity: str, place: int, note: str) -> None:
            self._do(lambda: self.company.edit(entity, self._pick(entity, place), {"PrivateNote": note}))

        @rule(entity=st.sampled_from(DELETABLE), place=any_place)
        def delete(self, entity: str, place: int) -> None:
            self._do(lambda: self.company.delete(entity, self._pick(entity, place)))

        @rule(entity=st.sampled_from(("Invoice", "Purchase")), place=any_place)
        def void(self, entity: str, place: int) -> None:
            self._do(lambda: self.company.void(entity, self._pick(entity, place)))

        @rule(entity=st.sampled_from(NAMES), place=any_place, active=st.booleans())
        def deactivate(self, entity: str, place: int, active: bool) -> None:
            self._do(lambda: self.company.edit(entity, self._pick(entity, place), {"Active": active}))

        @rule(entity=st.sampled_from(NAMES[:2]), loser=any_place, winner=any_place)
        def merge(self, entity: str, loser: int, winner: int) -> None:
            self._do(lambda: self.company.merge(entity, self._pick(entity, loser), self._pick(entity, winner)))

        @rule(seconds=st.sampled_from((1, MINUTE, HOUR, DAY, 12 * DAY, 31 * DAY)))
        def wait(self, seconds: int) -> None:
            self.clock.advance(seconds)

        @rule(
            path=st.sampled_from(FAULTS),
            then=st.sampled_from(({"status": 500}, {"status": 400, "code": "4002", "type": "ValidationFault"})),
            all_entities=st.booleans(),
        )
        def sync_with_faults(self, path: str, then: dict[str, object], all_entities: bool) -> None:
            self.installation.script(path, **then)
            self.installation.pull(all_entities=all_entities)
            self.installation.emulator.scripted_faults.clear()
            self.is_synced = False

        @rule(entity=st.sampled_from((*DELETABLE, *NAMES)), full=st.booleans())
        def sync_one(self, entity: str, full: bool) -> None:
            self.installation.pull(entities=[entity], full=full)

        @rule()
        def sync_by_schedule(self) -> None:
            self.installation.pull(all_entities=False)

        @rule()
        def sync(self) -> None:
            self.clock.advance(1)  # What changes in the second of a look for deletions is seen by the next one.
            assert self.installation.pull_one().status == "synced"
            self.is_synced = True

        @invariant()
        def agrees(self) -> None:
            if getattr(self, "installation", None) is None:
                return
            for entity in DELETABLE:
                assert not deleted(self.installation, entity).keys() & set(self._ids(entity)), "deleted, yet there"
            if self.is_synced:
                assert differences(self.installation) == {}
                for entity in DELETABLE:
                    gone = self.existed[entity] - set(self._ids(entity))
                    assert gone <= deleted(self.installation, entity).keys() | (
                        self.existed[entity] - self.seen(entity)
                    )

        def seen(self, entity: str) -> set[str]:
            table = "time_activity" if entity == "TimeActivity" else entity.lower()
            return {each for (each,) in self.installation.query(f"select distinct id from raw_qbo.{table}")}

        def teardown(self) -> None:
            if getattr(self, "installation", None) is not None:
                self.sync()
                self.agrees()

    run_state_machine_as_test(
        Mirror,
        settings=settings(
            max_examples=6,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
