"""What tests, demos and people do to the emulator while it runs, under /admin: JSON in, JSON out, no credentials.

It stands for what happens to a company outside the API (a person edits a record, an owner disconnects an app, a day goes
by) and for what QuickBooks never shows (the calls it counted).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.oauth.apps import DEFAULT_CLIENT_ID, App
from qbo_pipeline.emulator.web.exchange import Answer, Request, json_answer
from qbo_pipeline.emulator.web.webhooks import Subscription

if TYPE_CHECKING:
    from qbo_pipeline.emulator.emulator import Emulator

_Body = TypeVar("_Body")


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _GrantOrder(msgspec.Struct, forbid_unknown_fields=True):
    realm_id: str
    client_id: str = DEFAULT_CLIENT_ID


class _RealmOrder(msgspec.Struct, forbid_unknown_fields=True):
    realm_id: str


class _ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    advance_seconds: float


class _CompanyOrder(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class _Edit(msgspec.Struct, forbid_unknown_fields=True):
    """One of: `changes` to the record's properties, its deletion, its voiding, its merger into another of its entity."""

    entity: str
    id: str
    changes: dict[str, Any] | None = None
    delete: bool = False
    void: bool = False
    merge_into: str | None = None

    def __post_init__(self) -> None:
        if (self.changes is not None) + self.delete + self.void + (self.merge_into is not None) != 1:
            raise ValueError("give exactly one of changes, delete, void and merge_into")


class Admin:
    """The endpoints under /admin of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._endpoints: dict[tuple[str, str], Callable[[Request], object]] = {
            ("GET", "companies"): self._list_companies,
            ("POST", "companies"): self._add_company,
            ("GET", "apps"): self._list_apps,
            ("POST", "apps"): self._add_app,
            ("POST", "grants"): self._grant,
            ("POST", "revoke"): self._revoke,
            ("POST", "expire"): self._expire,
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): self._forget_calls,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "settings"): self._settings,
            ("PATCH", "settings"): self._change_settings,
            ("GET", "webhooks"): self._list_webhooks,
            ("POST", "webhooks"): self._add_webhook,
            ("DELETE", "webhooks"): self._forget_webhooks,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._advance_clock,
        }

    def answer(self, request: Request) -> Answer:
        """Answer a request under /admin."""
        try:
            return json_answer(200, self._outcome(request))
        except _RefusedError as refused:
            return json_answer(refused.status, {"error": str(refused)})
        except (msgspec.DecodeError, ValueError) as error:
            return json_answer(400, {"error": str(error)})
        except QboFault as fault:
            return json_answer(fault.status if fault.status >= 400 else 400, {"error": str(fault), "code": fault.code})

    def _outcome(self, request: Request) -> object:
        place = request.segments[1:]
        if request.method == "POST" and len(place) == 3 and (place[0], place[2]) == ("companies", "edits"):
            return self._edit(place[1], _body(request, _Edit))
        endpoint = self._endpoints.get((request.method, "/".join(place)))
        if endpoint is None:
            raise _RefusedError(404, f"{request.method} {request.path} is no admin endpoint")
        return endpoint(request)

    def _list_companies(self, request: Request) -> object:
        return [_described(company) for company in list(self._emulator.companies.values())]

    def _known(self, realm_id: str) -> str:
        if realm_id not in self._emulator.companies:
            raise _RefusedError(404, f"No company {realm_id}; there are {', '.join(self._emulator.companies)}.")
        return realm_id

    def _add_company(self, request: Request) -> object:
        (added,) = self._emulator.add_companies([_body(request, _CompanyOrder).name])
        return _described(added)

    def _edit(self, realm_id: str, edit: _Edit) -> object:
        company = self._emulator.companies[self._known(realm_id)]
        if edit.changes is not None:
            return msgspec.Raw(company.edit(edit.entity, edit.id, edit.changes))
        if edit.merge_into is not None:
            company.merge(edit.entity, edit.id, edit.merge_into)
            return {}
        return msgspec.Raw((company.delete if edit.delete else company.void)(edit.entity, edit.id))

    def _list_apps(self, request: Request) -> object:
        return [_without_secret(app) for app in list(self._emulator.apps.values())]

    def _add_app(self, request: Request) -> object:
        app = _body(request, App)
        if app.client_id in self._emulator.apps:
            raise _RefusedError(409, f"There is an app {app.client_id} already.")
        self._emulator.add_app(app)
        return _without_secret(app)

    def _grant(self, request: Request) -> object:
        order = _body(request, _GrantOrder)
        if order.client_id not in self._emulator.apps:
            raise _RefusedError(404, f"No app {order.client_id}; there are {', '.join(self._emulator.apps)}.")
        tokens = self._emulator.grants.issue(order.client_id, self._known(order.realm_id))
        return {
            "realm_id": order.realm_id,
            "refresh_token": tokens.refresh_token,
            "access_token": tokens.access_token,
        }

    def _revoke(self, request: Request) -> object:
        return {"revoked": self._emulator.grants.disconnect(self._known(_body(request, _RealmOrder).realm_id))}

    def _expire(self, request: Request) -> object:
        return {
            "expired": self._emulator.grants.expire_access_tokens(self._known(_body(request, _RealmOrder).realm_id))
        }

    def _calls(self, request: Request) -> object:
        return {
            realm_id: counts | {"peak_concurrent": self._emulator.limits.peak_concurrent(realm_id)}
            for realm_id, counts in self._emulator.meter.snapshot().items()
        }

    def _forget_calls(self, request: Request) -> object:
        self._emulator.meter.reset()
        self._emulator.limits.forget_peaks()
        return {}

    def _list_faults(self, request: Request) -> object:
        return self._emulator.scripted_faults.snapshot()

    def _add_faults(self, request: Request) -> object:
        return {"added": self._emulator.scripted_faults.add(request.body)}

    def _clear_faults(self, request: Request) -> object:
        self._emulator.scripted_faults.clear()
        return {}

    def _settings(self, request: Request) -> object:
        return msgspec.to_builtins(self._emulator.settings)

    def _change_settings(self, request: Request) -> object:
        settings = self._emulator.settings
        asked, now = _body(request, dict[str, Any]), msgspec.to_builtins(settings)
        unknown = asked.keys() - now.keys()
        if unknown:
            raise _RefusedError(400, f"No setting {', '.join(sorted(unknown))}; there are {', '.join(now)}.")
        valid = msgspec.convert(now | asked, type(settings))
        for name in asked:
            setattr(settings, name, getattr(valid, name))
        return msgspec.to_builtins(settings)

    def _list_webhooks(self, request: Request) -> object:
        return {"urls": self._emulator.webhooks.urls(), "delivered": self._emulator.webhooks.delivered}

    def _add_webhook(self, request: Request) -> object:
        self._emulator.webhooks.subscribe(_body(request, Subscription))
        return {"urls": self._emulator.webhooks.urls()}

    def _forget_webhooks(self, request: Request) -> object:
        self._emulator.webhooks.forget()
        return {}

    def _clock(self, request: Request) -> object:
        return {"now": self._emulator.clock.now()}

    def _advance_clock(self, request: Request) -> object:
        self._emulator.clock.advance(_body(request, _ClockOrder).advance_seconds)
        return {"now": self._emulator.clock.now()}


def _body(request: Request, kind: type[_Body]) -> _Body:
    return msgspec.json.decode(request.body, type=kind)


def _described(company: Any) -> dict[str, str]:
    return {"realm_id": company.realm_id, "name": company.name}


def _without_secret(app: App) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(app).items() if name != "client_secret"}
