"""Weights of dimensions and indicators as written: which reading they have, and what fits two of them is refused."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.config.composing import compose
from mpi.config.measures import read_measure
from mpi.errors import ConfigError
from mpi.specs.measure import Measure

Weights = Mapping[str, list[str]]


def norm(parts: Weights, *, normalize: bool = False, dimensions: Mapping[str, str] | None = None) -> Measure:
    """A measure of these indicator weights by dimension; an empty text leaves a weight out."""
    lines = [
        "measure: norm",
        "title: Norm",
        "identification: person",
        "k: 1/3",
        "missing: exclude",
        *(["normalize: yes"] if normalize else []),
        "variables: {person: {a: truth}}",
        "dimensions:",
    ]
    for name, weights in parts.items():
        lines.append(f"  {name}:")
        lines += [f"    weight: {dimensions[name]}"] if dimensions else []
        lines.append("    indicators:")
        for i, weight in enumerate(weights):
            own = f"weight: {weight}, " if weight else ""
            lines.append(f"      {name}_{i}: {{{own}deprived: a}}")
    return read_measure(compose("\n".join(lines) + "\n", "m.yaml"))


def refusal(parts: Weights, *, normalize: bool = False) -> str:
    with pytest.raises(ConfigError) as caught:
        norm(parts, normalize=normalize)
    assert [fault.code for fault in caught.value.faults] == ["MPI-M005"], "one fault, not one a dimension"
    return str(caught.value)


FINAL = {"health": ["0.2", "0.3"], "school": ["0.3"], "house": ["0.201"]}


def test_final_weights_that_miss_1_are_told_of_once_with_the_total_of_all() -> None:
    assert refusal(FINAL) == (
        "MPI-M005 m.yaml:8:3: the weights of all indicators add up to 1001/1000 (1.001), not 1: "
        "health 1/2, school 3/10, house 201/1000\n"
        "  write exact fractions that add up to 1, such as 1/3; or give each dimension a `weight:` and set "
        "`normalize: yes`"
    )


def test_normalize_with_two_meanings_is_refused_and_either_remedy_is_accepted() -> None:
    assert refusal(FINAL, normalize=True) == (
        "MPI-M005 m.yaml:9:3: `normalize` could mean two things: the dimensions have no weight, and the weights of "
        "their indicators add up to: health 1/2, school 3/10, house 201/1000\n"
        "  say which: health `weight: 500/1001`, school `weight: 300/1001`, house `weight: 201/1001` divides all "
        "weights by their sum; `weight: 1/3` in each dimension divides inside it"
    )
    shares = {"health": "500/1001", "school": "300/1001", "house": "201/1001"}
    by_sum = norm(FINAL, normalize=True, dimensions=shares)
    assert by_sum.weights == tuple(Fraction(n, 1001) for n in (200, 300, 300, 201))
    inside = norm(FINAL, normalize=True, dimensions=dict.fromkeys(FINAL, "1/3"))
    assert inside.weights == (Fraction(2, 15), Fraction(1, 5), Fraction(1, 3), Fraction(1, 3))


def test_normalize_where_some_weights_are_left_out_asks_for_those_of_the_dimensions() -> None:
    text = refusal({"health": ["0.2", "0.3"], "school": ["", ""]}, normalize=True)
    assert text.endswith("\n  `weight: 1/2` in each dimension divides inside it")


def test_what_adds_up_to_1_decides_between_final_weights_and_shares_of_a_dimension() -> None:
    assert norm({"a": ["0.2", "0.3"], "b": ["1/2"]}).weights == (Fraction(1, 5), Fraction(3, 10), Fraction(1, 2))
    assert norm({"a": ["0.4", "0.6"], "b": ["1"]}).weights == (Fraction(1, 5), Fraction(3, 10), Fraction(1, 2))
    assert "indicator weights of 'a' add up to 9/10" in refusal({"a": ["0.4", "0.5"], "b": ["1"]})


def test_a_remedy_for_shares_of_a_dimension_offers_no_normalize_that_would_be_refused() -> None:
    assert refusal({"a": ["0.4", "0.5"], "b": ["1"]}).endswith(
        "or give each dimension a `weight:` and set `normalize: yes`"
    )
    assert refusal({"a": ["0.4", "0.5"]}).endswith("or set `normalize: yes`")
    assert norm({"a": ["0.4", "0.5"]}, normalize=True).weights == (Fraction(4, 9), Fraction(5, 9))


weight = st.sampled_from(["", "1/10", "0.2", "1/4", "0.3", "1/3", "1/2", "2/3", "1", "2"])
measures = st.dictionaries(st.sampled_from("abc"), st.lists(weight, min_size=1, max_size=3), min_size=1, max_size=3)


@given(measures, st.booleans())
def test_no_weight_is_taken_for_another_than_one_reading_gives(parts: dict[str, list[str]], normalize: bool) -> None:
    """Twin: both readings by hand; an accepted measure has the weights of the only reading that fits."""
    readings = _readings(parts, normalize=normalize)
    try:
        found = norm(parts, normalize=normalize).weights
    except ConfigError:
        assert len(readings) != 1
    else:
        assert sum(found) == 1
        assert readings == {found}


def _readings(parts: dict[str, list[str]], *, normalize: bool) -> set[tuple[Fraction, ...]]:
    """Weights under every reading that the text allows; exact sums leave nothing to normalize."""
    if any(0 < len([w for w in weights if not w]) < len(weights) for weights in parts.values()):
        return set()
    given = {name: [Fraction(w) for w in weights if w] for name, weights in parts.items()}
    flat = [w for weights in given.values() for w in weights]
    complete = all(given.values())
    inside = tuple(
        (own[i] / sum(own) if own else Fraction(1, len(parts[name]))) / len(parts)
        for name, own in given.items()
        for i in range(len(parts[name]))
    )
    if complete and sum(flat) == 1:
        return {tuple(flat)}
    if all(sum(own) == 1 for own in given.values() if own):
        return {inside}
    if not normalize:
        return set()
    if len(parts) == 1:
        return {inside}
    if not complete:
        return {inside, ()}
    return {inside, tuple(w / sum(flat) for w in flat)}
