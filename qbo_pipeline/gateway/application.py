"""The gateway as a web application: which address leads where, and what stands around every request."""

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from qbo_pipeline.gateway.book_pages import books_page, chart
from qbo_pipeline.gateway.connecting import come_back, connect, let_go, reconnect, set_verifier
from qbo_pipeline.gateway.connection_pages import connections_page, reconnect_page
from qbo_pipeline.gateway.document_pages import documents_page, push_now, why_page
from qbo_pipeline.gateway.gateway import Gateway
from qbo_pipeline.gateway.headers import SecurityHeaders
from qbo_pipeline.gateway.mapping_pages import decide, mappings_page, propose
from qbo_pipeline.gateway.overview import overview
from qbo_pipeline.gateway.pages import render
from qbo_pipeline.gateway.proxies import TrustedProxies
from qbo_pipeline.gateway.queue_pages import link, queue_page, retry, skip
from qbo_pipeline.gateway.sign_in import sign_in, sign_in_page, sign_out
from qbo_pipeline.gateway.sync_pages import audit_page, log_page, progress_page, sync_now, sync_page
from qbo_pipeline.gateway.trigger import run_status, trigger
from qbo_pipeline.gateway.visits import acts, looks
from qbo_pipeline.gateway.webhooks import WebhookEndpoint
from qbo_pipeline.quickbooks.endpoints import endpoints_for

_PAGES = (
    Route("/", looks(overview)),
    Route("/connections", looks(connections_page)),
    Route("/connections/connect", acts(connect), methods=["POST"]),
    Route("/connections/reconnect", acts(reconnect), methods=["POST"]),
    Route("/connections/disconnect", acts(let_go), methods=["POST"]),
    Route("/connections/verifier", acts(set_verifier), methods=["POST"]),
    Route("/connect/callback", acts(come_back)),
    Route("/reconnect", looks(reconnect_page)),
    Route("/sync", looks(sync_page)),
    Route("/sync", acts(sync_now), methods=["POST"]),
    Route("/runs/{run_id:uuid}/progress", looks(progress_page)),
    Route("/log", looks(log_page)),
    Route("/queue", looks(queue_page)),
    Route("/queue/retry", acts(retry), methods=["POST"]),
    Route("/queue/link", acts(link), methods=["POST"]),
    Route("/queue/skip", acts(skip), methods=["POST"]),
    Route("/documents", looks(documents_page)),
    Route("/push", acts(push_now), methods=["POST"]),
    Route("/why", looks(why_page)),
    Route("/mappings", looks(mappings_page)),
    Route("/mappings", acts(decide), methods=["POST"]),
    Route("/mappings/propose", acts(propose), methods=["POST"]),
    Route("/books", looks(books_page)),
    Route("/books/{connection:str}/{chart:str}.svg", looks(chart)),
    Route("/audit", looks(audit_page)),
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def application(gateway: Gateway) -> Starlette:
    """The application of a gateway."""
    settings = gateway.settings
    host = urlsplit(gateway.address).hostname or "localhost"
    consent = urlsplit(endpoints_for(settings.environment, authorize_url=settings.authorize_url).authorize_url)
    webhooks = WebhookEndpoint(gateway)
    made = Starlette(
        routes=[
            Route("/webhooks", webhooks.__call__, methods=["POST"]),
            Route("/webhooks/{app:str}", webhooks.__call__, methods=["POST"]),
            Route("/sign-in", sign_in_page, methods=["GET"]),
            Route("/sign-in", sign_in, methods=["POST"]),
            Route("/sign-out", looks(sign_out), methods=["POST"]),
            *_PAGES,
            Route("/trigger/sync", trigger("sync"), methods=["POST"]),
            Route("/trigger/push", trigger("push"), methods=["POST"]),
            Route("/runs/{run_id:uuid}", run_status, methods=["GET"]),
            Route("/healthy", lambda _: JSONResponse({"healthy": True})),
            Mount("/static", StaticFiles(packages=[("qbo_pipeline.gateway", "static")])),
        ],
        middleware=[
            Middleware(TrustedProxies, proxies=settings.trusted_proxies),
            Middleware(SecurityHeaders, consent=f"{consent.scheme}://{consent.netloc}"),
            # A page of somebody else's that points its own name at this machine gets nothing.
            Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, host], www_redirect=False),
        ],
        exception_handlers={404: _not_found, 405: _not_found, 500: _broken},
    )
    made.state.gateway = gateway
    return made


async def _not_found(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return render("refused.html.jinja", status=status, reason="There is nothing here.")


async def _broken(_: Request, __: Exception) -> Response:
    return render("refused.html.jinja", status=500, reason="The gateway itself failed; its log says why.")
