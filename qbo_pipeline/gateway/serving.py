"""Serving the gateway: on this machine only, unless it is safe to be reached from elsewhere."""

import ipaddress
from urllib.parse import urlsplit

import uvicorn

from qbo_pipeline.gateway.application import application
from qbo_pipeline.gateway.gateway import open_gateway
from qbo_pipeline.gateway.proxies import networks
from qbo_pipeline.quickbooks.endpoints import is_loopback
from qbo_pipeline.settings import Settings, SettingsError

# A secret that people type is guessed at five tries a minute; shorter ones than this might be.
SECRET_CHARACTERS_MIN = 16
_EVERY_CONNECTION_SECONDS = 5


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until interrupted. Raises `SettingsError` where others could reach what nobody guards."""
    address = settings.public_url or f"http://localhost:{port}"
    refuse_unguarded(settings, host)
    with open_gateway(settings, address) as gateway:
        uvicorn.run(application(gateway), host=host, port=port, **uvicorn_options())


def uvicorn_options() -> dict[str, object]:
    """How the server runs: proxies are ours to judge, and no address is logged, for the callback's holds a code."""
    return {
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
        "timeout_keep_alive": _EVERY_CONNECTION_SECONDS,
        "h11_max_incomplete_event_size": 32 * 1024,
        "lifespan": "off",
        "limit_concurrency": 500,
        "backlog": 1024,
    }


def refuse_unguarded(settings: Settings, host: str) -> None:
    """Raise `SettingsError`, naming all that is missing, where others could reach a gateway that nobody guards."""
    networks(settings.trusted_proxies)
    public = urlsplit(settings.public_url or "")
    is_reachable = (
        not _is_own_machine(host) or bool(settings.trusted_proxies) or not is_loopback(public.hostname or "::1")
    )
    secrets = {"QBO_GATEWAY_SECRET": settings.gateway_secret, "QBO_GATEWAY_VIEW_SECRET": settings.gateway_view_secret}
    problems = [
        f"{name} has fewer than {SECRET_CHARACTERS_MIN} characters"
        for name, secret in {**secrets, "QBO_TRIGGER_TOKEN": settings.trigger_token}.items()
        if secret is not None and len(secret.get_secret_value()) < SECRET_CHARACTERS_MIN
    ]
    if is_reachable and settings.gateway_user_header is None and settings.gateway_secret is None:
        problems.append("QBO_GATEWAY_SECRET is not set, nor QBO_GATEWAY_USER_HEADER for a proxy that signs people in")
    if settings.gateway_user_header is not None and not settings.trusted_proxies:
        problems.append("QBO_GATEWAY_USER_HEADER is set without QBO_TRUSTED_PROXIES, so that nobody may name anybody")
    if is_reachable and public.scheme != "https":
        problems.append("QBO_PUBLIC_URL is not set to an https address")
    if settings.gateway_view_secret and not settings.gateway_secret:
        problems.append("QBO_GATEWAY_VIEW_SECRET is set without QBO_GATEWAY_SECRET, so that nobody could act")
    if problems:
        raise SettingsError(
            f"Serving the gateway on {host}: {'; '.join(problems)}. Set them as .env.example describes."
        )


def _is_own_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
