"""Rounded weights and cutoffs next to exact ones: what they may stand for, and how many units they decide."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mpi
from mpi.checking.proofreading import measure_notices
from mpi.estimates.rounding import decimals, standing_for, unrounded, unrounded_cutoff, unrounded_measure
from mpi.pipeline.estimating import estimate
from mpi.specs.measure import Measure
from tests.support.naive import Household, is_poor
from tests.support.strategies import COLOMBIA, FIFTEENTHS, FORTIETHS, TENTHS, equal_measure, measure_of, profile_of

CONFIGS = Path(__file__).parent.parent.parent / "configs" / "measures"


def fractions(*texts: str) -> list[Fraction]:
    return [Fraction(text) for text in texts]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("0.33", "0.33", "0.34"), ("1/3", "1/3", "1/3")),
        (("0.333", "0.333", "0.334"), ("1/3", "1/3", "1/3")),
        (("0.33", "0.67"), ("1/3", "2/3")),
        (("0.17", "0.17", "0.17", "0.17", "0.17", "0.15"), ("1/6",) * 6),
        (("0.14", "0.14", "0.14", "0.14", "0.14", "0.14", "0.16"), ("1/7",) * 7),
        (("0.17", "0.17", "0.66"), ("1/6", "1/6", "2/3")),
        (("0.14", "0.29", "0.57"), ("1/7", "2/7", "4/7")),
        (("0.1667",) * 5 + ("0.1665",), ("1/6",) * 6),
        (("0.25", "0.25", "0.17", "0.17", "0.16"), ("1/4", "1/4", "1/6", "1/6", "1/6")),
        (("0.0833333333333333",) * 11 + ("0.0833333333333337",), ("1/12",) * 12),
        (("0.3333333333333333", "0.3333333333333333", "0.3333333333333334"), ("1/3",) * 3),
    ],
)
def test_rounded_weights_are_told_by_simpler_ones_of_the_same_sum(
    written: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert unrounded(fractions(*written)) == tuple(fractions(*meant))


@pytest.mark.parametrize(
    "weights",
    [COLOMBIA, TENTHS, FIFTEENTHS, FORTIETHS, fractions("0.3", "0.7"), fractions("0.25", "0.25", "0.5"),
     fractions("1/3", "1/3", "1/3"), fractions("0.45", "0.55"), fractions("0.2", "0.3", "0.5"), fractions("1")],
)  # fmt: skip
def test_weights_that_mean_what_they_say_do_not_look_rounded(weights: list[Fraction]) -> None:
    assert unrounded(weights) is None


@given(st.integers(3, 40), st.integers(2, 16))
def test_equal_weights_rounded_to_enough_decimals_are_recognised(number: int, digits: int) -> None:
    unit = Fraction(1, 10**digits)
    share = round(Fraction(1, number) / unit) * unit
    weights = [share] * (number - 1) + [1 - (number - 1) * share]
    if decimals(Fraction(1, number)) is not None or weights[-1] <= 0:
        return
    found = unrounded(weights)
    assert found is None or sum(found) == 1
    if number**2 * unit <= 1:
        assert found == (Fraction(1, number),) * number


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*[!s].yaml")), ids=lambda path: path.stem)
def test_no_shipped_measure_looks_rounded(path: Path) -> None:
    if path.name.endswith(".examples.yaml"):
        return
    measure = mpi.load_measure(path)
    assert unrounded_measure(measure) is None
    # Paraguay's 26 % stands above the 25 % of one dimension on purpose, as its note says.
    exact = path.stem == "paraguay_ipm"
    assert [one.code for one in measure_notices(measure)] == (["MPI-N007"] if exact else [])


@pytest.mark.parametrize(("k", "simple"), [("0.33", "1/3"), ("0.334", "1/3"), ("66.7%", "2/3"), ("0.17", "1/6")])
def test_a_cutoff_beside_a_simple_fraction_looks_rounded(k: str, simple: str) -> None:
    found = unrounded_cutoff(equal_measure(3).cutoff(k))
    assert found is not None
    assert found.k == Fraction(simple)


@pytest.mark.parametrize("k", ["1/3", "0.3", "0.25", "0.2", "1/2", "40%", "1", "0.01", "0.05", "0.45", "0.35"])
def test_a_cutoff_that_is_simple_itself_does_not(k: str) -> None:
    assert unrounded_cutoff(equal_measure(3).cutoff(k)) is None


def thirds(*weights: str, k: str) -> Measure:
    names = ("a", "b", "c")
    measure = equal_measure(3)
    return measure_of({n: {n: Fraction(w)} for n, w in zip(names, weights, strict=True)}, [measure.cutoff(k)])


ROWS = [
    Household((a, b, c), psu=p, stratum="1", members=2)
    for p in "12"
    for a in (True, False)
    for b in (True, False)
    for c in (True, False)
]


@pytest.mark.parametrize(
    ("weights", "k", "exact_k"),
    [
        (("0.33", "0.33", "0.34"), "1/3", "1/3"),
        (("0.33", "0.33", "0.34"), "0.34", "1/3"),
        (("0.33", "0.33", "0.34"), ">1/3", ">1/3"),
        (("0.33", "0.33", "0.34"), "2/3", "2/3"),
        (("0.33", "0.33", "0.34"), "0.67", "2/3"),
        (("1/3", "1/3", "1/3"), "0.34", "1/3"),
        (("1/3", "1/3", "1/3"), "0.667", "2/3"),
        (("1/3", "1/3", "1/3"), ">0.33", ">1/3"),
    ],
)
def test_the_notice_counts_the_units_that_exact_numbers_would_class_otherwise(
    weights: tuple[str, ...], k: str, exact_k: str
) -> None:
    """Twin: each household judged by hand under both."""
    measure, exact = thirds(*weights, k=k), thirds("1/3", "1/3", "1/3", k=exact_k)
    flags = [
        (is_poor(measure, measure.cutoffs[0], own.flags), is_poor(exact, exact.cutoffs[0], own.flags), own.members)
        for own in ROWS
    ]
    out = sum(n for one, other, n in flags if other and not one)
    into = sum(n for one, other, n in flags if one and not other)
    assert out or into, "the case decides nobody"
    notices = [notice for notice in estimate(profile_of(measure, ROWS), measure).notices if notice.code == "MPI-N007"]
    assert len(notices) == 1
    if "is just above" in notices[0].text:
        assert f": {out} persons with that score are not poor" in notices[0].text
    else:
        assert (f"{out} persons that are not poor" in notices[0].text) == bool(out)
        assert (f"{into} persons that are poor" in notices[0].text) == bool(into)
    assert measure_notices(measure), "`mpi check` of the measure alone says so too"


@pytest.mark.parametrize("k", ["0.33", "1/3", "0.3", "0.4"])
def test_rounding_that_decides_nobody_is_not_told(k: str) -> None:
    measure = equal_measure(3, k=k)
    assert not [n for n in estimate(profile_of(measure, ROWS), measure).notices if n.code == "MPI-N007"]
    assert measure_notices(measure) == ()


def test_the_words_name_what_is_written_and_what_is_meant() -> None:
    measure = thirds("0.33", "0.33", "0.34", k="1/3")
    exact = unrounded_measure(measure)
    assert exact is not None
    assert standing_for(measure, exact) == "33/100 and 17/50 for 1/3"
    assert [str(notice) for notice in estimate(profile_of(measure, ROWS), measure).notices] == [
        "MPI-N007 the weights (33/100 and 17/50 for 1/3) look rounded: with exact ones, 8 persons that are not poor at "
        "k=1/3 would be; write fractions such as 1/3"
    ]


def test_weights_rounded_inside_a_dimension_are_recognised() -> None:
    half = Fraction(1, 2)
    own = {name: half * share for name, share in zip("abc", fractions("0.33", "0.33", "0.34"), strict=True)}
    measure = measure_of({"x": own, "y": {"d": half}}, [equal_measure(3).cutoff("1/6")])
    exact = unrounded_measure(measure)
    assert exact is not None
    assert exact.weights == tuple(fractions("1/6", "1/6", "1/6", "1/2"))
    assert [dimension.weight for dimension in exact.dimensions] == [half, half]
