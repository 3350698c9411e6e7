"""Webhooks: after a change, a signed post to whoever subscribed, in the classic form, as CloudEvents, or both.

A post names records and says nothing of them. Those that are not answered with 200 come again; on the way some may be lost,
told twice or come in another order, as the settings say.
"""

import base64
import hashlib
import hmac
import logging
import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

import msgspec
import requests

from qbo_pipeline.emulator.books.records import Change
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.settings import EmulatorSettings

_EVENTS_PER_POST = 100
_TIMEOUT_SECONDS = 3.0
_PAST = {"create": "created", "update": "updated", "delete": "deleted", "merge": "merged", "void": "voided"}

_log = logging.getLogger(__name__)


class Subscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where posts go, what they are signed with, and their form."""

    url: str
    verifier_token: str
    form: Literal["cloud", "classic", "both"] = "cloud"


@dataclass(frozen=True)
class Event:
    """One record of one company was changed; `deleted_id` is the loser of a merge."""

    event_id: str
    realm_id: str
    entity: str
    record_id: str
    operation: str
    happened_at: datetime
    deleted_id: str | None = None


class Webhooks:
    """Tells subscribers what changed, in a thread of its own; nothing is told while nobody subscribes."""

    def __init__(self, settings: EmulatorSettings, clock: Clock) -> None:
        self.delivered = 0
        self._settings = settings
        self._clock = clock
        self._subscriptions: list[Subscription] = []
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._chance = random.Random(20_260_731)
        self._closed = threading.Event()
        self._sender: threading.Thread | None = None

    def subscribe(self, subscription: Subscription) -> None:
        """Tell of every change from now on."""
        self._subscriptions.append(subscription)
        if self._sender is None:
            self._sender = threading.Thread(target=self._send_all, name="emulator-webhooks", daemon=True)
            self._sender.start()

    def urls(self) -> list[str]:
        """Where posts go."""
        return [subscription.url for subscription in self._subscriptions]

    def forget(self) -> None:
        """Tell nobody any more."""
        self._subscriptions.clear()

    def tell(self, realm_id: str, deed: str, changes: Sequence[Change]) -> None:
        """Changes were made; `deed` names a void or a merge and the records it was done to."""
        if self._subscriptions:
            for event in _events(realm_id, deed, changes, self._clock.now()):
                self._events.put(event)

    def drain(self, timeout_seconds: float = 10.0) -> None:
        """Wait until everything told so far was sent, or lost."""
        deadline = time.monotonic() + timeout_seconds
        while self._events.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)

    def close(self) -> None:
        """Stop telling."""
        self._closed.set()
        self._events.put(None)

    def _send_all(self) -> None:
        while (first := self._events.get()) is not None:
            taken = [first]
            while len(taken) < _EVENTS_PER_POST and not self._events.empty():
                if (event := self._events.get()) is None:
                    return
                taken.append(event)
            told = [event for event in taken for _ in range(self._settings.webhook_times)]
            if self._settings.webhook_shuffled:
                self._chance.shuffle(told)
            for subscription in list(self._subscriptions):
                for body in _bodies(subscription.form, told):
                    self._send(subscription, body)
            for _ in taken:
                self._events.task_done()

    def _send(self, subscription: Subscription, body: bytes) -> None:
        if self._chance.random() < self._settings.webhook_lost_share:
            return
        for pause in (0.0, *self._settings.webhook_retry_seconds):
            if self._closed.wait(pause):
                return
            if _post(subscription, body, self._clock.now()):
                self.delivered += 1
                return


def _events(realm_id: str, deed: str, changes: Sequence[Change], now: datetime) -> list[Event]:
    what, entity, first, *rest = (*deed.split(), "", "", "")
    events = []
    for change in changes:
        operation = "create" if change.before is None else "delete" if change.after is None else "update"
        is_named = (change.entity, change.record_id) == (entity, first)
        if is_named and what == "void":
            operation = "void"
        if is_named and what == "merge":
            events.append(Event(str(uuid4()), realm_id, entity, rest[0], "merge", now, first))
        else:
            events.append(Event(str(uuid4()), realm_id, change.entity, change.record_id, operation, now))
    return events


def _bodies(form: str, events: Sequence[Event]) -> list[bytes]:
    forms = {"cloud": (_cloud,), "classic": (_classic,), "both": (_classic, _cloud)}[form]
    return [msgspec.json.encode(make(events)) for make in forms]


def _cloud(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "specversion": "1.0",
            "id": event.event_id,
            "source": "intuit.emulator",
            "type": f"qbo.{event.entity.lower()}.{_PAST[event.operation]}.v1",
            "datacontenttype": "application/json",
            "time": event.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z",
            "intuitentityid": event.record_id,
            "intuitaccountid": event.realm_id,
            "data": {"deletedId": event.deleted_id} if event.deleted_id else {},
        }
        for event in events
    ]


def _classic(events: Sequence[Event]) -> dict[str, Any]:
    companies: dict[str, list[dict[str, str]]] = {}
    for event in events:
        told = {
            "name": event.entity,
            "id": event.record_id,
            "operation": event.operation.capitalize(),
            "lastUpdated": event.happened_at.isoformat(timespec="milliseconds"),
        }
        companies.setdefault(event.realm_id, []).append(
            told | ({"deletedId": event.deleted_id} if event.deleted_id else {})
        )
    return {
        "eventNotifications": [
            {"realmId": realm_id, "dataChangeEvent": {"entities": told}} for realm_id, told in companies.items()
        ]
    }


def _post(subscription: Subscription, body: bytes, now: datetime) -> bool:
    signature = base64.b64encode(hmac.digest(subscription.verifier_token.encode(), body, hashlib.sha256)).decode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "intuit_notification_server/0.1",
        "intuit-signature": signature,
        "intuit-t-id": str(uuid4()),
        "intuit-created-time": now.isoformat(timespec="milliseconds"),
        "intuit-notification-schema-version": "0.1",
    }
    try:
        return requests.post(subscription.url, body, headers=headers, timeout=_TIMEOUT_SECONDS).status_code == 200
    except requests.RequestException:
        _log.debug("a webhook's receiver did not answer")
        return False
