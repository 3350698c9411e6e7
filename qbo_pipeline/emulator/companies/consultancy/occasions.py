"""What happened at the consultancy once: each an odd case that a mirror of the books has to get right."""

from decimal import Decimal

from qbo_pipeline.emulator.companies.consultancy.lines import Remark, Shipping, Sold
from qbo_pipeline.emulator.companies.consultancy.purchases import Cost, Supply
from qbo_pipeline.emulator.companies.consultancy.receipts import UNDEPOSITED
from qbo_pipeline.emulator.companies.consultancy.regular import ADVISORY, TECHNOLOGY, TRAINING, Office
from qbo_pipeline.emulator.companies.consultancy.tax import INCLUSIVE, NOT_APPLICABLE

_PILOT_PROJECTS = "5000000000000085686"
_LONG_NOTE = "Agreed with the client's finance team: “invoice in arrears, 30 days, quote the order number”. " * 38


def write_occasions(office: Office) -> None:
    """Put the one-off events into the diary."""
    at = office.ledger.at
    at(388, lambda: _open_books(office))
    at(371, lambda: _trade_with_names_since_closed(office))
    at(340, lambda: _sell_from_estimates(office))
    at(330, lambda: _sell_over_the_counter(office))
    at(301, lambda: _order_books(office))
    at(262, lambda: _give_credit(office))
    at(233, lambda: _recharge_travel(office))
    at(214, lambda: _pay_in_parts(office))
    at(188, lambda: _void_an_invoice(office))
    at(160, lambda: _return_supplies(office))
    at(131, lambda: _sell_at_odd_prices(office))
    at(97, lambda: _sweep_euros(office))
    at(64, lambda: _count_stock(office))
    at(20, lambda: _leave_things_open(office))


def _open_books(office: Office) -> None:
    lines = [
        ("60", "Debit", "48000.00"),
        ("61", "Debit", "25000.00"),
        ("46", "Debit", "9600.00"),
        ("49", "Credit", "20000.00"),
        ("50", "Credit", "100.00"),
        ("52", "Credit", "62500.00"),
    ]
    office.banking.journal(lines, number="OPEN", note="Opening balances")


def _trade_with_names_since_closed(office: Office) -> None:
    """Documents of a customer, vendor, class, location, account, item and payment method that are inactive today."""
    audit = [Sold("14", "3", class_id=_PILOT_PROJECTS), Sold("2", "1")]
    printworks = office.sales.invoice("13", audit, department="4")
    office.ledger.at(335, lambda: office.receipts.payment("13", [(printworks, printworks["Balance"])], method="4"))
    danish = office.sales.invoice("19", [Sold("14", "2", "990.00", class_id=_PILOT_PROJECTS)], department="4")
    office.ledger.at(329, lambda: office.receipts.payment("19", [(danish, danish["Balance"])]))
    office.buy("40", [Cost("26", "312.50", "2", "Launch lunch")], "CC-118", 6, department="4")
    office.purchases.spend("Check", "60", [Cost("36", "450.00", "2", "Trade press")], number="100211")


def _sell_from_estimates(office: Office) -> None:
    offer = [Sold("2", "3", class_id=ADVISORY), Sold("5", "5", class_id=TECHNOLOGY), Sold("9", "10")]
    won = office.sales.estimate("5", offer, custom=["RGF-2207"], memo="Prices hold for thirty days.")
    office.sales.estimate("17", [Sold("5", "10", "1200.00")], status="Rejected")
    office.sales.estimate("8", [Sold("6", "4"), Sold("10", "48")], status="Accepted")
    office.ledger.at(312, lambda: office.sell("5", offer, 31, estimate=won, custom=["RGF-2207"], note=_LONG_NOTE))
    office.ledger.at(15, lambda: office.sales.estimate("16", [Sold("2", "6", "1350.00")]))


def _sell_over_the_counter(office: Office) -> None:
    """Prices with tax in them; a refund; takings that reach the bank together, less petty cash."""
    sales, receipts = office.sales, office.receipts
    books = sales.sales_receipt("20", [Sold("9", "4"), Sold("10", "2")], "3", UNDEPOSITED, mode=INCLUSIVE)
    kits = [Sold("12", "3"), Sold("6", "0.5", "1999.99"), Shipping("14.40")]
    evening = sales.sales_receipt("7", kits, "2", UNDEPOSITED, mode=INCLUSIVE, department="3")
    office.ledger.at(328, lambda: receipts.deposit([books, evening], interest="3.18", cash_back="40.00"))
    office.ledger.at(318, lambda: sales.refund_receipt("20", [Sold("9", "1")], "3", "60", mode=INCLUSIVE))
    dollars = [Sold("8", "1", "799.95")]
    office.ledger.at(143, lambda: sales.sales_receipt("18", dollars, "2", "1150040001", mode=NOT_APPLICABLE))
    office.ledger.at(77, lambda: receipts.deposit([], interest="61.27", account="61"))


def _order_books(office: Office) -> None:
    """A purchase order that is delivered and billed, and one that is still open."""
    purchases = office.purchases
    order = purchases.order("36", [Supply("9", "300"), Supply("10", "250")], "PO-1001", "Deliver to the rear entrance")
    delivered = [Supply("9", "300", ordered=(order, "1")), Supply("10", "250", ordered=(order, "2"))]

    def deliver() -> None:
        bill = purchases.bill("36", delivered, "BLP 30551")
        half = (bill["Balance"] / 2).quantize(Decimal("0.01"))
        office.ledger.at(260, lambda: purchases.bill_payment("36", [(bill, half)], number="100214"))
        office.ledger.at(240, lambda: purchases.bill_payment("36", [(bill, bill["Balance"])], by_card=True))

    office.ledger.at(286, deliver)
    office.ledger.at(9, lambda: purchases.order("36", [Supply("10", "100")], "PO-1002", "Please confirm the date"))


def _give_credit(office: Office) -> None:
    """A credit used by a payment of nothing else, another one still open."""
    sales, receipts = office.sales, office.receipts
    workshop = sales.invoice("4", [Sold("6", "2", class_id=TRAINING)])
    credit = sales.credit_memo("4", [Sold("6", "1", "450.00", text="Two people fell ill")])
    amount = credit["TotalAmt"]
    office.ledger.at(
        255, lambda: receipts.payment("4", [(workshop, amount)], credits_used=[(credit, amount)], method="1")
    )
    office.ledger.at(229, lambda: receipts.payment("4", [(workshop, workshop["Balance"])], reference="TC/881"))
    office.ledger.at(33, lambda: sales.credit_memo("15", [Sold("2", "1", "1350.00", text="Gutschrift, Tag entfällt")]))


def _recharge_travel(office: Office) -> None:
    flight = Cost("22", "268.00", "4", "Flight Leeds to München", billable_to="5")
    bill = office.purchases.bill("32", [flight, Cost("21", "18.20", "2", "Luggage")], "FF/77121")
    charge = office.hours.recharge(bill)
    waiting = office.purchases.bill("32", [Cost("22", "93.40", "4", "Train to Hull", billable_to="12")], "FF/77160")
    office.hours.recharge(waiting)

    def invoice() -> None:
        lines = [office.hours.bill_charge(charge), Sold("2", "1", class_id=ADVISORY)]
        office.hours.charged(charge, bill, office.sell("5", lines, 30))

    office.ledger.at(221, invoice)
    both = [bill, waiting]
    office.ledger.at(
        210, lambda: office.purchases.bill_payment("32", [(one, one["Balance"]) for one in both], number="100222")
    )


def _pay_in_parts(office: Office) -> None:
    """One payment over two invoices and more than both; one invoice in three payments, two of them made."""
    sales, receipts = office.sales, office.receipts
    first, second = sales.invoice("6", [Sold("3", "7.75")]), sales.invoice("6", [Sold("13"), Sold("4", "2.25")])
    office.ledger.at(
        196,
        lambda: receipts.payment(
            "6",
            [(first, first["Balance"]), (second, second["Balance"])],
            unapplied=Decimal("125.00"),
            reference="MT-REF 88",
        ),
    )
    large = sales.invoice("3", [Sold("2", "8")], note="To be paid in three parts")
    for day in (190, 120):
        office.ledger.at(day, lambda: receipts.payment("3", [(large, Decimal("3333.33"))]))
    euros = sales.invoice("16", [Sold("5", "6", "1105.55")])
    office.ledger.at(150, lambda: receipts.payment("16", [(euros, Decimal("2500.00"))]))


def _void_an_invoice(office: Office) -> None:
    twice = office.sales.invoice("2", [Sold("3", "5"), Remark("Entered twice by mistake")])
    office.ledger.at(186, lambda: office.sales.void(twice))


def _return_supplies(office: Office) -> None:
    """A vendor's credit set against its bill, and a refund to the card."""
    purchases = office.purchases
    bill = purchases.bill("33", [Cost("28", "284.90", "2", "Chairs"), Cost("28", "61.35", "2", "Paper")], "IQ-5521")
    credit = purchases.vendor_credit("33", [Cost("28", "95.00", "2", "One chair returned")], "IQ-C77")

    def pay() -> None:
        used = credit["Balance"]
        purchases.bill_payment("33", [(bill, bill["Balance"])], credits_used=[(credit, used)], number="100230")

    office.ledger.at(149, pay)
    office.ledger.at(70, lambda: purchases.vendor_credit("31", [Cost("23", "24.00", "2", "Outage credit")], "TH-CR3"))
    refund = [Cost("23", "59.99", "2", "Software cancelled")]
    office.ledger.at(58, lambda: purchases.spend("CreditCard", "48", refund, mode=INCLUSIVE, is_refund=True))


def _sell_at_odd_prices(office: Office) -> None:
    """Discounts before and after tax, four rates on one invoice, an inline subtotal, prices that do not divide evenly."""
    sell = office.sell
    sell("5", [Sold("2", "4", class_id=ADVISORY)], 30, discount_percent="7.5")
    sell("7", [Sold("6", "1"), Sold("9", "3")], 30, discount_amount="50.00")
    mixed = [Sold("2"), Sold("12", "7"), Sold("9", "11"), Remark("Subtotal: 1,979.43"), Sold("13"), Shipping("6.95")]
    sell("8", mixed, 61, custom=["", "Mixed rates"])
    sell("1", [Sold("4", "3", "133.33"), Sold("12", "7", "19.99"), Sold("9", "3", "24.49")], 20, mode=INCLUSIVE)
    sell("17", [Sold("3", "0.3333", "212.7778")], 25, mode=NOT_APPLICABLE)


def _sweep_euros(office: Office) -> None:
    """Euros sold for pounds in a journal kept in euros, and money put aside."""
    lines = [("60", "Debit", "5000.00"), ("1150040000", "Credit", "5000.00")]
    office.banking.journal(lines, note="Euros sold", currency="EUR")
    office.banking.transfer("60", "61", "7500.00", "For the VAT return")
    office.ledger.at(36, lambda: office.banking.transfer("61", "60", "2500.00", "Back for the wages"))


def _count_stock(office: Office) -> None:
    office.banking.count_stock([("9", "-3"), ("10", "2")], "CNT-2", "Yearly count; three handbooks water-damaged")
    office.ledger.at(31, lambda: office.banking.count_stock([("10", "-1")], "CNT-3", "Display copy"))


def _leave_things_open(office: Office) -> None:
    """The newest documents: an overpaid deposit, unbilled hours, an unpaid bill, a payment of no invoice."""
    office.receipts.payment("17", [], unapplied=Decimal("1500.00"), reference="WIRE 20771")
    for person, customer in (("50", "5"), ("52", "1"), ("51", "14")):
        office.hours.worked(("Employee", person), customer, "4", 2, 0, text="Scoping call", with_times=person == "52")
    office.hours.worked(("Vendor", "34"), "12", "4", 7, 30, text="Migration scripts")
    office.purchases.bill("37", [Cost("29", "1260.00", "5", "Yearly cover")], "KM/3/20118", department="2")
    office.purchases.bill("35", [Cost("27", "96.00", "2"), Cost("33", "131.80", "3", "Energy")], "HX 0099123")
