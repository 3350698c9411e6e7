"""What is bought: purchase orders, vendors' bills, expense receipts."""

from qbo_pipeline.ops.contract.columns import day, flag, instant, money, number, table, text

ORDER_STATES = ("draft", "approved", "sent", "part_received", "received", "closed", "cancelled")

purchase_orders = table(
    "purchase_orders",
    "Orders to vendors.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who orders.", required=True),
    text("number", "Its number.", required=True),
    text("vendor_company_id", "The vendor.", required=True),
    text("status", "State.", one_of=ORDER_STATES, required=True),
    day("order_date", "Its date.", required=True),
    day("expected_date", "When it should arrive."),
    text("currency", "ISO code.", required=True),
    text("ship_to_company_id", "The customer it is delivered to."),
    text("memo", "Words to the vendor."),
)

vendor_bills = table(
    "vendor_bills",
    "Vendors' invoices.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who owes.", required=True),
    text("vendor_company_id", "The vendor.", required=True),
    text("vendor_invoice_no", "The vendor's own number; a vendor uses each once."),
    day("bill_date", "Its date.", required=True),
    day("due_date", "When it is due."),
    text("currency", "ISO code.", required=True),
    text("status", "State.", one_of=("draft", "approved", "void"), required=True),
)

RECEIPT_STATES = ("draft", "submitted", "approved", "rejected", "reimbursed")

expense_receipts = table(
    "expense_receipts",
    "Receipts people hand in.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who bears it.", required=True),
    text("user_id", "Who spent."),
    text("vendor_company_id", "Where."),
    day("receipt_date", "Its date.", required=True),
    text("currency", "ISO code.", required=True),
    money("total", "What was paid, tax included.", required=True),
    money("tax_total", "Tax within it."),
    text("paid_with", "How it was paid.", one_of=("company_card", "cash", "bank", "employee"), required=True),
    text("payment_account", "Code of the card or account it was paid from."),
    text("status", "State.", one_of=RECEIPT_STATES, required=True),
    instant("approved_at", "When it was approved."),
    text("attachment_ref", "Path or https address of the picture."),
    text("department_code", "Its department."),
)

expense_lines = table(
    "expense_lines",
    "What a receipt's money went to.",
    text("expense_receipt_id", "The receipt.", key=True),
    text("line_id", "Stable id within it.", key=True),
    text("category", "The category an expense account is mapped to.", required=True),
    text("description", "What it was."),
    money("amount", "How much.", required=True),
    text("tax_code", "Its tax code."),
    text("customer_company_id", "The customer it was for."),
    text("ticket_id", "The ticket it was for."),
    flag("billable", "It is to be passed on to the customer.", default=False),
    number("markup_pct", "What is added when it is passed on, in percent.", 9, 4),
)
