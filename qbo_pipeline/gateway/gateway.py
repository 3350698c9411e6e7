"""What a running gateway holds: the installation, its inbox, who is signed in, and what it started."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from qbo_pipeline.gateway.child_runs import ChildRuns
from qbo_pipeline.gateway.consents import Consents
from qbo_pipeline.gateway.rate_limits import RateLimit
from qbo_pipeline.gateway.sessions import Sessions
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore, open_state, utc_now
from qbo_pipeline.state.webhook_inbox import WebhookInbox


@dataclass(frozen=True)
class Gateway:
    """The parts that requests share; `address` is the gateway's own as browsers see it, without a slash at its end.

    `refused` counts webhooks since the start that nobody we know had signed.
    """

    settings: Settings
    store: StateStore
    inbox: WebhookInbox
    runs: ChildRuns
    address: str
    sessions: Sessions
    consents: Consents
    sign_ins: RateLimit
    triggers: RateLimit
    clock: Callable[[], datetime]
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def needs_sign_in(self) -> bool:
        """Whether people sign in here, rather than at a proxy or, on a machine of one's own, not at all."""
        return self.settings.gateway_user_header is None and self.settings.gateway_secret is not None

    @property
    def callback_url(self) -> str:
        """Where Intuit's consent page sends people back to: to be registered with the Intuit app."""
        return f"{self.address}/connect/callback"


@contextmanager
def open_gateway(settings: Settings, address: str, *, clock: Callable[[], datetime] = utc_now) -> Iterator[Gateway]:
    """The gateway of an installation, closed afterwards; what it started runs on."""
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_state(settings, clock=clock)
    inbox = WebhookInbox(settings.webhook_inbox_path, clock)
    try:
        yield Gateway(
            settings=settings,
            store=store,
            inbox=inbox,
            runs=ChildRuns(settings, store),
            address=address.rstrip("/"),
            sessions=Sessions(clock),
            consents=Consents(clock),
            # A person mistypes a few times; a program that guesses needs some hundred million years at this rate.
            sign_ins=RateLimit(each=5, together=50, seconds=60, clock=time.monotonic),
            triggers=RateLimit(each=30, together=60, seconds=60, clock=time.monotonic),
            clock=clock,
        )
    finally:
        inbox.close()
        store.close()
