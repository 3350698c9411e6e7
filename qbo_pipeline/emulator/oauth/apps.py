"""The Intuit apps that are registered: their credentials and the addresses a consent may lead back to."""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Literal
from urllib.parse import urlsplit

DEFAULT_CLIENT_ID = "emulator-client"
DEFAULT_CLIENT_SECRET = "emulator-secret"  # noqa: S105 - opens the emulator and nothing else


@dataclass
class App:
    """One registered app.

    `redirect_uris` are compared letter by letter. `allows_loopback` stands for a developer who registered every port of
    http://localhost and http://127.0.0.1. Keys of `production` never reach the sandbox companies served here.
    """

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = ()
    allows_loopback: bool = False
    environment: Literal["sandbox", "production"] = "sandbox"

    def may_return_to(self, redirect_uri: str) -> bool:
        """Whether a consent for this app may lead to `redirect_uri`."""
        return redirect_uri in self.redirect_uris or (self.allows_loopback and _is_loopback(redirect_uri))

    def has_secret(self, client_secret: str) -> bool:
        """Whether this is the app's secret."""
        return compare_digest(self.client_secret.encode(), client_secret.encode())


def default_apps() -> list[App]:
    """Two apps, so that one app's tokens can be tried with the other's credentials."""
    return [
        App(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, allows_loopback=True),
        App("other-client", "other-secret", allows_loopback=True),
    ]


def _is_loopback(redirect_uri: str) -> bool:
    if not (redirect_uri.isascii() and redirect_uri.isprintable()):
        return False  # urlsplit passes over line ends, which would split the answer's headers
    try:
        parts = urlsplit(redirect_uri)
        has_port = parts.port is not None
    except ValueError:
        return False
    is_bare = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"} and has_port and is_bare
