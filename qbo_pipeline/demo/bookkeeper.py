"""What a bookkeeper says of the sample companies before anything is pushed: who is who, and which account a word means.

Some questions are left open on purpose, so that what waits for an answer can be seen too.
"""

from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions
from qbo_pipeline.outbound.mapping.mirror import mirrored_company, published_copy
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.mapping_kinds import mapping_kind
from qbo_pipeline.state.store import open_state

# By connection: the kind of mapping, the operational system's word or id, and the name in QuickBooks.
ANSWERS = {
    "landscaping": (
        ("worker", "la-u-john", "John Johnson"),
        ("worker", "la-u-emily", "Emily Platt"),
        ("payment_method", "card", "Visa"),
        ("payment_account", "bank", "Checking"),
        ("expense_category", "Job materials", "Job Expenses:Job Materials"),
        ("expense_category", "Meals", "Meals and Entertainment"),
        ("expense_category", "Parking", "Travel"),
        ("expense_category", "Processor fees", "Bank Charges"),
    ),
    "consultancy": (
        ("worker", "co-u-imogen", "Imogen Trewhella-Platt"),
        ("worker", "co-u-kwabena", "Kwabena Osafo-Lynd"),
        ("tax_code", "NON", "No VAT"),
        ("payment_account", "cash", "Current Account"),
        ("expense_category", "Office Expenses", "Office Supplies"),
        ("expense_category", "Software", "Software & Subscriptions"),
        ("expense_category", "Entertaining", "Entertaining (not reclaimable)"),
        ("expense_category", "Processor fees", "Bank Charges"),
    ),
    "generated": (
        ("payment_method", "card", "Visa"),
        ("payment_account", "cash", "Checking"),
        ("expense_category", "Fuel", "Supplies"),
        ("expense_category", "Processor fees", "Office Expenses"),
    ),
}


def answer_questions(settings: Settings) -> int:
    """Map what a bookkeeper would; how many answers that took."""
    with open_state(settings) as store, published_copy(settings) as copy:
        if copy is None:
            return 0
        for name, answers in ANSWERS.items():
            realm_id = store.connections.get(name).realm_id
            lists, _ = mirrored_company(copy, realm_id)
            decided = [
                Decided(mapping_kind(kind), source, choose(kind, meant, lists)) for kind, source, meant in answers
            ]
            Decisions(store=store, realm_id=realm_id).assign(*decided)
    return sum(map(len, ANSWERS.values()))
