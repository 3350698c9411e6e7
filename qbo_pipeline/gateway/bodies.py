"""Reading what was sent, no more of it than a request may hold, and no longer than it may take."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

FORM_BYTES_MAX = 64 * 1024
FIELDS_MAX = 100
SECONDS_MAX = 10


class BodyRefused(Exception):  # noqa: N818 - named for what happened
    """A body that was not taken; `status` is the HTTP status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The body; raises `BodyRefused` where it is larger than `bytes_max`, too slow or broken off."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > bytes_max:
        raise BodyRefused(413, f"The body is larger than {bytes_max:,} bytes.")
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS_MAX):
            async for part in request.stream():
                body += part
                if len(body) > bytes_max:
                    raise BodyRefused(413, f"The body is larger than {bytes_max:,} bytes.")
    except TimeoutError:
        raise BodyRefused(408, f"The body did not come within {SECONDS_MAX} seconds.") from None
    except ClientDisconnect:
        raise BodyRefused(400, "The body broke off.") from None
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form sent as a browser sends plain ones, without space around them; of two of a name the first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(request, FORM_BYTES_MAX)
    if body and kind != "application/x-www-form-urlencoded":
        raise BodyRefused(415, "A form is sent as application/x-www-form-urlencoded.")
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError:
        raise BodyRefused(400, "The form cannot be read.") from None
    if any("\x00" in value for _, value in fields):
        raise BodyRefused(400, "The form cannot be read.")
    return {name: value.strip() for name, value in reversed(fields)}
