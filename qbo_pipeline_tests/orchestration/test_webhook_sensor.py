"""The webhook sensor asks for one targeted sync of what waits, once, and says why when it asks for none."""

from datetime import UTC, datetime, timedelta

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunRequest, SkipReason, build_sensor_context
from dagster._core.test_utils import create_run_for_test

from qbo_pipeline.orchestration.raw_assets import TRIGGER_TAG
from qbo_pipeline.orchestration.webhook_sensor import webhook_sensor
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.webhook_inbox import WebhookInbox
from qbo_pipeline_tests.installation import LANDSCAPING, Installation


@pytest.fixture
def inbox(installation: Installation) -> WebhookInbox:
    return WebhookInbox(installation.settings.webhook_inbox_path)


def _tell(inbox: WebhookInbox, event_id: str) -> None:
    inbox.put([ChangeEvent(event_id, LANDSCAPING, "Invoice", "130", "update", datetime.now(UTC))]).result(5)


def _look(instance: DagsterInstance | None = None) -> RunRequest | SkipReason:
    with DagsterInstance.ephemeral() as other, build_sensor_context(instance or other) as context:
        return webhook_sensor(context)


def test_where_no_webhook_ever_came_it_skips_and_says_who_receives_them(installation: Installation) -> None:
    assert "qbo-pipeline gateway" in _look().skip_message


def test_what_waits_is_asked_for_in_one_run_with_a_key_of_its_own(inbox: WebhookInbox) -> None:
    _tell(inbox, "first")
    asked = _look()
    assert asked.run_config["ops"]["raw_qbo"]["config"] == {"from_webhooks": True}
    assert _look().run_key == asked.run_key
    _tell(inbox, "second")
    assert _look().run_key != asked.run_key


def test_when_all_was_read_it_skips(inbox: WebhookInbox) -> None:
    _tell(inbox, "first")
    inbox.done([each.sequence for each in inbox.take(10)])
    assert "was read" in _look().skip_message


def test_what_could_not_be_read_is_asked_for_again_when_it_is_due(inbox: WebhookInbox) -> None:
    _tell(inbox, "first")
    before = _look()
    inbox.postpone([each.sequence for each in inbox.take(10)], datetime.now(UTC) + timedelta(minutes=5))
    assert isinstance(_look(), SkipReason)
    with inbox._writing() as connection:
        connection.execute("update event set due_at = received_at")
    assert _look().run_key != before.run_key


def test_while_a_read_is_under_way_no_other_is_asked_for(inbox: WebhookInbox) -> None:
    _tell(inbox, "first")
    with DagsterInstance.ephemeral() as instance:
        create_run_for_test(instance, job_name="sync", tags={TRIGGER_TAG: "webhooks"}, status=DagsterRunStatus.STARTED)
        assert "under way" in _look(instance).skip_message
