"""Every survey that ships runs on synthetic files of its layout, with every measure whose variables it has."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

import mpi
from mpi.config import load_measure, shipped
from mpi.specs.measure import Measure
from tests.support.commands import run
from tests.support.layouts import measures_for, write_layout
from tests.support.loops import at_least_one

SURVEYS = [name for name in shipped("surveys") if "demo" not in name]


@cache
def measures() -> dict[str, Measure]:
    return {name: load_measure(name) for name in shipped("measures")}


@cache
def levels() -> dict[str, str]:
    return {name: one.kind.level or "" for own in measures().values() for name, one in own.variables.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", at_least_one(SURVEYS))
def test_a_survey_runs_with_every_measure_it_is_for(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = mpi.load_survey(name)
    folder, households = tmp_path, write_layout(survey, levels(), tmp_path)
    for own in at_least_one(measures_for(survey, measures())):
        measure = measures()[own]
        units = mpi.score(survey, measure, folder).to_pylist()
        assert measure.identification == "person" or measure.universe is not None or len(units) == households
        weight, poor = Fraction(0), Fraction(0)
        for row in units:
            if row["poor"] is not None:
                members = Fraction(row.get("person_weight", row["weight"])).limit_denominator(10**6)
                weight, poor = weight + members, poor + members * row["poor"]
        found = mpi.estimate(mpi.deprivation_profile(survey, measure, folder), measure)
        assert found.value("H", k=measure.cutoffs[0].text) == pytest.approx(float(poor / weight), rel=1e-9)
        deprived = {one for one in measure.names if any(row[one] for row in units)}
        assert len(deprived) > len(measure.names) / 2, f"{own}: hardly an indicator deprives anybody"
        checked = run(capsys, "check", own, name, "--data", str(folder))
        assert checked.code == 0, checked.err
