"""Names are what QuickBooks takes, and the same row always makes the same ones."""
# ruff: noqa: RUF001 - marks that look alike are what this is about

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.outbound.mapping.display_names import (
    NAME_MAX,
    code_key,
    comparable,
    legal_name,
    name_choices,
    without_legal_form,
)

KINDS = st.sampled_from(["customer", "vendor", "item"])
NAMES = st.text(max_size=160) | st.text(alphabet="ab :\t\n()’“", max_size=130)


@given(kind=KINDS, name=NAMES, number=st.text(max_size=60), source_id=st.text(min_size=1, max_size=20))
def test_every_choice_is_legal_short_and_made_of_the_row_alone(kind, name: str, number: str, source_id: str) -> None:
    choices = name_choices(kind, name, number, source_id)

    assert choices == name_choices(kind, name, number, source_id)
    assert len(set(map(comparable, choices))) == len(choices)
    for choice in choices:
        assert 0 < len(choice) <= NAME_MAX
        assert choice == choice.strip()
        assert not set(":\t\n\r’‘“”") & set(choice)
        assert not any(unicodedata.category(each).startswith("C") for each in choice)


@given(name=NAMES)
def test_a_name_made_legal_stays_as_it_is_and_means_the_same(name: str) -> None:
    legal = legal_name(name)

    assert legal_name(legal) == legal
    assert comparable(legal) == comparable(name)


@given(first=st.text(min_size=1, max_size=12), second=st.text(min_size=1, max_size=12))
def test_two_rows_never_share_their_last_choice(first: str, second: str) -> None:
    if first != second:
        one, other = (name_choices("customer", "Acme", "7", source_id)[-1] for source_id in (first, second))
        assert one != other


def test_a_name_is_cut_before_its_suffix() -> None:
    name = "The Benevolent and Protective Society of Friends of the Lower Valley Botanical Gardens, Arboretum and Parks"
    plain, by_kind, by_number, _ = name_choices("customer", name, "1013", "c-1013")

    assert plain == name[:100].rstrip()
    assert by_kind.endswith(" (C)")
    assert by_number.endswith(" (C-1013)")
    assert len(by_number) == 100


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("Sunset: Gardens & Patios", "Sunset Gardens & Patios"),
        ("Windmill\tCourt\nHomeowners", "Windmill Court Homeowners"),
        ("Jeff’s “Jalopies”", 'Jeff\'s "Jalopies"'),
        ("  Red   Rock ", "Red Rock"),
        ("Old Mill (deleted)", "Old Mill"),
        ("Zero\u200bwidth", "Zero width"),
        ("Gärtnerei Süd GmbH", "Gärtnerei Süd GmbH"),
    ],
)
def test_what_quickbooks_refuses_is_taken_out(written: str, made: str) -> None:
    assert legal_name(written) == made


def test_a_nameless_row_goes_by_its_number() -> None:
    assert name_choices("vendor", " : ", "2007", "v1")[0] == "Vendor 2007"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RED  ROCK diner ", "Red Rock Diner"),
        ("Jeff’s Jalopies", "Jeff's Jalopies"),
        ("ＡＣＭＥ", "acme"),
    ],
)
def test_names_are_the_same_whatever_their_case_spaces_width_and_quotation_marks(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Weiskopf Consulting, LLC.", "Weiskopf Consulting"), ("Fell & Sons Ltd", "Fell and Sons"), ("Süd GmbH", "Süd")],
)
def test_a_legal_form_makes_names_alike_but_not_the_same(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)
    assert without_legal_form(one) == without_legal_form(other)


def test_codes_are_the_same_however_they_are_spaced() -> None:
    assert code_key("NET30") == code_key("Net 30") == code_key("net-30")
    assert code_key("NET30") != code_key("Net 3")
