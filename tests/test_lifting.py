"""Minimal sets of deprivations that lift a unit out, against trying every subset in exact fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mpi.counting import scores
from mpi.lifting import Lifter, Lifting, Part
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.strategies import cutoffs, equal_measure, measure_of, measures

Flags = naive.Flags
FLAG = st.sampled_from([True, True, True, False, None])


def lifter_of(measure: Measure, flags: Flags, cutoff: Cutoff) -> Lifter:
    pattern = sum(1 << j for j, flag in enumerate(flags) if flag)
    unknown = sum(1 << j for j, flag in enumerate(flags) if flag is None)
    return Lifter(measure, scores(measure, np.array([pattern], np.uint64), np.array([unknown], np.uint64)), cutoff)


def without(flags: Flags, gone: tuple[int, ...]) -> Flags:
    return tuple(False if j in gone else flag for j, flag in enumerate(flags))


def minimal_by_trial(measure: Measure, cutoff: Cutoff, flags: Flags) -> list[tuple[int, ...]]:
    """Every subset of the deprivations is tried; those stay of which no proper subset lifts."""
    resolved = naive.resolved(measure, flags)
    held = [j for j, i in enumerate(measure.indicators) if resolved[j] and not i.monitor]
    lifts = set()
    for size in range(1, len(held) + 1):
        for gone in itertools.combinations(held, size):
            left = without(flags, gone)
            if naive.score(measure, left) is not None and not naive.is_poor(measure, cutoff, left):
                lifts.add(gone)
    proper = [one for one in lifts if not any(set(other) < set(one) for other in lifts)]
    return sorted(proper, key=lambda one: (len(one), one))


@given(data=st.data())
def test_every_minimal_set_and_no_other(data: st.DataObject) -> None:
    measure = data.draw(measures(most=7))
    flags = data.draw(st.tuples(*[FLAG] * len(measure.indicators)))
    score = naive.score(measure, flags)
    (cutoff,) = data.draw(cutoffs([] if score is None else [score]))[:1]
    lifter = lifter_of(measure, flags, cutoff)
    found = lifter.lifting(0)
    if not naive.is_poor(measure, cutoff, flags):
        assert found is None
        return
    assert found is not None
    wanted = minimal_by_trial(measure, cutoff, flags)
    assert list(found.sets() or ()) == wanted
    assert found.number() == len(wanted)
    assert found.fewest == (len(wanted[0]) if wanted else None)
    assert lifter.distance(0) == (None if score is None else score - cutoff.k)


@given(data=st.data())
def test_what_sinks_alone(data: st.DataObject) -> None:
    measure = data.draw(measures(most=7))
    flags = data.draw(st.tuples(*[st.sampled_from([True, False, False, None])] * len(measure.indicators)))
    score = naive.score(measure, flags)
    (cutoff,) = data.draw(cutoffs([] if score is None else [score]))[:1]
    found = lifter_of(measure, flags, cutoff).sinking(0)
    if score is None or naive.is_poor(measure, cutoff, flags):
        assert found is None
        return
    resolved = naive.resolved(measure, flags)
    wanted = [
        j
        for j, indicator in enumerate(measure.indicators)
        if resolved[j] is False
        and not indicator.monitor
        and naive.is_poor(measure, cutoff, tuple(True if i == j else flag for i, flag in enumerate(flags)))
    ]
    assert list(found or ()) == wanted


def test_sixty_four_indicators() -> None:
    """Sets that are too many to list are counted: any 43 of 64 must go for fewer than 1/3 to stay."""
    whole = 64
    found = lifter_of(measure_of({"d": {f"i{n}": Fraction(1, whole) for n in range(whole)}}, [Cutoff(Fraction(1, 3))]),
                      (True,) * whole, Cutoff(Fraction(1, 3))).lifting(0)  # fmt: skip
    assert found is not None
    assert found.sets() is None
    assert found.number() == math.comb(64, 43)
    assert found.fewest == 43


def test_sets_are_listed_up_to_a_number() -> None:
    found = lifter_of(equal_measure(8, "1/2"), (True,) * 8, Cutoff(Fraction(1, 2))).lifting(0)
    assert found is not None
    assert found.number() == math.comb(8, 5)
    assert len(found.sets(56) or ()) == 56
    assert found.sets(55) is None


def test_weights_that_all_differ_are_not_counted_for_ever() -> None:
    parts = tuple(Part(2**40 + 2**n, 1, (n,)) for n in range(40, -1, -1))
    many = Lifting(excess=21 * 2**40, parts=parts)
    assert many.number(most_states=1000) is None
    assert many.sets(100) is None


def test_an_unknown_that_could_keep_the_dimension_deprived_lifts_nobody() -> None:
    """One of two is deprived, the other unknown: without the one the dimension is unknown, not lifted."""
    measure = measure_of({"d": {"a": Fraction(1, 2), "b": Fraction(1, 2)}}, [Cutoff(Fraction(1, 2))],
                         at_least={"d": 1}, weights={"d": Fraction(1)})  # fmt: skip
    found = lifter_of(measure, (True, None), Cutoff(Fraction(1, 2))).lifting(0)
    assert found is not None
    assert (found.sets(), found.number(), found.fewest) == ((), 0, None)
