"""Texts that hold a mark are found as ``located_strings`` finds them."""

from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.facts.haystacks import texts_holding
from apps.workflows.analysis.graph import located_strings

VALUES = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "a", "x://", "a{{b", "plain"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4))
def test_the_same_texts_at_the_same_places_in_the_same_order(params):
    marked = [(path, text) for path, text in located_strings(params) if "{{" in text or "x" in text]
    assert list(texts_holding(params, ("{{", "x"))) == marked
