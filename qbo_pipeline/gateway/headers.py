"""The headers every answer carries: what a browser may do with it, and that nobody keeps it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No script at all, styles from our own file only. A form may lead to Intuit's consent page, by a redirect, which browsers
# hold against form-action too.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' {consent}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The callback's address holds a code.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers to every answer; one that an answer has itself stays. `consent` is the origin of the consent page."""

    def __init__(self, app: ASGIApp, consent: str) -> None:
        self._app = app
        wanted = _ALWAYS | {"Content-Security-Policy": _POLICY.format(consent=consent)}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in wanted.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = self._headers + ([_HSTS] if scope["scheme"] == "https" else [])
                message["headers"] = [*message["headers"], *(each for each in added if each[0] not in given)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
