"""Worked examples from YAML: read into values of the declared kinds, or refused with their place."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mpi.config import load_examples, load_measure
from mpi.config.composing import compose
from mpi.config.examples import Example, ScoreExample, read_examples
from mpi.config.measures import read_measure
from mpi.errors import ConfigError
from mpi.specs.measure import Measure

MEASURE = """\
measure: demo
title: Demo
identification: household
k: {poor: 1/3, severe: 1/2}
missing: exclude
variables:
  person: {age: number, attends: truth}
  household: {zone: [urban, rural], name: text}
dimensions:
  all: {indicators: {school: {deprived: ANY(NOT attends)}, area: {deprived: zone = 'rural'}}}
"""


def measure(identification: str = "household") -> Measure:
    text = MEASURE.replace("household\nk", f"{identification}\nk")
    return read_measure(compose(text.replace("ANY(NOT attends)", "ANY(age > 3)"), "demo.yaml"))


def examples(text: str, identification: str = "household") -> tuple[list[Example], list[ScoreExample]]:
    return read_examples(compose(text, "demo.examples.yaml"), measure(identification))


def test_values_are_read_as_the_measure_declares_them() -> None:
    text = """\
school:
  - {says: all kinds, persons: [{age: 7, attends: no}, {age: -1.5, attends: true}, {age: null}], deprived: yes}
area:
  - {says: texts, household: {zone: rural, name: "07"}, deprived: unknown}
"""
    first, second = examples(text)[0]
    assert first.persons == ({"age": 7, "attends": False}, {"age": -1.5, "attends": True}, {"age": None})
    assert (first.deprived, second.deprived) == ((True,), (None,))
    assert second.household == {"zone": "rural", "name": "07"} and second.persons == ({},)


def test_each_person_has_a_verdict_under_person_identification() -> None:
    found = examples("school: [{says: two, persons: [{age: 1}, {age: 2}], deprived: [yes, no]}]", "person")[0][0]
    assert found.deprived == (True, False)


def test_scores_are_fractions_or_null() -> None:
    text = """\
measure:
  - {says: half, deprived: [school], score: 1/2, poor: {poor: yes, severe: no}}
  - {says: left out, deprived: school, unknown: [area], score: null, poor: unknown}
"""
    first, second = examples(text)[1]
    assert (first.score, first.poor) == (Fraction(1, 2), {"poor": True, "severe": False})
    assert (second.deprived, second.unknown, second.score, second.poor) == (("school",), ("area",), None, {"": None})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "scool: []",
            "MPI-C003 demo.examples.yaml:1:1: the examples: the key 'scool' is not known\n  did you mean 'school'?",
        ),
        (
            "school: [{deprived: yes}]",
            "MPI-C009 demo.examples.yaml:1:10: an example of school: the key 'says' is missing\n  add `says:`",
        ),
        (
            "school: [{says: x, deprived: [yes, no]}]",
            "MPI-X001 demo.examples.yaml:1:30: 2 verdicts for 1 units\n  give one verdict for each unit",
        ),
        (
            "school: [{says: x, deprived: maybe}]",
            "MPI-C006 demo.examples.yaml:1:30: deprived: 'maybe' is not known\n  write one of: yes, no, unknown",
        ),
        (
            "school: [{says: x, deprived: }]",
            "MPI-C009 demo.examples.yaml:1:20: an example of school: the key 'deprived' is empty\n  give it a value",
        ),
        (
            "school: [{says: x, persons: [{aeg: 3}], deprived: yes}]",
            "MPI-C003 demo.examples.yaml:1:31: the person of an example: the key 'aeg' is not known\n  did you mean 'age'?",
        ),
        (
            'school: [{says: x, persons: [{age: "3"}, {age: nan}, {age: 1_0}, {age: [1]}, {attends: 1}], deprived: yes}]',
            "MPI-X002 demo.examples.yaml:1:36: age: '3' is not a number\n  write null for an unknown value\n"
            "MPI-X002 demo.examples.yaml:1:48: age: 'nan' is not a number\n  write null for an unknown value\n"
            "MPI-X002 demo.examples.yaml:1:60: age: '1_0' is not a number\n  write null for an unknown value\n"
            "MPI-C005 demo.examples.yaml:1:72: age is a text, not a list\n"
            "  write one value; put a text of signs in quotes\n"
            "MPI-X002 demo.examples.yaml:1:88: attends: '1' is not yes or no\n  write null for an unknown value",
        ),
        (
            "area: [{says: x, household: {zone: rurall}, deprived: yes}]",
            "MPI-X002 demo.examples.yaml:1:36: zone: 'rurall' is not a text that the measure declares\n"
            "  did you mean 'rural'?",
        ),
        (
            "measure: [{says: x, deprived: [shool], score: half, poor: {por: yes}}]",
            "MPI-C006 demo.examples.yaml:1:32: deprived: 'shool' is not known\n  did you mean 'school'?\n"
            "MPI-C007 demo.examples.yaml:1:47: an example of the measure: score: 'half' is not a number such as 1/3, "
            "0.05 or 33%\n  write 1/3, 0.05 or 33%\n"
            "MPI-C003 demo.examples.yaml:1:60: poor: the key 'por' is not known\n  did you mean 'poor'?",
        ),
    ],
)
def test_wrong_examples_are_refused_with_every_fault(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        examples(text)
    assert str(error.value) == expected


def test_an_example_of_the_measure_must_say_who_is_poor() -> None:
    with pytest.raises(
        ConfigError, match=r"MPI-C009 demo\.examples\.yaml:1:11: an example of the measure: the key 'poor'"
    ):
        examples("measure: [{says: x, score: 1/2}]")


def test_examples_lie_beside_the_measure_or_there_are_none(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(MEASURE, encoding="utf-8")
    assert load_examples(load_measure(path)) == ([], [])
    beside = tmp_path / "demo.examples.yaml"
    beside.write_text("measure: [{says: nothing, score: 0, poor: no}]", encoding="utf-8")
    assert load_examples(load_measure(path))[1][0].score == 0


def test_a_measure_without_a_file_has_no_examples() -> None:
    from dataclasses import replace

    assert load_examples(replace(measure(), place=None)) == ([], [])
