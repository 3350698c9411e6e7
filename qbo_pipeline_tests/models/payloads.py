"""Small records shaped as QuickBooks answers them, invented for these tests."""

from typing import Any

CREATED = "2024-04-30T09:15:00-07:00"


def record(record_id: str, *, sync_token: str = "0", updated: str = "2024-05-01T08:00:00-07:00", **fields: Any) -> dict:
    """Any record with the properties all of them share."""
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": record_id,
        "SyncToken": sync_token,
        "MetaData": {"CreateTime": CREATED, "LastUpdatedTime": updated},
        **fields,
    }


def tombstone(record_id: str, updated: str = "2024-05-09T08:00:00-07:00") -> dict:
    """What the change feed sends of a deleted record."""
    return {"domain": "QBO", "status": "Deleted", "Id": record_id, "MetaData": {"LastUpdatedTime": updated}}


def sales_line(number: int, amount: float, **detail: Any) -> dict:
    """An item line of a sales form."""
    return {
        "Id": str(number),
        "LineNum": number,
        "Description": f"Hedge trimming, part {number}",
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": "6", "name": "Gardening"},
            "TaxCodeRef": {"value": "TAX"},
            **detail,
        },
    }


def subtotal(amount: float) -> dict:
    """The line QuickBooks adds after the items."""
    return {"Amount": amount, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}


def invoice(record_id: str = "130", *, lines: list[dict] | None = None, **fields: Any) -> dict:
    """An invoice of two lines with everything the header tables are made of."""
    content: dict[str, Any] = {
        "DocNumber": "1037",
        "TxnDate": "2024-04-30",
        "DueDate": "2024-05-30",
        "CustomerRef": {"value": "24", "name": "Orchard Lane Stores"},
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "CustomerMemo": {"value": "Thank you."},
        "BillEmail": {"Address": "accounts@orchard.example"},
        "BillAddr": {"Id": "95", "Line1": "12 Orchard Lane", "City": "Bayside", "Lat": "INVALID", "Long": "INVALID"},
        "TotalAmt": 362.07,
        "Balance": 62.07,
        "ApplyTaxAfterDiscount": False,
        "EmailStatus": "NotSet",
        "TxnTaxDetail": {
            "TxnTaxCodeRef": {"value": "2"},
            "TotalTax": 26.82,
            "TaxLine": [
                {
                    "Amount": 26.82,
                    "DetailType": "TaxLineDetail",
                    "TaxLineDetail": {
                        "TaxRateRef": {"value": "3"},
                        "PercentBased": True,
                        "TaxPercent": 8,
                        "NetAmountTaxable": 335.25,
                    },
                }
            ],
        },
        "LinkedTxn": [{"TxnId": "100", "TxnType": "Estimate"}],
        "CustomField": [{"DefinitionId": "1", "Name": "Crew #", "Type": "StringType", "StringValue": "102"}],
        "Line": lines
        if lines is not None
        else [
            sales_line(1, 275.0, Qty=1, UnitPrice=275),
            sales_line(2, 60.25, Qty=5, UnitPrice=12.05),
            subtotal(335.25),
        ],
    }
    return record(record_id, **{**content, **fields})
