"""The calls that change a company, by their path: an entity, an entity sent by e-mail, a batch, a tax code, an upload."""

from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.faults import unsupported_operation
from qbo_pipeline.emulator.web.attachments import upload
from qbo_pipeline.emulator.web.exchange import Request
from qbo_pipeline.emulator.web.text import utf8


def is_write(request: Request) -> bool:
    """Whether a POST's path is that of a write."""
    place = request.segments[3:]
    return len(place) == 1 or place == ["taxservice", "taxcode"] or (len(place) == 3 and place[2] == "send")


def write(company: Company, request: Request) -> bytes:
    """Answer a write."""
    place = request.segments[3:]
    if place == ["upload"]:
        return upload(company, request)
    if len(place) == 3:
        return company.send(place[0], place[1], request.params)
    _require_json(request)
    if place == ["taxservice", "taxcode"]:
        return company.create_tax_code(request.body, request.params)
    return company.write(place[0], request.body, request.params)


def batch(company: Company, request: Request) -> bytes:
    """Answer a batch."""
    _require_json(request)
    return company.batch(request.body, request.params)


def _require_json(request: Request) -> None:
    if request.content_type != "application/json":
        raise unsupported_operation(f"Content type {request.content_type or 'none'} of a write is not supported.")
    utf8(request.body)
