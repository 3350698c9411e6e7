"""A transaction as a PDF: one page with its kind, number, day, party and total. QuickBooks' own layouts are a person's choice
there; this one says what a program would look for.
"""

import msgspec

from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.faults import unsupported_operation
from qbo_pipeline.emulator.source import Record

PDF = "application/pdf"

_PRINTED = {
    **{name.lower(): name for name in ("Invoice", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt")},
    **{name.lower(): name for name in ("Payment", "PurchaseOrder")},
}
_LETTER = "0 0 612 792"
_FONT_SIZE, _LEADING, _LEFT, _TOP = 14, 20, 72, 700


def is_printing(place: list[str]) -> bool:
    """Whether the path below a company asks for a PDF."""
    return len(place) == 3 and place[2] == "pdf"


def printed(company: Company, segment: str, record_id: str) -> bytes:
    """The PDF of a transaction; of what QuickBooks prints none of, and of what it does not know, a fault."""
    entity = _PRINTED.get(segment)
    if entity is None:
        raise unsupported_operation(f"Operation pdf of {segment} is not supported.")
    record = msgspec.json.decode(company.read(segment, record_id))[entity]
    return _document(_told(entity, record))


def _told(entity: str, record: Record) -> list[str]:
    party = record.get("CustomerRef") or record.get("VendorRef") or {}
    currency = (record.get("CurrencyRef") or {}).get("value", "")
    return [
        f"{entity} {record.get('DocNumber') or record['Id']}",
        str(record.get("TxnDate", "")),
        str(party.get("name", "")),
        f"Total {record.get('TotalAmt', 0):.2f} {currency}".rstrip(),
    ]


def _document(lines: list[str]) -> bytes:
    """A PDF file of one page of text: its objects, the table of where each begins, and where that table is."""
    drawn = b" T*\n".join(b"(%s) Tj" % _escaped(line) for line in lines)
    text = b"BT /F1 %d Tf %d TL %d %d Td\n%s ET" % (_FONT_SIZE, _LEADING, _LEFT, _TOP, drawn)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
        % _LETTER.encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    file = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + trailer


def _escaped(text: str) -> bytes:
    for special in "\\()":
        text = text.replace(special, f"\\{special}")
    return text.encode("cp1252", errors="replace")
