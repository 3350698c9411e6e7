"""What is sold: quotes with their billings, sales, invoices, and the lines of every document."""

from qbo_pipeline.ops.contract.columns import day, flag, instant, money, number, table, text, whole

_DISCOUNT_KIND = "Whether the discount is a percentage or an amount."
_DISCOUNT_VALUE = "The discount: percent, or an amount."

quotes = table(
    "quotes",
    "Offers to customers; an accepted one becomes an estimate.",
    text("id", "Stable id; revisions keep it.", key=True),
    text("business_entity_id", "Who offers.", required=True),
    text("number", "Its number.", required=True),
    whole("revision", "Counts up with each revised offer.", default=0),
    text("company_id", "The customer.", required=True),
    text("status", "State.", one_of=("draft", "sent", "accepted", "rejected", "expired", "closed"), required=True),
    day("quote_date", "Its date.", required=True),
    day("expiry_date", "Until when it holds."),
    instant("accepted_at", "When the customer accepted."),
    text("currency", "ISO code.", required=True),
    text("po_number", "The customer's order number."),
    text("memo", "Words to the customer."),
    text("discount_kind", _DISCOUNT_KIND, one_of=("percent", "amount")),
    money("discount_value", _DISCOUNT_VALUE),
    number("deposit_pct", "Share asked for in advance, in percent.", 9, 4),
)

quote_billings = table(
    "quote_billings",
    "When and how much of a quote is invoiced; a quote without rows is invoiced on request only.",
    text("id", "Stable id.", key=True),
    text("quote_id", "The quote.", required=True),
    whole("position", "Order within the quote.", required=True),
    text("kind", "What is invoiced.", one_of=("full", "percent", "amount", "milestone", "retainer"), required=True),
    number("percent", "Percent of the quote, for `percent`.", 9, 4),
    money("amount", "The amount, for `amount`, `milestone` and `retainer`."),
    text("description", "What the invoice's line says."),
    day("due_date", "When it is to be invoiced."),
    flag("ready", "It may be invoiced.", default=False),
)

sales = table(
    "sales",
    "Won deals; a closed one is invoiced, or is a sales receipt where it was paid on the spot.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who sells.", required=True),
    text("number", "Its number.", required=True),
    text("company_id", "The customer.", required=True),
    text("quote_id", "The quote it came from; it consumes what it bills of it."),
    text("name", "What was sold: the description of a line that has none."),
    day("sale_date", "When it was signed: the document's date."),
    text("status", "State.", one_of=("open", "closed", "cancelled"), required=True),
    instant("closed_at", "When it was closed."),
    flag("paid_at_sale", "Paid on the spot.", default=False),
    text("currency", "ISO code.", required=True),
    text("po_number", "The customer's order number."),
    text("discount_kind", _DISCOUNT_KIND, one_of=("percent", "amount")),
    money("discount_value", _DISCOUNT_VALUE),
)

INVOICE_STATES = ("draft", "final", "sent", "paid", "void", "closed_unpaid")

invoices = table(
    "invoices",
    "Invoices, credit notes and deposits the operational system itself made.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who invoices.", required=True),
    text("number", "Its number; a draft may have none."),
    text("kind", "What it is.", one_of=("invoice", "credit_note", "deposit"), required=True),
    text("company_id", "The customer.", required=True),
    text("status", "State; `closed_unpaid` is written off as a bad debt.", one_of=INVOICE_STATES, required=True),
    day("invoice_date", "Its date.", required=True),
    day("due_date", "When it is due."),
    text("currency", "ISO code.", required=True),
    number("fx_rate", "Home currency per unit of its currency; empty leaves it to QuickBooks.", 18, 8),
    text("po_number", "The customer's order number."),
    text("customer_memo", "Words to the customer."),
    text("discount_kind", _DISCOUNT_KIND, one_of=("percent", "amount")),
    money("discount_value", _DISCOUNT_VALUE),
    flag("discount_before_tax", "The discount lowers what is taxed."),
    money("tax_total", "Sales tax, where the operational system computes it."),
    money("total", "What the customer owes by it, tax included."),
    text("corrects_invoice_id", "The invoice a credit note corrects."),
    day("closed_unpaid_date", "When it was given up."),
    text("closed_unpaid_reason", "Why it was given up."),
)

DOCUMENT_KINDS = ("quote", "sale", "purchase_order", "vendor_bill", "invoice")
LINE_KINDS = ("item", "discount", "subtotal", "note", "shipping", "tax")
BILLED_KINDS = ("time_entry", "ticket", "quote_line", "contract_period", "sale_line", "po_line", "expense_line")

document_lines = table(
    "document_lines",
    "The lines of every document, in one table.",
    text("document_kind", "Which table the document is in.", one_of=DOCUMENT_KINDS, key=True),
    text("document_id", "The document.", key=True),
    text("line_id", "Stable id within the document.", key=True),
    whole("position", "Order within the document.", required=True),
    text("line_kind", "What the line is.", one_of=LINE_KINDS, default="item"),
    text("product_id", "The product; an item line without one takes the default item."),
    text("account", "Code of an account, where the line names one instead of a product."),
    text("description", "What the line says."),
    number("quantity", "How many.", 18, 4),
    number("unit_price", "Price of one.", 18, 7),
    money("amount", "Quantity times price, before discount and tax.", required=True),
    text("tax_code", "Its tax code."),
    flag("taxable", "It is taxed."),
    text("class_code", "Its class."),
    text("customer_company_id", "The customer a cost is for."),
    flag("billable", "The cost is to be passed on."),
    day("service_date", "When the service was given."),
    text("source_kind", "What the line bills.", one_of=BILLED_KINDS),
    text("source_id", "Which one: a line is `document/line`, a period is `contract/first day`."),
    number("received_quantity", "How many have arrived, on a purchase order.", 18, 4),
)
