"""The scores that weights add up to, against all patterns of deprivations."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given

from mpi.checking.attainable import MAX_BASE, attainable, nearest_scores, reclassified
from mpi.counting import integer_weights
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.strategies import COLOMBIA, equal_measure, measure_of, measures

NUMBER = 3


def reached(measure: Measure) -> list[Fraction]:
    patterns = itertools.product([False, True], repeat=len(measure.indicators))
    return sorted({naive.score(measure, own) or Fraction(0) for own in patterns})


@given(measures(combined=False))
def test_attainable_scores_are_those_of_all_patterns(measure: Measure) -> None:
    scores = reached(measure)
    assert attainable(measure) == (scores if integer_weights(measure)[2] <= MAX_BASE else None)
    for cutoff in [Cutoff(Fraction(1, 3)), *(Cutoff(s, strict) for s in scores[1:] for strict in (True, False))]:
        poor = [s for s in scores if (s > cutoff.k if cutoff.strict else s >= cutoff.k)]
        rest = [s for s in scores if s not in poor]
        assert nearest_scores(measure, cutoff, NUMBER) == (tuple(rest[-NUMBER:]), tuple(poor[:NUMBER]))


def test_attainable_scores_of_combined_dimensions_are_sums_of_whole_dimensions() -> None:
    half = Fraction(1, 2)
    measure = measure_of(
        {"x": {"a": half}, "y": {"b": half, "c": half}},
        [Cutoff(Fraction(1))],
        at_least={"x": 1, "y": 2},
        weights={"x": Fraction(1, 3), "y": Fraction(2, 3)},
    )
    assert attainable(measure) == [0, Fraction(1, 3), Fraction(2, 3), 1]
    assert nearest_scores(measure, Cutoff(Fraction(1)), 2) == ((Fraction(1, 3), Fraction(2, 3)), (Fraction(1),))


def sixteen_digits(number: int) -> Measure:
    share = Fraction(10**16 // number, 10**16)
    weights = [share] * (number - 1) + [1 - (number - 1) * share]
    return measure_of({"x": {f"i{j}": w for j, w in enumerate(weights)}}, [Cutoff(Fraction(1, 3))])


@pytest.mark.parametrize("number", [3, 12, 63])
def test_weights_of_sixteen_digits_have_scores_beside_the_cutoff(number: int) -> None:
    measure = sixteen_digits(number)
    assert attainable(measure) is None
    found = nearest_scores(measure, Cutoff(Fraction(1, 3)), NUMBER)
    assert found is not None
    share = measure.weights[0]
    # The last weight is a little larger; n of the others, or n - 1 and the last, make a score.
    last = measure.weights[-1]
    sums = sorted({*(n * share for n in range(number)), *(n * share + last for n in range(number))})
    below, above = [s for s in sums if 3 * s < 1], [s for s in sums if 3 * s >= 1]
    assert found == (tuple(below[-NUMBER:]), tuple(above[:NUMBER]))
    assert below[-1] == number // 3 * share


def test_weights_without_pattern_have_too_many_sums_to_look_through() -> None:
    weights = [Fraction(2**j + 1) for j in range(60)]
    total = sum(weights, Fraction(0))
    measure = measure_of({"x": {f"i{j}": w / total for j, w in enumerate(weights)}}, [Cutoff(Fraction(1, 3))])
    assert nearest_scores(measure, Cutoff(Fraction(1, 3)), NUMBER) is None
    assert reclassified(measure, Cutoff(Fraction(1, 3)), measure, Cutoff(Fraction(1, 2)))
    assert not reclassified(measure, Cutoff(Fraction(1, 3)), measure, Cutoff(Fraction(1, 3)))


@pytest.mark.parametrize(("k", "other", "differ"), [("33%", "1/3", True), ("34%", "1/3", False), ("35%", "1/3", True)])
def test_cutoffs_differ_where_a_score_lies_between_them(k: str, other: str, differ: bool) -> None:
    colombia = measure_of({"x": {f"i{j}": w for j, w in enumerate(COLOMBIA)}}, [Cutoff(Fraction(1, 3))])
    scores = reached(colombia)
    one, two = colombia.cutoff(k), colombia.cutoff(other)
    assert any((s >= one.k) != (s >= two.k) for s in scores) == differ
    assert reclassified(colombia, one, colombia, two) == differ


def test_weights_differ_where_a_pattern_changes_sides() -> None:
    exact, rounded = equal_measure(3), sixteen_digits(3)
    third = Cutoff(Fraction(1, 3))
    assert reclassified(rounded, third, exact, third)
    assert not reclassified(rounded, Cutoff(Fraction(1, 4)), exact, Cutoff(Fraction(1, 4)))
