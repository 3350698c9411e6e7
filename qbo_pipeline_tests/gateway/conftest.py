"""A running gateway over real HTTP, and browsers that visit it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest
import uvicorn

from qbo_pipeline.gateway.application import application
from qbo_pipeline.gateway.gateway import Gateway, open_gateway
from qbo_pipeline.gateway.serving import uvicorn_options
from qbo_pipeline.state.intents import Intent, Need
from qbo_pipeline_tests.gateway.browsing import Browser
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

SECRET = "the-secret-of-those-who-act"
LOOKING_SECRET = "the-secret-of-those-who-look"
VERIFIER = "verifier-token-of-the-default-app"
TRIGGER = "the-token-of-other-programs"


@dataclass(frozen=True)
class Running:
    """A gateway that is served, with the installation it is of."""

    gateway: Gateway
    installation: Installation
    url: str

    def browser(self) -> Browser:
        """A browser that has not been here before."""
        return Browser(self.url)

    def signed_in(self, secret: str = SECRET) -> Browser:
        """A browser of somebody who has signed in."""
        browser = self.browser()
        answer = browser.sign_in(secret)
        assert answer.status_code == 200, answer.text
        return browser


@pytest.fixture
def serve(
    install: Callable[..., Installation], clean_environment: pytest.MonkeyPatch
) -> Iterator[Callable[..., Running]]:
    """Serves the gateway of an installation; settings are given as environment variables without `QBO_`."""
    secrets = {
        "GATEWAY_SECRET": SECRET,
        "GATEWAY_VIEW_SECRET": LOOKING_SECRET,
        "WEBHOOK_VERIFIER_TOKEN": VERIFIER,
        "TRIGGER_TOKEN": TRIGGER,
    }
    with ExitStack() as opened:

        def start(*companies: str, connect: bool = True, **settings: str) -> Running:
            for name, value in (secrets | settings).items():
                clean_environment.setenv(f"QBO_{name}", value)
            installation = install(*(companies or ("landscaping",)))
            if connect:
                installation.connect()
            gateway = opened.enter_context(open_gateway(installation.settings, "http://localhost"))
            url = opened.enter_context(served(gateway))
            # Its own address is known once it is served; the port is any free one.
            object.__setattr__(gateway, "address", url)
            return Running(gateway, installation, url)

        yield start


@contextmanager
def served(gateway: Gateway) -> Iterator[str]:
    """The gateway behind a real server on a free port, as it is served outside of tests."""
    server = uvicorn.Server(uvicorn.Config(application(gateway), host="127.0.0.1", port=0, **uvicorn_options()))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def running(serve: Callable[..., Running]) -> Running:
    """The gateway of an installation with the landscaping company connected."""
    return serve()


def invoice_intent(number: int, **differences: object) -> Intent:
    made = Intent(
        realm_id=LANDSCAPING,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id=f"INV-{number}",
        natural_key=f"P-{number}",
        source_hash="first",
    )
    return replace(made, **differences)


@pytest.fixture
def waiting(running: Running) -> Running:
    """A queue with two invoices held for a customer, one for its link, and one that is ready."""
    outbox = running.gateway.store.outbox
    for number in (1, 2):
        outbox.hold(invoice_intent(number), "unmapped_customer", f"Customer C-{number} is not in QuickBooks.")
    outbox.intend(invoice_intent(3, needs=(Need("Customer", "customer", "C-9"),)))
    outbox.intend(invoice_intent(4))
    return running
