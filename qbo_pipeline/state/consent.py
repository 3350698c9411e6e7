"""Consent on Intuit's page, in two steps with a person's browser between them: where to send it, and what it came back with."""

from dataclasses import replace
from urllib.parse import urlsplit

from qbo_pipeline.quickbooks.endpoints import is_loopback
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import Environment
from qbo_pipeline.state.attempt import Attempt, failed
from qbo_pipeline.state.callback import Consent
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import ConnectFailed


def begin_consent(attempt: Attempt, redirect_uri: str, state: str) -> str:
    """The address of the consent page, which leads back to `redirect_uri` with `state`.

    Raises `ConnectionRefused` for a name that cannot be connected, and `ConnectFailed` where Intuit would not lead back
    there: production keys want HTTPS and a host name.
    """
    namesake = attempt.store.connections.refuse_name(attempt.name, reconnects=attempt.reconnects)
    details = attempt.details(namesake.realm_id if namesake else "")
    back = urlsplit(redirect_uri)
    if details.environment is Environment.PRODUCTION and (back.scheme != "https" or is_loopback(back.hostname)):
        raise ConnectFailed(
            f"{attempt.name} was not connected: Intuit sends production companies back to HTTPS addresses with a host name "
            "only, never to this machine. Use `--realm-id` with `--refresh-token-file`, or the gateway's connect page with "
            "QBO_PUBLIC_URL set."
        )
    attempt.store.tokens.require_writable()
    return attempt.oauth(details).authorization_url(redirect_uri, state)


def finish_consent(attempt: Attempt, consent: Consent, redirect_uri: str) -> Connection:
    """Redeem the code that came back, and store the connection; raises as `connect_headless` does."""
    details = replace(attempt.details(consent.realm_id), realm_id=consent.realm_id)
    # Before the code is redeemed: a second grant for a company that is connected already could end its first.
    attempt.store.connections.refuse_clash(details, reconnects=attempt.reconnects)
    try:
        grant = attempt.oauth(details).exchange(consent.code, redirect_uri)
    except QuickBooksError as error:
        raise failed(details, error) from error
    return attempt.complete(details, grant, given=None)
