"""Hours worked at the consultancy and expenses to be passed on: what waits for an invoice, and what happens when it comes."""

from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.companies.consultancy.lines import Sold
from qbo_pipeline.emulator.source import Record

_RECHARGED_TRAVEL, _RECHARGE_INCOME = "7", "6"


class Hours:
    """Enters time activities and reimburse charges, and turns them into invoice lines."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists

    def worked(
        self,
        worker: tuple[str, str],
        customer: str,
        item: str,
        hours: int,
        minutes: int,
        *,
        text: str,
        billable: bool = True,
        class_id: str | None = None,
        with_times: bool = False,
    ) -> Record:
        """Hours of an ("Employee" or "Vendor", id) for a customer; entered with times, they come back as times only."""
        kind, person = worker
        project = self._lists.get("Customer", customer).get("IsProject")
        day = self._ledger.date()
        duration: Record = {"Hours": hours, "Minutes": minutes}
        if with_times:
            end = 9 * 60 + hours * 60 + minutes
            duration = {"StartTime": f"{day}T09:00:00Z", "EndTime": f"{day}T{end // 60:02d}:{end % 60:02d}:00Z"}
        return self._ledger.enter(
            "TimeActivity",
            {
                "TxnDate": day,
                "NameOf": kind,
                f"{kind}Ref": self._lists.reference(kind, person),
                "CustomerRef": self._lists.reference("Customer", customer),
                **({"ProjectRef": {"value": f"392980{customer}"}} if project else {}),
                "ItemRef": self._lists.reference("Item", item),
                **({"ClassRef": self._lists.reference("Class", class_id)} if class_id else {}),
                "BillableStatus": "Billable" if billable else "NotBillable",
                "Taxable": billable,
                "HourlyRate": self._lists.price(item) if billable else Decimal(0),
                **duration,
                "Description": text,
            },
        )

    def bill_hours(self, activities: Sequence[Record]) -> list[Sold]:
        """Invoice lines for hours, which are from now on billed."""
        lines = []
        for activity in activities:
            activity["BillableStatus"] = "HasBeenBilled"
            self._ledger.change(activity)
            quantity = activity["Hours"] + Decimal(activity["Minutes"]) / 60
            lines.append(
                Sold(
                    activity["ItemRef"]["value"],
                    str(quantity.quantize(Decimal("0.01"))),
                    text=activity["Description"],
                    served_on=activity["TxnDate"],
                    link=(activity["Id"], "TimeActivity"),
                )
            )
        return lines

    def recharge(self, bill: Record) -> Record:
        """The charge QuickBooks keeps for the billable line of a bill until it is invoiced."""
        (line,) = (line for line in bill["Line"] if _detail(line)["BillableStatus"] == "Billable")
        charge = self._ledger.enter(
            "ReimburseCharge",
            {
                "TxnDate": bill["TxnDate"],
                "CustomerRef": dict(_detail(line)["CustomerRef"]),
                **self._ledger.currency_fields(bill["CurrencyRef"]["value"]),
                "Amount": line["Amount"],
                "HasBeenInvoiced": False,
                "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}],
                "Line": [
                    {
                        "Id": "1",
                        "LineNum": 1,
                        "Description": line["Description"],
                        "Amount": line["Amount"],
                        "DetailType": "ReimburseLineDetail",
                        "ReimburseLineDetail": {
                            "ItemRef": self._lists.reference("Item", _RECHARGED_TRAVEL),
                            "ItemAccountRef": self._lists.reference("Account", _RECHARGE_INCOME),
                            "Qty": Decimal(1),
                            "UnitPrice": line["Amount"],
                            "TaxCodeRef": {"value": "2"},
                        },
                    }
                ],
            },
        )
        self._ledger.link(bill, charge, "ReimburseCharge")
        return charge

    def bill_charge(self, charge: Record) -> Sold:
        """The invoice line for a charge."""
        text = charge["Line"][0]["Description"]
        return Sold(_RECHARGED_TRAVEL, "1", str(charge["Amount"]), text=text, link=(charge["Id"], "ReimburseCharge"))

    def charged(self, charge: Record, bill: Record, invoice: Record) -> None:
        """Note that a charge went out on an invoice: on the charge and on the bill it came from."""
        charge["HasBeenInvoiced"] = True
        charge["Line"][0]["LinkedTxn"] = [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
        self._ledger.link(charge, invoice, "Invoice")
        for line in bill["Line"]:
            if _detail(line)["BillableStatus"] == "Billable":
                _detail(line)["BillableStatus"] = "HasBeenBilled"
        self._ledger.change(bill)


def _detail(line: Record) -> Record:
    return line[line["DetailType"]]
