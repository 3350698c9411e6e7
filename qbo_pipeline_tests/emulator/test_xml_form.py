from xml.etree import ElementTree

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.web.xml_form import intuit_response

ATOM = "{http://schema.intuit.com/finance/v3}"


def rendered(document):
    return ElementTree.fromstring(intuit_response(msgspec.json.encode(document)))


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff") | st.sampled_from("\r\n\t")
    )
)
def test_text_arrives_as_it_is(text):
    root = rendered({"Customer": {"DisplayName": text, "ParentRef": {"value": "1", "name": text}}, "time": "t"})
    assert root.findtext(f"{ATOM}Customer/{ATOM}DisplayName") == text
    assert root.find(f"{ATOM}Customer/{ATOM}ParentRef").get("name") == text


def test_characters_no_document_may_hold_are_left_out():
    root = rendered({"Customer": {"DisplayName": "a\x00\x1f\ufffeb"}, "time": "t"})
    assert root.findtext(f"{ATOM}Customer/{ATOM}DisplayName") == "ab"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=7, min_value=-1_000_000, max_value=1_000_000))
def test_numbers_keep_their_digits(number):
    body = b'{"Invoice":{"TotalAmt":%s},"time":"t"}' % format(number, "f").encode()
    assert ElementTree.fromstring(intuit_response(body)).findtext(f"{ATOM}Invoice/{ATOM}TotalAmt") == format(
        number, "f"
    )


def test_absent_and_empty_values():
    root = rendered({"QueryResponse": {}, "Invoice": {"LinkedTxn": [], "Memo": None, "Note": ""}, "time": "t"})
    assert root.find(ATOM + "QueryResponse") is not None
    assert [child.tag for child in root.find(ATOM + "Invoice")] == [ATOM + "Note"]


def test_a_tombstone_has_its_status_as_an_attribute():
    root = rendered({"Invoice": {"domain": "QBO", "status": "Deleted", "Id": "39"}, "time": "t"})
    assert root.find(ATOM + "Invoice").attrib == {"domain": "QBO", "status": "Deleted"}
