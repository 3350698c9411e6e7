"""What is worked: tickets, timesheets with their entries, and contracts that bill again and again."""

from qbo_pipeline.ops.contract.columns import day, flag, instant, money, number, table, text, whole

_APPROVAL = ("draft", "submitted", "approved", "changes_requested")

tickets = table(
    "tickets",
    "Pieces of work for a customer.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who works.", required=True),
    text("number", "Its number.", required=True),
    text("company_id", "The customer.", required=True),
    text("contract_id", "The contract that covers it."),
    text("title", "What it is about."),
    text("status", "State.", one_of=("open", "closed", "cancelled"), required=True),
    text("billing_mode", "How it is billed.", one_of=("time", "fixed", "covered", "none"), required=True),
    money("fixed_price", "Its price, for `fixed`."),
    text("product_id", "The item it is billed with."),
    instant("closed_at", "When it was closed."),
    flag("ready_to_bill", "It may be invoiced.", default=False),
)

timesheets = table(
    "timesheets",
    "One person's hours of a period, approved as a whole.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whom they work for.", required=True),
    text("user_id", "Whose hours.", required=True),
    day("period_start", "First day.", required=True),
    day("period_end", "First day after it.", required=True),
    text("status", "State.", one_of=_APPROVAL, required=True),
    whole("approval_version", "Counts up with each approval, so that one taken back can be followed.", default=0),
    text("approved_by", "Who approved."),
    instant("approved_at", "When."),
)

time_entries = table(
    "time_entries",
    "Hours worked.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whom they were worked for.", required=True),
    text("user_id", "Who worked.", required=True),
    text("timesheet_id", "The sheet that is approved."),
    text("company_id", "The customer; none for work of our own."),
    text("ticket_id", "The ticket."),
    text("contract_id", "The contract."),
    text("project_id", "The project."),
    day("work_date", "The day of work, where it was done.", required=True),
    text("time_zone", "IANA zone of the place of work.", required=True),
    instant("started_at", "Begin, where it was clocked."),
    instant("ended_at", "End, where it was clocked."),
    whole("minutes", "True length, breaks included.", required=True),
    whole("break_minutes", "Breaks within it.", default=0),
    text("billable", "To whom it counts.", one_of=("billable", "no_charge", "not_billable", "covered"), required=True),
    whole("bill_minutes", "Minutes to bill, where the operational system has rounded them itself."),
    money("rate", "Rate per hour, where the operational system has resolved it itself."),
    text("work_role", "Role it was done in."),
    text("work_type", "Type of work."),
    text("product_id", "The item it is billed with."),
    text("notes", "What was done."),
    text("status", "State.", one_of=_APPROVAL, required=True),
)

contracts = table(
    "contracts",
    "Agreements that bill a period again and again; periods are half-open and computed from the anchor.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Who provides.", required=True),
    text("number", "Its number.", required=True),
    text("company_id", "The customer.", required=True),
    text("name", "What it is.", required=True),
    text("status", "State.", one_of=("draft", "active", "on_hold", "ended", "cancelled"), required=True),
    day("start_date", "First day covered.", required=True),
    day("end_date", "First day not covered; none if it has no end."),
    whole("bill_every", "Units per period.", default=1),
    text("bill_unit", "The unit; a quarter is three months.", one_of=("week", "month", "year"), required=True),
    day("anchor_date", "The date every period is counted from.", required=True),
    flag("anchor_is_month_end", "Periods begin on the last day of their month.", default=False),
    text(
        "alignment",
        "Periods from the anchor, or calendar periods.",
        one_of=("anniversary", "calendar"),
        default="anniversary",
    ),
    text("timing", "Billed when a period begins or when it ends.", one_of=("advance", "arrears"), default="advance"),
    text("proration", "What a part of a period costs.", one_of=("actual_days", "none", "full"), default="actual_days"),
    text(
        "date_roll",
        "Where an invoice date goes that is no business day.",
        one_of=("none", "next_business_day", "previous_business_day"),
        default="none",
    ),
    text("catch_up", "How missed periods are billed.", one_of=("each", "merged", "none"), default="each"),
    text("currency", "ISO code.", required=True),
    text("po_number", "The customer's order number."),
    flag("auto_invoice", "It is invoiced without being asked for.", default=True),
)

contract_lines = table(
    "contract_lines",
    "What a contract bills; another price or quantity is a new row from its day on.",
    text("id", "Stable id.", key=True),
    text("contract_id", "The contract.", required=True),
    whole("position", "Order within the contract.", required=True),
    text("product_id", "The product."),
    text("description", "What the line says."),
    number("quantity", "How many.", 18, 4, required=True),
    money("unit_price", "Price of one for a whole period.", required=True),
    text("tax_code", "Its tax code."),
    text("class_code", "Its class."),
    day("effective_from", "First day.", required=True),
    day("effective_to", "First day no more."),
)

contract_skips = table(
    "contract_skips",
    "Periods that are not billed, each with its reason.",
    text("contract_id", "The contract.", key=True),
    day("period_start", "First day of the period.", key=True),
    text("reason", "Why.", required=True),
)
