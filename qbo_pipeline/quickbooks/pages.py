"""Where a record is seen in QuickBooks' own pages.

Intuit documents no such addresses; these are the ones its pages have. A wrong one shows the start page and changes nothing.
"""

from qbo_pipeline.settings import Environment

_SITES = {
    Environment.PRODUCTION: "https://app.qbo.intuit.com/app",
    Environment.SANDBOX: "https://app.sandbox.qbo.intuit.com/app",
}
_TRANSACTIONS = {
    "Bill": "bill",
    "BillPayment": "billpayment",
    "CreditMemo": "creditmemo",
    "Deposit": "deposit",
    "Estimate": "estimate",
    "Invoice": "invoice",
    "JournalEntry": "journal",
    "Payment": "recvpayment",
    "Purchase": "expense",
    "PurchaseOrder": "purchaseorder",
    "RefundReceipt": "refundreceipt",
    "SalesReceipt": "salesreceipt",
    "Transfer": "transfer",
    "VendorCredit": "vendorcredit",
}
_NAMES = {"Customer": "customerdetail", "Vendor": "vendordetail", "Employee": "employees"}


def page_of(environment: Environment | str, target: str, qbo_id: str) -> str | None:
    """The address of a record's page, None where its kind has none of its own."""
    site = _SITES[Environment(environment)]
    if target in _TRANSACTIONS:
        return f"{site}/{_TRANSACTIONS[target]}?txnId={qbo_id}"
    if target in _NAMES:
        return f"{site}/{_NAMES[target]}?nameId={qbo_id}"
    return None
