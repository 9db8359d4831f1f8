"""Measures of a few words: the same as their file, with exact weights; faults name what the caller wrote."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mpi
from mpi.errors import ConfigError, MpiError, UsageError
from tests.support.loops import at_least_one

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def shares(measure: mpi.Measure) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {}
    for one in measure.indicators:
        found.setdefault(one.dimension, {})[one.name] = one.weight
    return found


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({"a": "1/2", "b": "1/4", "c": "0.25"}, {"all": {"a": HALF, "b": QUARTER, "c": QUARTER}}),
        ({"a": HALF, "b": Decimal("0.25"), "c": "25%"}, {"all": {"a": HALF, "b": QUARTER, "c": QUARTER}}),
        ({"a": 2, "b": 1, "c": 1.0}, {"all": {"a": HALF, "b": QUARTER, "c": QUARTER}}),
        (["a", "b"], {"all": {"a": HALF, "b": HALF}}),
        ({"a": None, "b": None}, {"all": {"a": HALF, "b": HALF}}),
        ({"x": ["a", "b"], "y": ["c"]}, {"x": {"a": QUARTER, "b": QUARTER}, "y": {"c": HALF}}),
        ({"x": {"a": "1/4", "b": "1/4"}, "y": {"c": "1/2"}}, {"x": {"a": QUARTER, "b": QUARTER}, "y": {"c": HALF}}),
        ({"x": {"a": "1/2", "b": "1/2"}, "y": {"c": 1}}, {"x": {"a": QUARTER, "b": QUARTER}, "y": {"c": HALF}}),
        (
            {"x": {"weight": "1/4", "indicators": ["a"]}, "y": {"weight": "3/4", "title": "Y", "indicators": {"c": 1}}},
            {"x": {"a": QUARTER}, "y": {"c": 3 * QUARTER}},
        ),
    ],
)
def test_weights_are_exact(definition: Any, expected: dict[str, dict[str, Fraction]]) -> None:
    measure = mpi.measure(definition, k="1/3")
    assert shares(measure) == expected
    assert [one.deprived.text for one in measure.indicators] == list(measure.names)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_whole_numbers_are_ratios(ratios: list[int]) -> None:
    measure = mpi.measure({f"i{n}": ratio for n, ratio in enumerate(ratios)}, k=1)
    assert measure.weights == tuple(Fraction(ratio, sum(ratios)) for ratio in ratios)


def test_it_is_the_measure_of_its_file() -> None:
    short = mpi.measure(
        {"school": {"years": "1/2"}, "home": {"water": {"weight": "1/4", "title": "Water"}, "floor": "1/4"}},
        k={"poor": "1/3", "severe": "1/2"},
        rules={"years": "MEAN(schooling) < 6"},
        variables={"person": {"schooling": "number"}},
        name="village",
        title={"en": "Village"},
    )
    assert short == mpi.load_measure("""
measure: village
title: {en: Village}
identification: household
missing: exclude
comparison: ">="
k: {poor: 1/3, severe: 1/2}
variables:
  person: {schooling: number}
  household: {water: truth, floor: truth}
dimensions:
  school: {indicators: {years: {weight: 1/2, deprived: MEAN(schooling) < 6}}}
  home:
    indicators:
      water: {weight: 1/4, title: Water, deprived: water}
      floor: {weight: 1/4, deprived: floor}
""")


def test_indicators_of_persons() -> None:
    measure = mpi.measure(["a", "b"], k="2/2", identification="person", missing="deprived", comparison=">=")
    assert {one.kind.level for one in measure.variables.values()} == {"person"}
    assert (measure.identification, measure.missing) == ("person", "deprived")


CASES: list[tuple[Any, dict[str, Any], list[str]]] = [
    ({"a": 0.5, "b": "1/2"}, {}, ['MPI-C007 measure["a"]: the float 0.5 is not exact', '  write it as a text: "0.5"']),
    ({"a": "1/2", "b": "1/2"}, {"k": 0.33}, ["MPI-C007 measure(k=...): the float 0.33 is not exact"]),
    ({"a": "1/2", "b": "1/2"}, {"k": 5}, ["MPI-M009 measure(k=...): k: 5 is outside (0, 1]"]),
    ({"a": "1/2", "b": "1/2"}, {"k": None}, ["MPI-C009 the measure has no cutoff k", '  give one: k="1/3"']),
    ({"a": "1/2", "b": "1/3"}, {}, ["MPI-M005 measure: the indicator weights of 'all' add up to 5/6, not 1"]),
    ({"a": "0.333", "b": "0.333", "c": "0.333"}, {}, ["MPI-M005 measure: the indicator weights of 'all' add up to 999/1000"]),
    ({"a": "1/2", "y": {"b": "1/2"}}, {}, ["MPI-C005 measure: some names have weights (a), and others hold indicators (y)"]),
    ({"a": "1/2", "the b": "1/2"}, {}, ["MPI-C008 measure[\"the b\"]: an indicator: 'the b' is not a name"]),
    ({1: "1/2", 2: "1/2"}, {}, ["MPI-C008 measure[1]: an indicator: '1' is not a name"]),
    (["a", "a"], {}, ["MPI-C004 measure[1]: indicators of all: the key 'a' is repeated"]),
    ({}, {}, ["MPI-M002 measure: the dimension 'all' has no indicator"]),
    ({"x": {}, "y": ["b"]}, {}, ["MPI-M002 measure[\"x\"]: the dimension 'x' has no indicator"]),
    ({"a": "-1/2", "b": "3/2"}, {}, ['MPI-C007 measure["a"]: ']),
    ({"a": "half", "b": "half"}, {}, ['MPI-C007 measure["a"]: ', 'MPI-C007 measure["b"]: ']),
    ({"x": {"a": 1, "b": 1}, "y": {"c": 1}}, {}, ["MPI-M005 measure: `normalize` could mean two things"]),
    ({"a": 1, "b": 1}, {"rules": {"c": "x"}}, ["MPI-C003 rules[\"c\"]: there is no indicator 'c'"]),
    ({"a": 1, "b": 1}, {"rules": ["x"]}, ["MPI-C005 rules: rules is a mapping, not a list"]),
    ({"a": 1, "b": 1}, {"rules": {"a": "x > 1"}}, ['MPI-R006 rules["a"]: there is no variable \'x\'']),
    ({"a": 1, "b": {"deprived": "b"}}, {"rules": {"b": "b"}}, ["MPI-C004 measure[\"b\"]: indicator b: the key 'deprived' is repeated"]),
    ({"a": 1, "b": 1}, {"variables": {"persons": {}}}, ['MPI-C003 measure(variables=...)["persons"]: ']),
    ({"a": 1, "b": 1}, {"identification": "persons"}, ["MPI-C006 measure(identification=...): "]),
    ({"a": 1, "b": 1}, {"normalize": False}, ["MPI-M005 measure: the indicator weights of 'all' add up to 2, not 1"]),
    ({f"i{n}": 1 for n in range(65)}, {}, ["MPI-M004 measure: 65 indicators; a measure has at most 64"]),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "options", "said"), CASES)
def test_a_fault_names_what_the_caller_wrote(definition: Any, options: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ConfigError) as raised:
        mpi.measure(definition, **{"k": "1/3", **options})
    text = str(raised.value)
    for line in at_least_one(said):
        assert line in text


def test_what_the_remedies_say_is_taken() -> None:
    mpi.measure({"a": "0.5", "b": "1/2"}, k="1/3")
    mpi.measure({"water": {"source": "1/2"}, "y": {"b": "1/2"}}, k="1/3")
    mpi.measure({"a": 1, "b": 1}, rules={"a": "x > 1"}, variables={"household": {"x": "number"}}, k="1/3")


def test_a_frame_of_indicators_is_a_measure() -> None:
    table = {
        "indicator": ["a", "b", "c"], "dimension": ["x", "x", "y"], "weight": ["1/4", "1/4", "1/2"],
        "deprived": [None, "ANY(age < 6)", None], "title": ["A", None, None],
    }  # fmt: skip
    variables = {"person": {"age": "number"}}
    found = mpi.measure(pd.DataFrame(table), k="1/2", variables=variables)
    said = {
        "x": {"a": {"weight": "1/4", "title": "A"}, "b": {"weight": "1/4", "deprived": "ANY(age < 6)"}},
        "y": {"c": "1/2"},
    }
    assert found == mpi.measure(said, k="1/2", variables=variables)
    flat = pa.table({"indicator": ["a", "b"], "weight": [1, 3]})
    assert mpi.measure(flat, k="1/2").weights == (Fraction(1, 4), Fraction(3, 4))
    with pytest.raises(ConfigError, match=r"MPI-C007 measure\[\"a\"\]\[\"weight\"\]: the float 0.5 is not exact"):
        mpi.measure(pd.DataFrame({"indicator": ["a", "b"], "weight": [0.5, 0.5]}), k="1/2")


def test_a_definition_that_says_everything_stands_alone() -> None:
    assert mpi.measure("colombia_ipm") == mpi.load_measure("colombia_ipm")
    with pytest.raises(UsageError, match="MPI-U110 the definition says everything, and k, name as well"):
        mpi.measure("colombia_ipm", k="1/2", name="mine")
    with pytest.raises(MpiError, match="MPI-U110 the measure is a int, not a config"):
        mpi.measure(5)  # type: ignore[arg-type]


def test_variants_are_made_of_it() -> None:
    measure = mpi.measure({"a": 1, "b": 1, "c": 2}, k="1/2").with_weights({"a": "1/3"}).with_cutoff("1/3")
    assert measure.weights == (Fraction(1, 3), Fraction(2, 9), Fraction(4, 9))
