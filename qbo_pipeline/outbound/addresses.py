"""E-mail addresses as QuickBooks takes them: several in one field, separated by commas."""

import re

ADDRESSES_MAX = 100
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,.]+")


def addresses_in(text: str | None) -> str | None:
    """The addresses of a text in QuickBooks' form, None where there are none or it would not take them."""
    parts = [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]
    address = ",".join(parts)
    return address if parts and len(address) <= ADDRESSES_MAX and all(map(_EMAIL.fullmatch, parts)) else None
