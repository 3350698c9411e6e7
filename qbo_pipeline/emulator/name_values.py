"""QuickBooks' XML extension pairs as its JSON shows them: LineEx on payments, PurchaseEx on expenses."""

from typing import Any


def extension(**pairs: str) -> dict[str, Any]:
    """The pairs in the wordy form that QuickBooks derives from its XML schema (seen in recorded payments)."""
    return {"any": [_pair(name, value) for name, value in pairs.items()]}


def _pair(name: str, value: str) -> dict[str, Any]:
    return {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "nil": False,
        "value": {"Name": name, "Value": value},
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "globalScope": True,
        "typeSubstituted": False,
    }
