"""What-if variants of a measure: exact weights that add up to 1, the proportions kept where none is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest

import mpi
from tests.support import village
from tests.support.loops import at_least_one

MEASURES = ("colombia_ipm", "uruguay_derechos", "global_mpi")


def weights(measure: mpi.Measure) -> dict[str, Fraction]:
    return {one.name: one.weight for one in measure.indicators}


def assert_whole(measure: mpi.Measure) -> None:
    """The score is 1 at most, and a dimension that is not combined weighs as its indicators do."""
    assert sum((one.weight for one in measure.dimensions), Fraction(0)) == 1
    for dimension in at_least_one(measure.dimensions):
        own = [one for one in measure.indicators if one.dimension == dimension.name]
        assert tuple(one.name for one in own) == dimension.indicators
        whole = sum((one.weight for one in own), Fraction(0))
        assert whole == (dimension.weight if dimension.at_least is None else 0)


@pytest.mark.parametrize("name", MEASURES)
def test_a_dimension_with_another_weight_keeps_the_proportions_of_all_else(name: str) -> None:
    measure = mpi.load_measure(name)
    first, *others = measure.dimensions
    found = measure.with_weights({first.name: "2/5"})
    assert_whole(found)
    changed = {one.name: one.weight for one in found.dimensions}
    assert changed[first.name] == Fraction(2, 5)
    for one in at_least_one(others):
        assert changed[one.name] == Fraction(3, 5) * one.weight / (1 - first.weight)
    for before, after in zip(measure.indicators, found.indicators, strict=True):
        assert after.weight * next(d.weight for d in measure.dimensions if d.name == after.dimension) == (
            before.weight * changed[after.dimension]
        )
    assert (found.name, measure.name) == (f"{name}*", name), "it is not taken for the official one"
    assert (found.files, found.cutoffs) == ((), measure.cutoffs)


def test_weights_of_single_indicators_are_as_given_and_all_of_them_are_one() -> None:
    measure = mpi.load_measure("colombia_ipm")
    found = measure.with_weights({"pisos": Fraction(1, 10), "paredes": "10%"})
    assert_whole(found)
    assert (weights(found)["pisos"], weights(found)["paredes"]) == (Fraction(1, 10), Fraction(1, 10))
    assert weights(found)["acueducto"] == weights(measure)["acueducto"] * Fraction(8, 10) / (1 - Fraction(2, 25))
    equal = measure.with_weights(dict.fromkeys(measure.names, Fraction(1, 15)), name="equal")
    assert_whole(equal)
    assert equal.name == "equal" and set(weights(equal).values()) == {Fraction(1, 15)}


@pytest.mark.parametrize(
    ("name", "gone", "expected"),
    [
        # 1/20 a piece in childhood: the other three take over the fifth.
        ("colombia_ipm", "trabajo_infantil", {"rezago_escolar": Fraction(1, 15), "pisos": Fraction(1, 25)}),
        # A whole dimension: the other four share the score.
        ("colombia_ipm", "salud", {"analfabetismo": Fraction(1, 8), "pisos": Fraction(1, 20)}),
        ("colombia_ipm", ["salud", "pisos"], {"analfabetismo": Fraction(1, 8), "paredes": Fraction(1, 16)}),
        ("global_mpi", "nutrition", {}),
    ],
)
def test_what_is_left_takes_over_the_weight(name: str, gone: str | list[str], expected: Mapping[str, Fraction]) -> None:
    measure = mpi.load_measure(name)
    found = measure.without(gone)
    assert_whole(found)
    assert weights(found).items() >= expected.items()
    assert len(found.indicators) < len(measure.indicators)


def test_figures_are_those_of_a_file_with_these_weights() -> None:
    """From the same profile, against a measure that is written out."""
    data, survey = village.tables(), village.survey()
    profile = mpi.deprivation_profile(survey, village.measure(), data)
    names = [one.name for one in village.measure().dimensions]
    found = village.measure().with_weights({names[0]: "3/4"}).with_cutoff("1/4")
    share = {names[0]: "3/4", names[1]: "1/4"}
    text = village.MEASURE
    for name, weight in share.items():
        text = text.replace(f"  {name}:\n", f"  {name}:\n    weight: {weight}\n")
    from mpi.config.composing import compose
    from mpi.config.measures import read_measure

    written = read_measure(compose(text, "written.yaml")).with_cutoff("1/4")
    for one in at_least_one(["H", "A", "M0"]):
        assert mpi.estimate(profile, found).value(one) == mpi.estimate(profile, written).value(one)
    fewer = mpi.estimate(profile, village.measure().without("walls"))
    assert {row["indicator"] for row in fewer.rows()} - {None} == set(village.measure().names) - {"walls"}


Make = Callable[[mpi.Measure], mpi.Measure]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda m: m.with_weights({"educacion": "2/5", "analfabetismo": "1/10"}), "analfabetismo is given twice"),
        (lambda m: m.with_weights({"educacion": 1}), "nothing is left for"),
        (lambda m: m.with_weights({"educacion": "3/5", "salud": "3/5"}), "add up to 6/5"),
        (lambda m: m.with_weights({one.name: "1/6" for one in m.dimensions}), "add up to 5/6"),
        (lambda m: m.with_weights({"educacio": "1/3"}), "did you mean 'educacion'"),
        (lambda m: m.with_weights({"educacion": "x"}), "the weight of 'educacion' is"),
        (lambda m: m.with_weights({"educacion": 0}), r"outside \(0, 1\]"),
        (lambda m: m.with_weights({"educacion": 0.4}), "MPI-U110"),
        (lambda m: m.without([one.name for one in m.dimensions]), "no indicator of the score is left"),
        (lambda m: m.without("techo"), "no indicator or dimension 'techo'"),
        (lambda m: m.with_cutoff([]), "k has no cutoff"),
        (lambda m: m.with_cutoff("5/4"), "MPI-E001"),
    ],
)
def test_a_variant_that_has_no_meaning_is_refused(make: Make, said: str) -> None:
    with pytest.raises(mpi.UsageError, match=said):
        make(mpi.load_measure("colombia_ipm"))


def test_an_indicator_of_a_combined_dimension_has_no_weight_to_give() -> None:
    measure = mpi.load_measure("uruguay_derechos")
    inside = next(one for one in measure.dimensions if one.at_least is not None).indicators[0]
    with pytest.raises(mpi.UsageError, match="has no weight of its own"):
        measure.with_weights({inside: "1/4"})


def test_objects_are_told_in_a_line() -> None:
    told = [repr(mpi.load_measure("colombia_ipm")), repr(mpi.load_survey("colombia_demo_2025"))]
    assert told[0] == "Measure('colombia_ipm': 15 indicators in 5 dimensions, k = 1/3; identified by household)"
    for one in at_least_one(told):
        assert len(one) < 400 and "\n" not in one
