"""Money in and out, and which document each part of it settles: income by month needs the second, not the first."""

from qbo_pipeline.ops.contract.columns import day, money, number, table, text

payments = table(
    "payments",
    "Money received and paid.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whose money.", required=True),
    text("company_id", "From or to whom.", required=True),
    text("direction", "Received or paid.", one_of=("in", "out"), required=True),
    text("kind", "What it is.", one_of=("payment", "refund", "chargeback", "fee"), required=True),
    day("payment_date", "When.", required=True),
    money("amount", "How much, fee included.", required=True),
    text("currency", "ISO code.", required=True),
    number("fx_rate", "Home currency per unit of its currency.", 18, 8),
    text("method", "How: card, transfer, cheque."),
    text(
        "reference", "Its number at the bank or card company; `qbo:` and an id where it was taken over from QuickBooks."
    ),
    text("deposit_account", "Code of the account it went to or came from."),
    money("fee_amount", "What the card company or bank kept of it; of a chargeback what it charged for that."),
    text("status", "State; only cleared money is pushed.", one_of=("cleared", "pending", "void"), required=True),
)

applications = table(
    "applications",
    "Which part of a payment or credit note settles which document.",
    text("id", "Stable id.", key=True),
    text("from_kind", "What is applied.", one_of=("payment", "credit_note"), required=True),
    text("from_id", "Which one.", required=True),
    text("to_kind", "What it settles.", one_of=("invoice", "vendor_bill"), required=True),
    text("to_id", "Which one.", required=True),
    money("amount", "How much of it, in the document's currency.", required=True),
    day("applied_date", "When.", required=True),
)
