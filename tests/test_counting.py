"""Scores, identification and attainable scores, against exact fractions; and what floats would do."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.counting import MAX_INT64_BASE, Scores, bits, distinct_patterns, integer_weights, scores
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.strategies import COLOMBIA, FIFTEENTHS, cutoffs, equal_measure, measure_of, measures

RTOL_PART = 1e-15  # one rounding of each weight


def words(flags: list[naive.Flags]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    pattern = [sum(1 << j for j, flag in enumerate(own) if flag) for own in flags]
    unknown = [sum(1 << j for j, flag in enumerate(own) if flag is None) for own in flags]
    return np.array(pattern, np.uint64), np.array(unknown, np.uint64)


def scored(measure: Measure, flags: list[naive.Flags]) -> Scores:
    return scores(measure, *words(flags))


def all_patterns(number: int) -> list[naive.Flags]:
    return list(itertools.product([False, True], repeat=number))


def single(weights: list[Fraction], k: str) -> Measure:
    return measure_of({"only": {f"i{j}": w for j, w in enumerate(weights)}}, [Cutoff(Fraction(k))])


@settings(max_examples=200)
@given(st.data())
def test_scores_and_identification_are_exact_for_any_measure(data: st.DataObject) -> None:
    measure = data.draw(measures(most=data.draw(st.sampled_from([4, 10, 64]))))
    flag = st.sampled_from([True, False, True, False, None])
    flags = data.draw(st.lists(st.tuples(*[flag] * len(measure.indicators)), min_size=1, max_size=20))
    found = scored(measure, flags)
    expected = [naive.score(measure, own) for own in flags]
    assert found.text() == [None if score is None else str(score) for score in expected]
    assert found.score.tolist() == [0.0 if score is None else float(score) for score in expected]
    for cutoff in data.draw(cutoffs([score for score in expected if score])):
        assert found.poor(cutoff).tolist() == [naive.is_poor(measure, cutoff, own) for own in flags]


@given(st.data())
def test_parts_add_up_to_the_score(data: st.DataObject) -> None:
    measure = data.draw(measures())
    flag = st.sampled_from([True, False, None])
    flags = data.draw(st.lists(st.tuples(*[flag] * len(measure.indicators)), min_size=1, max_size=20))
    found = scored(measure, flags)
    inside = found.included
    assert found.dimension_part.sum(axis=1)[inside] == pytest.approx(found.score[inside], rel=4 * RTOL_PART)
    for i, own in enumerate(at_least_one(flags)):
        if inside[i]:
            parts = [float(naive.indicator_part(measure, j, own)) for j in range(len(own))]
            assert found.part[i] == pytest.approx(parts, rel=RTOL_PART)


def test_fifteen_fifteenths_at_two_fifths_are_right_where_a_running_float_sum_errs_5005_times() -> None:
    measure, flags = single(FIFTEENTHS, "2/5"), all_patterns(15)
    exact = [sum(own) >= 6 for own in flags]
    assert scored(measure, flags).poor(measure.cutoffs[0]).tolist() == exact
    running = []
    for own in flags:
        total = 0.0
        for flag in own:
            total += flag * (1 / 15)
        running.append(total >= 2 / 5)
    assert sum(a != b for a, b in zip(running, exact, strict=True)) == 5005


def test_colombias_weights_at_33_hundredths_are_right_where_a_running_float_sum_errs_840_times() -> None:
    measure, flags = single(COLOMBIA, "33/100"), all_patterns(15)
    exact = [100 * sum(w for w, flag in zip(COLOMBIA, own, strict=True) if flag) >= 33 for own in flags]
    assert scored(measure, flags).poor(measure.cutoffs[0]).tolist() == exact
    wrong = 0
    for own, poor in zip(flags, exact, strict=True):
        total = 0.0
        for weight, flag in zip(COLOMBIA, own, strict=True):
            total += flag * float(weight)
        wrong += (total >= 0.33) != poor
    assert wrong == 840


def test_a_strict_cutoff_leaves_a_score_on_it_out() -> None:
    measure = equal_measure(4)
    found = scored(measure, [(True, True, False, False), (True, True, True, False)])
    assert found.poor(Cutoff(Fraction(1, 2))).tolist() == [True, True]
    assert found.poor(Cutoff(Fraction(1, 2), strict=True)).tolist() == [False, True]


def test_a_denominator_beyond_64_bits_is_computed_in_python_integers() -> None:
    odd = [Fraction(1, 3**30), Fraction(1, 5**20)]
    measure = single([*odd, 1 - sum(odd)], "1/2")
    base = integer_weights(measure)[2]
    assert base > 2**64
    found = scored(measure, all_patterns(3))
    assert found.units.dtype == object
    assert found.text() == [str(naive.score(measure, own)) for own in all_patterns(3)]
    tie = Cutoff(sum(odd, Fraction(0)))
    assert found.poor(tie).tolist() == [naive.is_poor(measure, tie, own) for own in all_patterns(3)]


def test_the_largest_base_in_64_bits_is_exact_in_floats_too() -> None:
    measure = single([Fraction(1, MAX_INT64_BASE), 1 - Fraction(1, MAX_INT64_BASE)], "1")
    found = scored(measure, [(True, False), (False, True), (True, True)])
    assert found.units.dtype == np.int64
    assert found.score.tolist() == [2.0**-53, 1 - 2.0**-53, 1.0]
    assert found.poor(measure.cutoffs[0]).tolist() == [False, False, True]


@pytest.mark.parametrize("digits", [17, 20])  # within 64 bits, and beyond them
def test_reweighting_with_large_denominators_stays_exact(digits: int) -> None:
    big = Fraction(1, 10**digits)
    measure = measure_of(
        {"x": {"a": Fraction(1, 2) - big, "b": big}, "y": {"c": Fraction(1, 2)}},
        [Cutoff(Fraction(1, 2))],
        missing="reweight",
    )
    flags: list[naive.Flags] = [(True, False, None), (True, False, False), (None, True, False), (None, None, True)]
    found = scored(measure, flags)
    assert found.text() == [None if c is None else str(c) for c in (naive.score(measure, own) for own in flags)]
    assert found.poor(measure.cutoffs[0]).tolist() == [False, False, True, False]


def test_an_unknown_that_cannot_change_a_combined_dimension_excludes_nobody() -> None:
    thirds = dict.fromkeys("abc", Fraction(1, 3))
    measure = measure_of({"x": thirds}, [Cutoff(Fraction(1))], at_least={"x": 2}, weights={"x": Fraction(1)})
    flags: list[naive.Flags] = [(True, True, None), (False, False, None), (True, False, None)]
    assert scored(measure, flags).text() == ["1", "0", None]


def test_a_monitored_indicator_may_be_unknown() -> None:
    measure = measure_of({"x": {"a": Fraction(1), "b": None}}, [Cutoff(Fraction(1))], missing="deprived")
    found = scored(measure, [(True, None), (None, True)])
    assert found.text() == ["1", "1"]
    assert found.known.tolist() == [[True, False], [True, True]]


def test_bits_of_64_indicators() -> None:
    word = np.array([2**63 + 1], np.uint64)
    assert np.flatnonzero(bits(word, 64)[0]).tolist() == [0, 63]


def test_distinct_patterns_give_back_every_row() -> None:
    pattern = np.array([3, 0, 3, 2**63, 3], np.uint64)
    unknown = np.array([0, 4, 0, 0, 8], np.uint64)
    found = distinct_patterns(pattern, unknown)
    assert len(found.pattern) == 4
    assert (found.pattern[found.which] == pattern).all()
    assert (found.unknown[found.which] == unknown).all()
    assert len(distinct_patterns(pattern[:0], unknown[:0]).pattern) == 0
