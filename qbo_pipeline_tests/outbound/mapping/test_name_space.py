"""What is to be made gets a name that nobody has, whatever order the rows come in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.mapping.display_names import NAME_MAX, comparable
from qbo_pipeline.outbound.mapping.held import Held
from qbo_pipeline.outbound.mapping.lists import PEOPLE, Listed
from qbo_pipeline.outbound.mapping.name_space import Nameless, give_names
from qbo_pipeline_tests.outbound.mapping.books import lists

NOTHING_HELD = Held(links={}, by_object={}, objects={}, mappings={}, creates={})
NAMES = st.sampled_from(["Acme Ltd", "ACME  ltd", "Acme: Ltd", "Acme Ltd (C)", "Acme Ltd (C-1)", "x" * 120, ""])
NUMBERS = st.sampled_from(["1", "2", "01", "1:1"])


@st.composite
def rows(draw: st.DrawFn) -> list[Nameless]:
    """Rows of few names and numbers, so that they collide in every way."""
    ids = draw(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=12))
    kind = st.sampled_from(["customer", "vendor", "item"])
    return [Nameless(draw(kind), each, draw(NUMBERS), draw(NAMES)) for each in ids]


@st.composite
def entries(draw: st.DrawFn) -> list[Listed]:
    """Entries that already have such names."""
    names = draw(st.lists(NAMES, max_size=6))
    targets = st.sampled_from([*PEOPLE, "Item"])
    return [
        Listed(target=draw(targets), id=str(number), name=name, is_active=draw(st.booleans()))
        for number, name in enumerate(names)
    ]


@settings(max_examples=300)
@given(wanted=rows(), there=entries(), always=st.booleans(), seed=st.randoms(use_true_random=False))
def test_names_given_are_unique_over_the_space_and_independent_of_the_order(wanted, there, always, seed) -> None:
    books = lists(*there)
    given_names = give_names(wanted, books, NOTHING_HELD, always_suffix=always)
    seed.shuffle(wanted)

    assert give_names(wanted, books, NOTHING_HELD, always_suffix=always) == given_names
    assert None not in given_names.values()
    for targets in (PEOPLE, ("Item",)):
        kinds = {target.lower() for target in targets}
        taken = {comparable(each.name) for each in there if each.target in targets}
        mine = [comparable(name or "") for (kind, _), name in given_names.items() if kind in kinds]
        assert len(mine) == len(set(mine))
        assert not taken & set(mine)
    assert all(len(name or "") <= NAME_MAX for name in given_names.values())


def test_a_customer_comes_before_a_vendor_of_its_name() -> None:
    both = [Nameless("vendor", "v", "2003", "Acme Ltd"), Nameless("customer", "c", "1008", "Acme Ltd")]

    assert give_names(both, lists(), NOTHING_HELD) == {("customer", "c"): "Acme Ltd", ("vendor", "v"): "Acme Ltd (V)"}
