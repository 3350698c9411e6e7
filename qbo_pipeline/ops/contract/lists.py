"""Who and what documents refer to: business entities, companies, users, tax codes, products, rates, holidays."""

from qbo_pipeline.ops.contract.columns import day, flag, money, number, table, text, whole

business_entities = table(
    "business_entities",
    "The legal entities that keep books, each in one QuickBooks company.",
    text("id", "Stable id.", key=True),
    text("name", "Its name.", required=True),
    text("home_currency", "ISO code of the currency its books are kept in.", required=True),
    text("time_zone", "IANA zone in which its dates and its today are told.", required=True),
    whole("fiscal_year_start_month", "1 to 12.", default=1),
    text("invoice_prefix", "Put before the number of what it sells, buys and quotes."),
    text("credit_prefix", "Put before the number of its credit notes."),
    text(
        "tax_owner",
        "Who computes sales tax: the operational system or QuickBooks.",
        one_of=("psa", "qbo"),
        default="qbo",
    ),
    text(
        "time_billing_owner", "Who invoices hours, so that they are billed once.", one_of=("psa", "qbo"), default="psa"
    ),
    day("go_live_date", "Only documents of this day and later are pushed; none while it is empty."),
    soft_delete=False,
)

companies = table(
    "companies",
    "Customers and vendors: one table, because QuickBooks holds both in one space of names.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whose customer or vendor it is.", required=True),
    text("number", "Its number as people know it; makes a name unique.", required=True),
    text("name", "Its name as people know it.", required=True),
    text("legal_name", "Its registered name."),
    flag("is_customer", "We sell to it.", required=True),
    flag("is_vendor", "We buy from it.", required=True),
    text("parent_company_id", "The company it is a part of."),
    text("bill_to_company_id", "Who is invoiced in its place."),
    text("email", "Where invoices go."),
    text("phone", "Telephone."),
    text("addr_line1", "Street."),
    text("addr_line2", "Second address line."),
    text("city", "City."),
    text("region", "State, county or region."),
    text("postal_code", "Postal code."),
    text("country", "Country."),
    text("currency", "ISO code of the currency it is invoiced or paid in.", required=True),
    text("terms_code", "Code of its payment terms."),
    whole("terms_days", "Days until payment is due."),
    flag("tax_exempt", "It is charged no sales tax.", default=False),
    text("tax_code", "Its usual tax code."),
    number("discount_pct", "Its usual discount, in percent.", 9, 4),
    flag("is_active", "It may be used on new documents.", default=True),
)

users = table(
    "users",
    "People who enter time and expenses.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whom they work for.", required=True),
    text("display_name", "Their name.", required=True),
    text("email", "Their address; how an employee is recognised."),
    text("worker_kind", "What they are in the books.", one_of=("employee", "contractor", "none"), required=True),
    text("vendor_company_id", "The company a contractor invoices through."),
    text("work_role", "Their usual role."),
    money("cost_rate", "What an hour costs."),
    flag("is_active", "They still work here.", required=True),
)

tax_codes = table(
    "tax_codes",
    "Codes that say how a line is taxed.",
    text("code", "The code, unique within its business entity.", key=True),
    text("business_entity_id", "Whose code it is.", key=True),
    text("name", "What people call it."),
    number("rate_pct", "The rate in percent.", 9, 6),
    text("jurisdiction", "Where it applies."),
)

PRODUCT_KINDS = ("service", "noninventory", "inventory", "discount", "bad_debt", "deposit", "rounding", "shipping")

products = table(
    "products",
    "What is sold and bought, and the special items that documents need.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whose product it is.", required=True),
    text("sku", "Stock keeping unit."),
    text("name", "Its name.", required=True),
    text("description", "What a line says that has no description of its own."),
    text("kind", "What it is.", one_of=PRODUCT_KINDS, required=True),
    money("unit_price", "Its usual price."),
    money("unit_cost", "Its usual cost."),
    flag("taxable", "Sales of it are taxed.", required=True),
    text("tax_code", "Its usual tax code."),
    text("income_account", "Code of the account its sales go to."),
    text("expense_account", "Code of the account its purchases go to."),
    text("class_code", "Its class."),
    flag("is_active", "It may be used on new documents.", required=True),
)

rates = table(
    "rates",
    "What an hour costs a customer, by the most specific row in force on the day of work; a change is a new row.",
    text("id", "Stable id.", key=True),
    text("business_entity_id", "Whose rate it is.", required=True),
    text("contract_id", "Only under this contract."),
    text("company_id", "Only for this customer."),
    text("work_role", "Only for this role."),
    text("work_type", "Only for this type of work."),
    text("user_id", "Only for this person."),
    text("rate_kind", "The rate itself, an addition or a factor.", one_of=("custom", "add", "multiply"), required=True),
    money("rate", "Per hour; for a factor the factor.", required=True),
    whole("min_minutes", "An entry is billed as at least so long.", default=0),
    whole("round_minutes", "Entries are rounded to multiples of this; 0 does not round.", default=0),
    text("round_mode", "Which way.", one_of=("up", "nearest", "down", "none"), default="up"),
    text("product_id", "The item its line is billed with."),
    day("effective_from", "The first day it holds.", required=True),
    day("effective_to", "The first day it holds no more."),
)

holidays = table(
    "holidays",
    "Days on which a business entity does not work; they move invoice dates where a contract says so.",
    text("business_entity_id", "Whose holiday.", key=True),
    day("holiday", "The day.", key=True),
    text("name", "Its name."),
)
