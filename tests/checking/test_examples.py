"""Worked examples: shipped measures bear theirs out, and a rule that is wrong is found, with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mpi
from mpi.checking.examples import run_examples
from mpi.config.locate import folder, shipped
from tests.support.hamlet import EXAMPLES, MEASURE, write_hamlet


def outcome(folder: Path, **changed: str) -> tuple[int, tuple[str, ...], list[str]]:
    measure = mpi.load_measure(write_hamlet(folder, **changed) / "village.yaml")
    found = run_examples(measure)
    return found.number, found.without, [str(fault).replace(f"{folder}/", "") for fault in found.faults]


@pytest.mark.parametrize("name", shipped("measures"))
def test_every_shipped_measure_bears_its_examples_out(name: str) -> None:
    found = run_examples(mpi.load_measure(name))
    assert found.number > 0
    assert found.faults == ()


@pytest.mark.parametrize(
    ("name", "rule", "wrong", "fewest"),
    [
        ("colombia_ipm", "MEAN(years_schooling) < 9", "MEAN(years_schooling) <= 9", 1),
        ("colombia_ipm", "k: 5/15", "k: 6/15", 1),
        ("colombia_ipm", "age BETWEEN 6 AND 16", "age BETWEEN 6 AND 15", 1),
        ("uruguay_derechos", "members > 2 * bedrooms", "members >= 2 * bedrooms", 1),
        ("uruguay_derechos", "combine: any", "combine: all", 1),
    ],
)
def test_the_examples_of_a_shipped_measure_notice_a_wrong_rule(
    name: str, rule: str, wrong: str, fewest: int, tmp_path: Path
) -> None:
    for suffix in (".yaml", ".examples.yaml"):
        shutil.copy(folder("measures") / f"{name}{suffix}", tmp_path)
    path = tmp_path / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert rule in text
    path.write_text(text.replace(rule, wrong), encoding="utf-8")
    faults = run_examples(mpi.load_measure(path)).faults
    assert len(faults) >= fewest
    for fault in faults:
        assert fault.place is not None
        assert (fault.code, Path(fault.place.file)) == ("MPI-X003", tmp_path / f"{name}.examples.yaml")
        assert None not in (fault.place.line, fault.place.column)


def test_all_examples_of_the_village_hold_and_the_indicator_without_one_is_named(tmp_path: Path) -> None:
    assert outcome(tmp_path) == (8, ("water_lacking",), [])


def test_a_measure_without_a_file_of_examples_has_none(tmp_path: Path) -> None:
    measure = mpi.load_measure(write_hamlet(tmp_path) / "village.yaml")
    (tmp_path / "village.examples.yaml").unlink()
    found = run_examples(measure)
    assert (found.number, str(found)) == (0, "there are no worked examples beside this measure")


def test_an_example_that_the_rule_does_not_bear_out_says_what_differs_and_where(tmp_path: Path) -> None:
    wrong = MEASURE.replace("MEAN(schooling) < 6", "MEAN(schooling) < 5")
    assert outcome(tmp_path, measure=wrong)[2] == [
        "MPI-X003 village.examples.yaml:2:5: schooling_low: two adults with 5 years: the rule says not deprived, "
        "the example deprived\n  write in the example what the rule says, or change the rule"
    ]


def test_a_score_or_a_cutoff_that_differs_is_said_in_one_fault(tmp_path: Path) -> None:
    wrong = EXAMPLES.replace("score: 1/2, poor: {poor: yes, severe: yes}", "score: 3/4, poor: {poor: yes, severe: no}")
    wrong = wrong.replace("score: null, poor: unknown", "score: 1/4, poor: no")
    assert outcome(tmp_path, examples=wrong)[2] == [
        "MPI-X003 village.examples.yaml:11:5: two of four: the score is 1/2, the example says 3/4; at k=1/2 the "
        "unit is poor, the example says not poor\n  write in the example what the rule says, or change the rule",
        "MPI-X003 village.examples.yaml:12:5: one unknown: the score is unknown, the example says 1/4; at k=1/3 the "
        "unit is of unknown status, the example says not poor\n"
        "  write in the example what the rule says, or change the rule",
    ]


def test_under_person_identification_each_person_has_a_verdict(tmp_path: Path) -> None:
    person = (
        MEASURE.replace("identification: household", "identification: person")
        .replace("deprived: MEAN(schooling) < 6", "deprived: schooling < 6")
        .replace("deprived: ANY(NOT attends)", "deprived: NOT attends")
    )
    said = "schooling_low:\n  - {says: three, persons: [{age: 40, schooling: 5}, {age: 40}, {age: 9}], deprived: %s}\n"
    assert outcome(tmp_path, measure=person, examples=said % "[yes, unknown, yes]")[2] == []
    assert outcome(tmp_path, measure=person, examples=said % "[yes, no, yes]")[2] == [
        "MPI-X003 village.examples.yaml:2:5: schooling_low: three: the rule says deprived, unknown, deprived, the "
        "example deprived, not deprived, deprived\n  write in the example what the rule says, or change the rule"
    ]
