"""What comes round at the consultancy every month: retainers, projects, workshops, rent, wages, the card and the bank."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qbo_pipeline.emulator.companies.consultancy.banking import Banking
from qbo_pipeline.emulator.companies.consultancy.hours import Hours
from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.companies.consultancy.lines import Bundle, Entry, Remark, Sold
from qbo_pipeline.emulator.companies.consultancy.purchases import Cost, Purchases
from qbo_pipeline.emulator.companies.consultancy.receipts import UNDEPOSITED, Receipts
from qbo_pipeline.emulator.companies.consultancy.sales import Sales
from qbo_pipeline.emulator.source import Record

ADVISORY, TECHNOLOGY, DATA, TRAINING = (f"50000000000000856{n}" for n in (82, 83, 84, 85))
_MONTHS, _MONTH, _FIRST_DAY = 13, 30, 385


@dataclass
class Office:
    """The ledger and those who write into it."""

    ledger: Ledger
    sales: Sales = field(init=False)
    receipts: Receipts = field(init=False)
    purchases: Purchases = field(init=False)
    banking: Banking = field(init=False)
    hours: Hours = field(init=False)
    undeposited: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sales, self.receipts = Sales(self.ledger), Receipts(self.ledger)
        self.purchases, self.banking = Purchases(self.ledger), Banking(self.ledger)
        self.hours = Hours(self.ledger)

    def sell(self, customer: str, entries: Sequence[Entry], paid_after: int, **options: object) -> Record:
        """An invoice, and in the diary the day its customer pays all that is then open."""
        invoice = self.sales.invoice(customer, entries, **options)
        self.ledger.at(self.ledger.today - paid_after, lambda: self._collect(customer, invoice))
        return invoice

    def buy(self, vendor: str, costs: Sequence[Cost], number: str, paid_after: int, **options: object) -> Record:
        """A bill, and in the diary the day it is paid from the bank."""
        bill = self.purchases.bill(vendor, costs, number, **options)
        self.ledger.at(
            self.ledger.today - paid_after, lambda: self.purchases.bill_payment(vendor, [(bill, bill["Balance"])])
        )
        return bill

    def bank(self) -> None:
        """Take what lies in undeposited funds to the bank."""
        if self.undeposited:
            self.receipts.deposit(self.undeposited)
            self.undeposited = []

    def _collect(self, customer: str, invoice: Record) -> None:
        # Card takings of the workshops reach the bank in batches; everybody else pays by transfer.
        by_card = customer in ("1", "7")
        payment = self.receipts.payment(
            customer,
            [(invoice, invoice["Balance"])],
            method="2" if by_card else "1",
            account=UNDEPOSITED if by_card else None,
            reference=f"{customer}/{invoice['DocNumber']}",
        )
        if by_card:
            self.undeposited.append(payment)


def write_regular(office: Office) -> None:
    """Put thirteen months, the last one unfinished, into the diary."""
    for month in range(_MONTHS):
        _write_sales(office, month, _FIRST_DAY - _MONTH * month)
        _write_costs(office, month, _FIRST_DAY - _MONTH * month)


def _write_sales(office: Office, month: int, start: int) -> None:
    at, sell = office.ledger.at, office.sell
    retained, council = ("2", "3", "6")[month % 3], ("9", "10")[month % 2]
    abroad, overseas = ("14", "15", "16")[month % 3], ("17", "18")[month % 4 // 2]
    at(start - 2, lambda: sell(retained, _retainer(month), 27 + month % 9, custom=[f"PO-{4400 + month}", "Retainer"]))
    at(start - 4, lambda: sell(council, [Sold("5", "4", class_id=DATA)], 62, department="2"))
    at(start - 8, lambda: sell(abroad, [Sold("2", str(2 + month % 3), "1350.00", class_id=ADVISORY)], 33))
    if month % 2 == 0:
        at(start - 10, lambda: sell(overseas, [Sold("5", "3", "1240.00"), Sold("8", "2", "799.95")], 24))
    at(start - 15, lambda: sell(("4", "7", "1")[month % 3], _workshop(month), 35, department="3"))
    at(start - 6, lambda: _work_on_project(office, month))


def _retainer(month: int) -> list[Entry]:
    return [
        Sold("3", str(12 + month % 4), class_id=ADVISORY),
        Sold("4", "20.5", class_id=TECHNOLOGY, text="Consultant, per hour, “on call” as agreed"),
    ]


def _workshop(month: int) -> list[Entry]:
    if month % 3 == 2:
        return [Bundle("11"), Remark("Books are zero-rated; the workshop is not.")]
    return [Sold("6", "1", class_id=TRAINING), Sold("9", str(5 + month % 7))]


def _work_on_project(office: Office, month: int) -> None:
    """Three people's hours for a project; two thirds of them go onto an invoice a fortnight later."""
    project = ("11", "12")[month % 2]
    worked = office.hours.worked
    analysis = worked(("Employee", "51"), project, "4", 6 + month % 2, 30, text="Analysis & modelling", class_id=DATA)
    design = worked(("Employee", "50"), project, "3", 3, 15 * (month % 4), text="Design review", class_id=DATA)
    worked(("Employee", "53"), project, "15", 1, 45, text="Internal hand-over", billable=False)

    def bill() -> None:
        office.sell(project, office.hours.bill_hours([analysis, design]), 40, note="Hours as per time sheet")

    office.ledger.at(office.ledger.today - 14, bill)


def _write_costs(office: Office, month: int, start: int) -> None:
    at, buy, banking = office.ledger.at, office.buy, office.banking
    at(start, lambda: buy("30", [Cost("20", "2400.00", text="Rent")], f"WL-{7100 + month}", 5))
    hosting = [Cost("23", str(Decimal("186.40") + Decimal("3.15") * month), text="Hosting"), Cost("27", "42.00", "2")]
    at(start - 1, lambda: buy("31", hosting, f"TH{2031 + month}", 28))
    at(start - 17, lambda: buy("34", [Cost("11", "1320.00", "6", class_id=DATA)], f"A{month + 1:02d}", 13))
    if month % 3 == 1:
        at(start - 26, lambda: buy("38", [Cost("23", "890.00", "7", "Licences")], f"RE-{55810 + month}", 30))
    if month % 3 == 2:
        at(start - 26, lambda: buy("39", [Cost("23", "415.50", "6", "Data sets")], f"INV{88210 + month}", 21))
    at(start - 12, lambda: _spend(office, month))
    at(start - 18, lambda: _pay_wages(office, month))
    if month % 3 == 2:
        at(start - 20, lambda: _depreciate(office, month))
        at(start - 27, lambda: banking.pay_vat(f"VAT return {month // 3 + 1}"))
    at(start - 22, office.bank)
    if month % 2:
        at(start - 24, lambda: banking.pay_card(str(-office.ledger.balances["48"]), "Card balance"))


def _spend(office: Office, month: int) -> None:
    spend = office.purchases.spend
    rail = Cost("22", str(Decimal("64.30") + 7 * (month % 5)), "4", "Rail tickets")
    spend("Cash", "60", [rail], payee=("Vendor", "32"))
    spend("CreditCard", "48", [Cost("23", "59.99", "2", "Design software")], mode="TaxInclusive")


def _pay_wages(office: Office, month: int) -> None:
    # A leaver of the first half year is in the older journals under the name he has today.
    employee = "54" if month < 5 else "52"
    lines = [("30", "Debit", "5140.00"), ("60", "Credit", "5140.00")]
    office.banking.journal(lines, number=f"PAY-{month + 1:02d}", note="Net wages", employee=employee, department="1")


def _depreciate(office: Office, month: int) -> None:
    lines = [("31", "Debit", "240.00"), ("47", "Credit", "240.00")]
    office.banking.journal(lines, number=f"DEP-{month}", note="Depreciation", class_id=ADVISORY, is_adjustment=True)
