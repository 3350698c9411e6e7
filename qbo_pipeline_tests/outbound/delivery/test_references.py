"""What a document refers to may go while it waits: the document is held, says which it is, and goes on by itself."""

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.outbound.delivery.composing import Composed, Ready
from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.outbound.mapping.reactivating import wake_reactivated
from qbo_pipeline.outbound.mapping.records import read_company
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content, need


def _for_customer(office: PostOffice, source_id: str) -> StoredIntent:
    """An invoice to the customer of that source, whichever object stands for it when it is composed."""
    made = content("Invoice", source_id)
    intent = office.intend("Invoice", source_id, needs=(need("Customer", source_id),))
    link = office.store.links.find(REALM, "Customer", "customer", source_id)
    office.composed[intent.intent_key] = Ready(made | {"CustomerRef": {"value": link.qbo_id}})
    return intent


def _customer(office: PostOffice, source_id: str) -> str:
    office.intend("Customer", source_id)
    office.push()
    return office.store.links.find(REALM, "Customer", "customer", source_id).qbo_id


def test_an_inactive_customer_holds_its_invoices_until_another_is_mapped(office: PostOffice) -> None:
    customer = _customer(office, "1")
    office.emulator.companies[REALM].edit("Customer", customer, {"Active": False})
    held = _for_customer(office, "1")

    office.push()

    stands = office.state(held)
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "reference_inactive")
    assert "Customer of customer:1" in stands.reason
    office.push()
    assert office.copies("Invoice") == {}

    office.emulator.companies[REALM].edit("Customer", customer, {"Active": True})
    office.store.mappings.put(Mapping(realm_id=REALM, kind="customer", source_key="9", target="Customer", qbo_id="1"))
    office.push()
    assert office.copies("Invoice") == {"1": 1}


def test_what_refers_to_a_deleted_document_waits_for_that_and_goes_on_once_it_is_pushed_again(
    office: PostOffice,
) -> None:
    invoice = office.intend("Invoice", "1")
    office.push()
    gone = office.store.links.find(REALM, "Invoice", "invoice", "1").qbo_id
    office.emulator.companies[REALM].delete("Invoice", gone)
    payment = office.intend("Payment", "1", needs=(need("Invoice", "1"),))

    def compose(intent: StoredIntent) -> Composed:
        if intent.target == "Invoice":
            return Ready(content("Invoice", "1"))
        of = office.store.links.find(REALM, "Invoice", "invoice", "1").qbo_id
        line = {"Amount": 10, "LinkedTxn": [{"TxnId": of, "TxnType": "Invoice"}]}
        return Ready(content("Payment", "1") | {"Line": [line]})

    office.compose = compose
    office.push()

    stands = office.state(payment)
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "dependency")
    assert "Invoice of invoice:1 is gone" in stands.reason
    assert office.store.links.find(REALM, "Invoice", "invoice", "1").status == "deleted"

    office.store.outbox.push_again(invoice.intent_key)
    office.push_until_still()
    assert office.state(payment).state is IntentState.PUSHED
    assert office.copies("Invoice") == office.copies("Payment") == {"1": 1}


def test_a_batch_for_one_inactive_customer_asks_for_it_once(office: PostOffice) -> None:
    customer = _customer(office, "1")
    for number in range(5):
        intent = office.intend("Invoice", str(number), needs=(need("Customer", "1"),))
        made = content("Invoice", str(number)) | {"CustomerRef": {"value": customer}}
        office.composed[intent.intent_key] = Ready(made)
    office.emulator.companies[REALM].edit("Customer", customer, {"Active": False})

    delivery = office.push()

    assert delivery.states == {"blocked": 5}
    assert delivery.calls == 2


def _lists(office: PostOffice) -> NameLists:
    """The company's customers as a sync reads them now."""
    pages = office.client().read_all(find_entity("Customer"))
    lists, _ = read_company(REALM, [("Customer", record.payload) for page in pages for record in page])
    return lists


def test_what_was_held_for_an_inactive_name_goes_on_by_itself_once_that_is_active_again(office: PostOffice) -> None:
    customers = {number: _customer(office, number) for number in ("1", "2")}
    held = {number: _for_customer(office, number) for number in customers}
    for customer in customers.values():
        office.emulator.companies[REALM].edit("Customer", customer, {"Active": False})
    office.push()
    assert {office.state(each).reason_code for each in held.values()} == {"reference_inactive"}
    assert wake_reactivated(office.store, REALM, _lists(office)) == 0

    office.emulator.companies[REALM].edit("Customer", customers["1"], {"Active": True})

    assert wake_reactivated(office.store, REALM, _lists(office)) == 1
    assert wake_reactivated(office.store, REALM, _lists(office)) == 0
    office.push()
    assert office.copies("Invoice") == {"1": 1}
    stands = office.state(held["2"])
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "reference_inactive")


def test_lists_older_than_a_deactivation_let_it_be_held_again_and_nothing_more(office: PostOffice) -> None:
    customer = _customer(office, "1")
    before = _lists(office)
    held = _for_customer(office, "1")
    office.emulator.companies[REALM].edit("Customer", customer, {"Active": False})
    office.push()

    assert wake_reactivated(office.store, REALM, before) == 1
    office.push()

    assert office.state(held).reason_code == "reference_inactive"
    assert office.copies("Invoice") == {}
