"""Webhooks: Intuit's posts, checked, kept on disk, and only then answered.

    signature over the raw body -> events -> those of companies we know -> inbox (a commit) -> 200

`/webhooks` is for the default app, `/webhooks/<client id>` for a connection's own. A post that is signed is believed for the
companies of its app only. One that is not gets the same answer whatever is wrong with it, and nothing of it is read.
"""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qbo_pipeline.gateway.bodies import BodyRefused, read_body
from qbo_pipeline.gateway.gateway import Gateway
from qbo_pipeline.quickbooks.webhooks import SIGNATURE_HEADER, Post, UnreadableWebhook, is_signed, read_post
from qbo_pipeline.state.errors import StateError

# Intuit speaks of about 1 MB for a large post.
BODY_BYTES_MAX = 4 * 1024 * 1024
# Which apps and companies there are is looked up this often, and at once for a company that is not known.
LOOKED_UP_EVERY_SECONDS = 15.0
_LOOKED_UP_AGAIN_SECONDS = 1.0
_APPS_REMEMBERED_MAX = 1_000

logger = logging.getLogger(__name__)


class WebhookEndpoint:
    """The endpoint of one gateway; `seconds` is a clock that only moves on."""

    def __init__(self, gateway: Gateway, seconds: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._seconds = seconds
        self._apps: dict[str, _App] = {}
        self._being_looked_up: set[str] = set()
        self._lock = threading.Lock()

    async def __call__(self, request: Request) -> Response:
        """Answer one post: 200 once it is kept, 401 where it is not signed, 503 where it is to come again."""
        client_id = request.path_params.get("app", "")
        try:
            body = await read_body(request, BODY_BYTES_MAX)
        except BodyRefused as error:
            return _answer(error.status, str(error))
        app = await self._app(client_id)
        if not is_signed(body, request.headers.get(SIGNATURE_HEADER), app.verifier_tokens):
            self._gateway.refused["not signed"] += 1
            return _answer(401, "The signature is not that of this app's verifier token.")
        try:
            post = read_post(body)
        except UnreadableWebhook as error:
            self._gateway.refused["unreadable"] += 1
            return _answer(400, str(error))
        return await self._keep(client_id, app, post)

    async def _keep(self, client_id: str, app: "_App", post: Post) -> Response:
        if any(event.realm_id not in app.realm_ids for event in post.events):
            app = await self._app(client_id, older_than=_LOOKED_UP_AGAIN_SECONDS)
        known = [event for event in post.events if event.realm_id in app.realm_ids]
        counts = Counter({"unknown_realm": len(post.events) - len(known), "unreadable": post.unreadable})
        try:
            kept = await asyncio.wrap_future(self._gateway.inbox.put(known, +counts))
        except StateError as error:
            logger.warning("%s", error)
            return _answer(503, "The post could not be kept. Send it again.")
        return JSONResponse({"new": kept.new, "duplicate": kept.duplicate, "old": kept.old} | dict(counts))

    async def _app(self, client_id: str, older_than: float = LOOKED_UP_EVERY_SECONDS) -> "_App":
        app = self._apps.get(client_id)
        if app is not None and self._seconds() - app.looked_up_at <= older_than:
            return app
        if app is not None and client_id in self._being_looked_up and older_than == LOOKED_UP_EVERY_SECONDS:
            return app  # One of the many posts that come meanwhile asks for all.
        self._being_looked_up.add(client_id)
        try:
            return await run_in_threadpool(self._look_up, client_id)
        finally:
            self._being_looked_up.discard(client_id)

    def _look_up(self, client_id: str) -> "_App":
        store, settings = self._gateway.store, self._gateway.settings
        own = [each for each in store.connections.all() if (each.client_id or "") == client_id and each.is_active]
        if client_id:
            tokens = store.webhook_verifiers.of_app(client_id)
        else:
            tokens = [settings.webhook_verifier_token.get_secret_value()] if settings.webhook_verifier_token else []
        app = _App(tuple(tokens), frozenset(each.realm_id for each in own), self._seconds())
        with self._lock:
            if len(self._apps) >= _APPS_REMEMBERED_MAX:
                self._apps.clear()
            self._apps[client_id] = app
        return app


@dataclass(frozen=True)
class _App:
    """An app as it was looked up: what its posts are signed with, and whose they may tell of."""

    verifier_tokens: tuple[str, ...] = field(repr=False)
    realm_ids: frozenset[str]
    looked_up_at: float


def _answer(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)
