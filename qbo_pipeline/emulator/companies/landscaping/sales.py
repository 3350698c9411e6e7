"""Sales forms: invoices, estimates, the credit memo, sales receipts and the refund.

An invoice's total is its lines less discount plus tax, its balance that total less what payments applied; neither stands in
the data. One invoice (42) was made from a statement charge, which the API does not show: it has a subtotal but no line.
"""

from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import (
    Calendar,
    Row,
    cents,
    dollars,
    header,
    line_amount,
    without_empty,
)
from qbo_pipeline.emulator.companies.landscaping.names import ship_address
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.source import Record

_THANKS = "Thank you for your business and have a great day!"
_NET_30 = 3  # every invoice of the sample company is on these terms
_DISCOUNTS_GIVEN = 86


def invoices(recording: Recording, calendar: Calendar) -> list[Record]:
    """The 31 invoices the company starts with."""
    return [_invoice(row, recording, calendar) for row in recording.rows["Invoice"]]


def estimates(recording: Recording, calendar: Calendar) -> list[Record]:
    """Four estimates, all turned into invoices; QuickBooks numbered each 1001."""
    return [
        {
            **_sales_form(row, recording, calendar),
            "TxnStatus": row["status"],
            "LinkedTxn": recording.links_into("Estimate", row["id"]),
        }
        for row in recording.rows["Estimate"]
    ]


def credit_memos(recording: Recording, calendar: Calendar) -> list[Record]:
    """One credit memo, used up by a payment of zero that links it to an invoice."""
    return [_credit_memo(row, recording, calendar) for row in recording.rows["CreditMemo"]]


def sales_receipts(recording: Recording, calendar: Calendar) -> list[Record]:
    """Sales paid on the spot, two into the bank and two into Undeposited Funds."""
    return [_paid_on_the_spot(row, "SalesReceipt", recording, calendar) for row in recording.rows["SalesReceipt"]]


def refund_receipts(recording: Recording, calendar: Calendar) -> list[Record]:
    """One refund, by check."""
    return [_paid_on_the_spot(row, "RefundReceipt", recording, calendar) for row in recording.rows["RefundReceipt"]]


def statement_charges(recording: Recording, calendar: Calendar) -> list[Record]:
    """The charge that invoice 42 bills; no entity of the API shows it."""
    return [
        {
            **header(row, calendar),
            "TxnDate": calendar.day(row["date"]),
            "CustomerRef": recording.reference("Customer", row["customer"]),
            "ItemRef": recording.reference("Item", row["item"]),
            "ItemAccountRef": recording.reference("Account", recording.row("Item", row["item"])["income"]),
            "Description": row["text"],
            "Amount": row["amount"],
        }
        for row in recording.rows["StatementCharge"]
    ]


def _invoice(row: Row, recording: Recording, calendar: Calendar) -> Record:
    form = _sales_form(row, recording, calendar, names_editor=True)
    charges = [{"TxnId": str(charge_id), "TxnType": kind} for kind, charge_id in row.get("charges", ())]
    worked = [line["time"] for line in row.get("lines", ()) if "time" in line]
    times = [{"TxnId": str(time_id), "TxnType": "TimeActivity"} for time_id in worked]
    estimate = [{"TxnId": str(row["estimate"]), "TxnType": "Estimate"}] if "estimate" in row else []
    online = ("AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")
    return {
        **dict.fromkeys(online, False),
        **form,
        "LinkedTxn": charges + times + estimate + recording.links_into("Invoice", row["id"]),
        "FreeFormAddress": "ShipAddr" in form,
        "SalesTermRef": recording.reference("Term", _NET_30),
        "DueDate": calendar.day(row["date"], plus=recording.row("Term", _NET_30)["days"]),
        "Balance": form["TotalAmt"] - recording.settled("Invoice", row["id"]),
    }


def _credit_memo(row: Row, recording: Recording, calendar: Calendar) -> Record:
    form = _sales_form(row, recording, calendar)
    left = form["TotalAmt"] - recording.settled("CreditMemo", row["id"])
    return {
        **form,
        "LinkedTxn": recording.links_into("CreditMemo", row["id"]),
        "Balance": left,
        "RemainingCredit": left,
    }


def _paid_on_the_spot(row: Row, entity: str, recording: Recording, calendar: Calendar) -> Record:
    return without_empty(
        {
            **_sales_form(row, recording, calendar),
            "LinkedTxn": recording.links_into(entity, row["id"]),
            "PaymentMethodRef": recording.reference("PaymentMethod", row["method"]),
            "PaymentRefNum": row.get("reference"),
            "DepositToAccountRef": recording.reference("Account", row["account"]),
            "Balance": 0,
        }
    )


def _sales_form(row: Row, recording: Recording, calendar: Calendar, *, names_editor: bool = False) -> Record:
    customer = recording.row("Customer", row["customer"])
    lines = [
        _item_line(number, line, row, recording, calendar) for number, line in enumerate(row.get("lines", ()), start=1)
    ]
    subtotal = sum((line["Amount"] for line in lines), _unshown_charges(row, recording))
    lines.append({"Amount": subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    discount = cents(subtotal * row.get("discount", 0) / 100)
    if discount:
        lines.append(_discount_line(discount, row["discount"], recording))
    tax = _tax_detail(row, recording)
    return without_empty(
        {
            **header(row, calendar, names_editor=names_editor),
            "CustomField": [_crew(row)],
            "DocNumber": row["number"],
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row.get("note"),
            "Line": lines,
            "TxnTaxDetail": tax,
            "CustomerRef": recording.reference("Customer", row["customer"]),
            "CustomerMemo": {"value": _THANKS},
            "BillAddr": _printed_address(customer, row["address_id"]),
            "ShipAddr": ship_address(customer),
            "TotalAmt": subtotal - discount + tax["TotalTax"],
            "ApplyTaxAfterDiscount": False,
            "PrintStatus": row.get("printed", "NotSet"),
            "EmailStatus": row.get("email", "NotSet"),
            "DeliveryInfo": {"DeliveryType": "Email"} if "email" in row else None,
            "BillEmail": {"Address": customer["email"]} if "email" in customer else None,
        }
    )


def _item_line(number: int, line: Row, form: Row, recording: Recording, calendar: Calendar) -> Record:
    account = line.get("account", recording.row("Item", line["item"])["income"])
    detail = {
        "ServiceDate": calendar.day(line["served"]) if "served" in line else None,
        "ItemRef": recording.reference("Item", line["item"]),
        "UnitPrice": line.get("price"),
        "Qty": line.get("quantity"),
        "MarkupInfo": _markup(line, recording) if line.get("markup") else None,
        "ItemAccountRef": recording.reference("Account", account),
        "TaxCodeRef": {"value": "TAX" if line.get("taxable") else "NON"},
    }
    return without_empty(
        {
            "Id": str(number),
            "LineNum": number,
            "Description": line["text"],
            "Amount": line_amount(line),
            "LinkedTxn": _line_links(line, form),
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": without_empty(detail),
        }
    )


def _unshown_charges(row: Row, recording: Recording) -> Decimal:
    charged = (charge_id for kind, charge_id in row.get("charges", ()) if kind == "StatementCharge")
    return sum((Decimal(recording.row("StatementCharge", each)["amount"]) for each in charged), Decimal(0))


def _line_links(line: Row, form: Row) -> list[Record] | None:
    if "estimate" in form:
        return [{"TxnId": str(form["estimate"]), "TxnType": "Estimate"}]
    if "time" in line:
        return [{"TxnId": str(line["time"]), "TxnType": "TimeActivity"}]
    return None


def _markup(line: Row, recording: Recording) -> Record:
    income = recording.row("Item", line["item"])["income"]
    return {
        "PercentBased": False,
        "Value": line_amount(line),
        "MarkUpIncomeAccountRef": recording.reference("Account", income),
    }


def _discount_line(amount: Decimal, percent: int, recording: Recording) -> Record:
    return {
        "Amount": amount,
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {
            "PercentBased": True,
            "DiscountPercent": percent,
            "DiscountAccountRef": recording.reference("Account", _DISCOUNTS_GIVEN),
        },
    }


def _tax_detail(row: Row, recording: Recording) -> Record:
    if "tax_code" not in row:
        return {"TotalTax": Decimal(0)}
    taxable_lines = (line_amount(line) for line in row.get("lines", ()) if line.get("taxable"))
    taxed = Decimal(row.get("taxed_amount") or sum(taxable_lines, Decimal(0)))
    rates = [recording.row("TaxRate", rate_id) for rate_id in recording.row("TaxCode", row["tax_code"])["rates"]]
    lines = [_tax_line(rate, taxed) for rate in rates]
    return {
        "TxnTaxCodeRef": {"value": str(row["tax_code"])},
        "TotalTax": sum((line["Amount"] for line in lines), Decimal(0)),
        "TaxLine": lines,
    }


def _tax_line(rate: Row, taxed: Decimal) -> Record:
    return {
        "Amount": cents(taxed * rate["percent"] / 100),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": str(rate["id"])},
            "PercentBased": True,
            "TaxPercent": rate["percent"],
            "NetAmountTaxable": taxed,
        },
    }


def _crew(row: Row) -> Record:
    field = {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}
    return field | {"StringValue": row["crew"]} if "crew" in row else field


def _printed_address(customer: Row, address_id: int) -> Record:
    known = [customer[part] for part in ("given", "middle", "family") if part in customer]
    lines = [" ".join(known), customer.get("company")]
    if "address" in customer:
        street, city, state, code, *_ = customer["address"]
        lines += [street, f"{city}, {state}  {code}"]
    printed = [line for line in lines if line]
    return {"Id": str(address_id)} | {f"Line{number}": line for number, line in enumerate(printed, start=1)}
