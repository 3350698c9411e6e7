"""Files on their way in and out: the multipart upload, the link to a file, the file itself.

An upload brings parts in pairs, `file_metadata_01` with an attachable's JSON and `file_content_01` with its file; either may
be missing. The link is valid without a token, as that of Intuit's file store is.
"""

from email.message import Message
from email.parser import BytesParser

from qbo_pipeline.emulator.books.attached_files import AttachedFile
from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.faults import QboFault, unsupported_operation, unsupported_property
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.web.exchange import Answer, Request, json_answer
from qbo_pipeline.emulator.writing.write_request import decoded_body

LINK_SEGMENT = "attachments"

_LARGEST = 100 * 1024 * 1024
_METADATA, _CONTENT = "file_metadata_", "file_content_"


def upload(company: Company, request: Request) -> bytes:
    """Take the files of an upload; each answered as an attachable of its own."""
    parts = _parts(request)
    numbers = dict.fromkeys(
        name.removeprefix(prefix) for name, _ in parts for prefix in (_METADATA, _CONTENT) if name.startswith(prefix)
    )
    if not numbers:
        raise unsupported_property("file_metadata_0")
    by_name = dict(parts)
    taken = [
        _take(company, request, by_name.get(_METADATA + number), by_name.get(_CONTENT + number)) for number in numbers
    ]
    return company.answered({"AttachableResponse": [{"Attachable": attachable} for attachable in taken]})


def link_to_file(company: Company, request: Request, attachable_id: str) -> str:
    """Where the file of an attachable can be fetched for a quarter of an hour."""
    return f"http://{request.headers.get('Host')}/{LINK_SEGMENT}/{company.realm_id}/{company.link_file(attachable_id)}"


def file_answer(company: Company | None, name: str) -> Answer:
    """The file behind a link, or 403 as Intuit's file store has it once the link is dead."""
    file = company.fetch_file(name) if company is not None else None
    if file is None:
        return json_answer(403, {"error": "the link has expired"})
    return Answer(200, file.content, file.content_type)


def _take(company: Company, request: Request, metadata: Message | None, content: Message | None) -> Record:
    record = decoded_body(_payload(metadata)) if metadata is not None else {}
    if content is None:
        return company.attach(record, None)
    file = AttachedFile(content.get_filename() or "", content.get_content_type(), _payload(content))
    if len(file.content) > _LARGEST:
        raise QboFault(
            400, "6030", "Upload request size exceeds allowed limit", f"Upload may have at most {_LARGEST} bytes"
        )
    attachable = company.attach(record, file)
    return {**attachable, "TempDownloadUri": link_to_file(company, request, attachable["Id"])}


def _parts(request: Request) -> list[tuple[str, Message]]:
    if request.content_type != "multipart/form-data":
        raise unsupported_operation(f"Content type {request.content_type or 'none'} of an upload is not supported.")
    head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.body)
    parts = message.get_payload()
    if not isinstance(parts, list):
        raise unsupported_property("file_metadata_0")
    return [(str(part.get_param("name", header="content-disposition") or ""), part) for part in parts]


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
