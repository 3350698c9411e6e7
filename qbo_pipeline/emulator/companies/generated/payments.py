"""The payments of a generated company: one for each settled invoice, all or part of it."""

from array import array
from collections.abc import Sequence
from itertools import compress

from qbo_pipeline.emulator.companies.generated.ids import Ids
from qbo_pipeline.emulator.companies.generated.sales import Invoices
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record


class Payments:
    """The payment of each settled invoice, by position among the payments."""

    def __init__(self, invoices: Invoices) -> None:
        self._invoices, self._settlement = invoices, invoices.settlement
        document, number = invoices.settlement.document, invoices.numbers.payment
        self.ids = Ids(range(invoices.settlement.count), lambda position: number(document(position)))

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        _, updated = self._invoices.instants()
        entered = array("q", compress(updated, self._settlement.flags()))
        return entered, entered

    def record(self, position: int) -> Record:
        invoices, settlement = self._invoices, self._settlement
        invoice = settlement.document(position)
        total = invoices.amounts(invoice).total
        paid = settlement.paid(invoice, total)
        entered = settlement.instant(invoice, invoices.created(invoice))
        moment = invoices.calendar.text(entered)
        number = invoices.numbers.invoice(invoice)
        return {
            "CustomerRef": invoices.directory.customer(invoices.allotment.party(invoice)).reference,
            "DepositToAccountRef": {"value": "35", "name": "Checking"},
            "PaymentMethodRef": {"value": "2", "name": "Check"},
            "PaymentRefNum": str(20_001 + position),
            "TotalAmt": paid / 100,
            "UnappliedAmt": 0,
            "ProcessPayment": False,
            "domain": "QBO",
            "sparse": False,
            "Id": str(invoices.numbers.payment(invoice)),
            "SyncToken": "0",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
            "TxnDate": moment[:10],
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [],
            "Line": [
                {
                    "Amount": paid / 100,
                    "LinkedTxn": [{"TxnId": str(number), "TxnType": "Invoice"}],
                    "LineEx": extension(
                        txnId=str(number),
                        txnOpenBalance=f"{total // 100}.{total % 100:02d}",
                        txnReferenceNumber=str(1001 + invoice),
                    ),
                }
            ],
        }
