"""Every remedy of a message about dicts and frames of Python's callers, followed as it says."""

# ruff: noqa: E501  a row a line

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mpi
from tests.charts.test_plot import MEASURE as SHORT
from tests.charts.test_plot import estimates, profile, squares, two
from tests.pipeline.test_microdata import MEASURE, PERSONAL, frame, households, surveyed
from tests.support.remedies import Doing, Row, follow

DEMO = {"a": "1/2", "b": "1/2"}


def measured(definition: Any, **options: Any) -> Doing:
    return lambda _: mpi.measure(definition, **{"k": "1/3", **options})


def given(data: Any = None, **options: Any) -> Doing:
    return lambda _: surveyed(data, **options)


def estimated(data: Any = None, measure: mpi.Measure = MEASURE, by: str = "", **options: Any) -> Doing:
    return lambda _: mpi.estimate(surveyed(data, **options), measure, by=by or ())


def doubled() -> pd.DataFrame:
    return pd.concat([frame(), frame()[["fexp"]]], axis=1)


def renamed() -> pd.DataFrame:
    own = doubled()
    own.columns = [*own.columns[:-1], "again"]
    return own


def nested(depth: int) -> object:
    return "x" if not depth else {"title": nested(depth - 1)}


def path(folder: Path) -> mpi.Measure:
    (folder / "m.yaml").write_text((Path(mpi.__file__).parents[1] / "configs/measures/colombia_ipm.yaml").read_text())
    return mpi.load_measure(folder / "m.yaml")


def mapped(figures: Callable[[], mpi.Estimates] = estimates, **options: Any) -> Doing:
    return lambda _: mpi.map(figures(), squares(), **options)


def filed(folder: Path) -> object:
    squares().to_file(folder / "areas.geojson", driver="GeoJSON")
    return mpi.map(estimates(), folder / "areas.geojson")


VARYING = frame().assign(health=np.arange(1600) % 2)
ANY = mpi.measure({"health": 1}, k=1, rules={"health": "ANY(health)"}, variables={"person": {"health": "truth"}})
AREA = frame().rename(columns={"region": "the region"})
FULL = {"measure": "x", "dimensions": {}}
ROWS: list[Row] = [
    Row("MPI-C002", "reduce the nesting", lambda _: mpi.load_measure({"measure": nested(60)}), [measured(DEMO)]),
    Row("MPI-C003", "name an indicator of the measure", measured(DEMO, rules={"zz": "x"}), [measured(DEMO, rules={"a": "b"}, variables={"household": {"b": "truth"}})]),
    Row("MPI-C005", "write texts, whole numbers, fractions", measured({"a": {1}, "b": 1}), [measured({"a": 1, "b": 1}), measured(["a", "b"])]),
    Row("MPI-C005", "put every indicator into a dimension", measured({"water": "1/2", "y": ["b"]}), [measured({"water": {"source": "1/2"}, "y": {"b": "1/2"}}), measured(DEMO)]),
    Row("MPI-C007", 'write it as a text: "0.5"', measured({"a": 0.5, "b": "1/2"}), [measured({"a": "0.5", "b": "1/2"})]),
    Row("MPI-C008", "give it another one: domains=", given(AREA, domains="the region"), [given(AREA, domains={"name": {"column": "the region"}})]),
    Row("MPI-C009", 'give one: k="1/3"', measured(DEMO, k=None), [measured(DEMO, k="1/3")]),
    Row("MPI-D002", "look at its filters", given(frame().iloc[:0]), [given()]),
    Row("MPI-D010", "it has hh", given(domains="zzz"), [given(domains="region")]),
    Row("MPI-D010", "say what it is: variables={'school': 'COLUMN'}", estimated(frame().drop(columns="school")), [estimated(frame().drop(columns="school"), variables={"school": "water"})]),
    Row("MPI-D011", "rename one of them", given(doubled()), [given(renamed())]),
    Row("MPI-D015", "say when it is true: variables=", estimated(frame().assign(health=2)), [estimated(frame().assign(health=2), variables={"health": "health = 1"})]),
    Row("MPI-D034", "give the measure rules={'health': 'ANY(health)'}", estimated(VARYING), [estimated(VARYING, ANY), estimated(VARYING, PERSONAL)]),
    Row("MPI-E004", "estimate these statistics by='area'", mapped(lambda: estimates().only("H"), statistics="M0"), [mapped(statistics="M0")]),
    Row("MPI-E004", "there are area", mapped(domain="zone"), [mapped(domain="area")]),
    Row("MPI-E004", "rows are counted from 0, or from the end with -1", lambda _: estimates()[99999], [lambda _: estimates()[0], lambda _: estimates()[-1]]),
    Row("MPI-E004", "there are 1/2", mapped(k="1/3"), [mapped(k="1/2")]),
    Row("MPI-G223", "estimate by the domain that has the codes", mapped(lambda: mpi.estimate(profile(), SHORT)), [mapped(lambda: mpi.estimate(profile(), SHORT, by="area"))]),
    Row("MPI-G223", "give domain=, one of area, sex", mapped(two), [mapped(two, domain="area")]),
    Row("MPI-U110", "there are es, en", lambda f: mpi.map(estimates(), squares()).save(f / "m.svg", language="fr"), [lambda f: mpi.map(estimates(), squares()).save(f / "m.svg", language="en")]),
    Row("MPI-U110", "name a file of polygons, or give a GeoDataFrame", lambda _: mpi.map(estimates(), 5), [mapped(), filed]),
    Row("MPI-U110", "give the result of mpi.estimate", lambda _: mpi.plot.ranked(5, domain="area"), [lambda _: mpi.plot.ranked(estimates(), domain="area"), lambda _: mpi.plot.ranked([estimates()], domain="area")]),  # type: ignore[arg-type]
    Row("MPI-E002", "it has hh", estimated(by="zone"), [estimated(by="region")]),
    Row("MPI-S008", "give weight='COLUMN', or weight=None", lambda _: mpi.survey(frame()), [given(), given(weight=None)]),  # type: ignore[call-overload]
    Row("MPI-S011", "give the survey a table of persons", estimated(households(), PERSONAL, members="size"), [estimated(None, PERSONAL), estimated(households(), MEASURE, members="size")]),
    Row("MPI-U001", "leave `data` out", lambda _: mpi.deprivation_profile(surveyed(), MEASURE, frame()), [lambda _: mpi.deprivation_profile(surveyed(), MEASURE)]),
    Row("MPI-U001", "give data=FOLDER", lambda _: mpi.score(mpi.survey(SPELT), MEASURE), [lambda _: mpi.score(mpi.survey(SPELT), MEASURE, data={"households": households()})]),
    Row("MPI-U110", "give a path, the name of one", lambda _: mpi.load_measure(5), [path, lambda _: mpi.load_measure("colombia_ipm")]),  # type: ignore[arg-type]
    Row("MPI-U110", "give it a row for each indicator, with the columns indicator, weight", measured(pd.DataFrame({"name": ["a"]})), [measured(pd.DataFrame({"indicator": ["a", "b"], "weight": ["1/2", "1/2"]}))]),
    Row("MPI-U110", "give each indicator one row", measured(pd.DataFrame({"indicator": ["a", "a"], "weight": [1, 1]})), [measured(pd.DataFrame({"indicator": ["a", "b"], "weight": [1, 1]}))]),
    Row("MPI-U110", "say it in one place", measured("colombia_ipm"), [lambda _: mpi.measure("colombia_ipm"), measured(DEMO)]),
    Row("MPI-U110", "say it in one place", measured(FULL, name="y"), [measured(DEMO, name="y")]),
    Row("MPI-U110", "give a frame; a dict or a text says everything", given("colombia_demo_2025"), [given(), lambda _: mpi.survey("colombia_demo_2025")]),
]  # fmt: skip
SPELT = {
    "survey": "s", "period": 2031, "tables": {"households": {"path": "h", "key": "hh"}}, "members": "size",
    "design": {"weight": "fexp"}, "variables": {"health": "health = 1", "school": "school = 1", "water": "water"},
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
