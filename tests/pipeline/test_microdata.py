"""Frames with the meaning of their columns: the figures of a survey file, and one message for each wrong frame."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import warnings
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import mpi
from mpi.errors import MpiError, MpiWarning
from tests.support.loops import at_least_one

MEASURE = mpi.measure({"health": "1/2", "school": "1/4", "water": "1/4"}, k="1/2")
PERSONAL = mpi.measure({"health": "1/2", "school": "1/4", "water": "1/4"}, k="1/2", identification="person")
RTOL = 1e-12  # sums of floats in another order


@cache
def frame() -> pd.DataFrame:
    """Four hundred households of four, in ten strata of four PSUs; flags are the household's, sex the person's."""
    rng, households = np.random.default_rng(7), 400
    own = pd.DataFrame({
        "hh": np.arange(households) + 1000,
        "health": rng.integers(0, 2, households),
        "school": rng.integers(0, 2, households),
        "water": rng.random(households) < 0.3,
        "fexp": rng.integers(10, 40, households),
        "stratum": np.arange(households) // 40,
        "psu": np.arange(households) // 10,
        "region": np.array(["north", "south"])[np.arange(households) % 2],
        "size": 4,
    })  # fmt: skip
    persons = own.loc[own.index.repeat(4)].reset_index(drop=True)
    return persons.assign(sex=np.arange(len(persons)) % 2, the_area=persons["hh"] % 3)


def households() -> pd.DataFrame:
    return frame().drop_duplicates("hh")


def surveyed(data: Any = None, **others: Any) -> mpi.Microdata:
    options = {"weight": "fexp", "stratum": "stratum", "psu": "psu", "household": "hh", **others}
    return mpi.survey(frame() if data is None else data, **options)


SPELT = {
    "survey": "microdata",
    "period": "",
    "tables": {
        "persons": {"path": "frame", "key": ["hh", "row"]},
        "households": {"from": "persons", "key": ["hh"], "columns": ["health", "school", "water", "fexp", "stratum", "psu", "region"]},
    },
    "design": {"weight": "fexp", "stratum": "stratum", "psu": "psu"},
    "variables": {"health": "health = 1", "school": "school = 1", "water": "water"},
    "domains": {"region": "region", "sex": "sex"},
}  # fmt: skip


def test_changes_and_derived_figures_take_frames_as_estimates_do() -> None:
    later = frame().assign(health=np.where(frame()["hh"] % 3 == 0, 0, frame()["health"]))
    rounds = [surveyed(period="2024", time="2024.5"), surveyed(later, period="2026", time="2026.5")]
    made = [mpi.deprivation_profile(one, MEASURE, domains=["region"]) for one in rounds]
    options: dict[str, Any] = {"by": "region", "rounds": "independent", "statistic": "H"}
    found = mpi.change(rounds, MEASURE, **options)
    assert found.table.equals(mpi.change(made, MEASURE, **options).table)
    assert found.row("H", change="absolute", region=None)["years"] == 2
    expressions = {"gap": "H - H[total]", "north": "H[region=north] - H[total]"}
    own = mpi.derive(rounds[0], MEASURE, expressions, by="region")
    assert own.table.equals(mpi.derive(made[0], MEASURE, expressions, by="region").table)
    assert mpi.derive(rounds[0], MEASURE, {"north": "H[region=north]"}).value("north") is not None


def test_analyses_take_frames_as_estimates_do() -> None:
    own, made = surveyed(), mpi.deprivation_profile(surveyed(), MEASURE, domains=["region"])
    assert mpi.analyse(own, MEASURE, "bands", by="region").table.equals(
        mpi.analyse(made, MEASURE, "bands", by="region").table
    )
    assert mpi.robustness(own, MEASURE, by="region", k=["1/4"]).pairs.equals(
        mpi.robustness(made, MEASURE, by="region", k=["1/4"]).pairs
    )
    assert mpi.dominance(own, MEASURE, by="region").curves.equals(mpi.dominance(made, MEASURE, by="region").curves)
    assert mpi.weight_draws(own, MEASURE, by="region", draws=50)[0].equals(
        mpi.weight_draws(made, MEASURE, by="region", draws=50)[0]
    )
    rounds = [surveyed(period="2024"), surveyed(period="2026")]
    parts = mpi.decompose_change(rounds, MEASURE, by="region", rounds="independent")
    both = [mpi.deprivation_profile(one, MEASURE, domains=["region"]) for one in rounds]
    assert parts.table.equals(mpi.decompose_change(both, MEASURE, by="region", rounds="independent").table)


def figures(estimates: mpi.Estimates) -> pd.DataFrame:
    return estimates.to_pandas().drop(columns=["survey", "period", "measure"])


def test_figures_are_those_of_a_survey_that_is_spelt_out() -> None:
    """Estimates, errors, counts: equal to the last bit."""
    own = mpi.estimate(surveyed(), MEASURE, by=["region", "sex"])
    table = frame().assign(row=np.arange(len(frame())))
    spelt = mpi.deprivation_profile(mpi.survey(SPELT), MEASURE, {"persons": table})
    pd.testing.assert_frame_equal(
        figures(own), figures(mpi.estimate(spelt, MEASURE, by=["region", "sex"])), rtol=0, atol=0
    )


def test_figures_are_the_formulas_of_alkire_and_foster() -> None:
    own, data = mpi.estimate(surveyed(), MEASURE, by="region"), frame()
    score = data["health"] / 2 + data["school"] / 4 + data["water"] / 4
    poor = score >= 0.5
    for region in at_least_one([None, "north", "south"]):
        mine = data["region"] == region if region else data["fexp"] > 0
        w = data["fexp"].where(mine, 0)
        H, M0 = (w * poor).sum() / w.sum(), (w * score * poor).sum() / w.sum()
        found = {one: own.value(one, region=region) for one in ("H", "A", "M0")}
        assert found == pytest.approx({"H": H, "A": M0 / H, "M0": M0}, rel=RTOL)


def test_persons_households_and_rows_agree() -> None:
    """Flags are the household's, so that persons alone, and households of four, give the same figures and errors."""
    base = mpi.estimate(surveyed(), MEASURE, by="region").only(["H", "A", "M0"]).to_pandas()
    others = [
        mpi.estimate(surveyed(), PERSONAL, by="region"),
        mpi.estimate(surveyed(household=()), MEASURE, by="region"),
        mpi.estimate(surveyed(households(), household=(), members="size"), MEASURE, by="region"),
        mpi.estimate(surveyed(households(), members="size"), MEASURE, by="region"),
    ]
    for one in at_least_one(others):
        own = one.only(["H", "A", "M0"]).to_pandas()
        np.testing.assert_allclose(own[["estimate", "se"]], base[["estimate", "se"]], rtol=RTOL)


def test_every_frame_gives_the_same_figures() -> None:
    whole, base = frame(), figures(mpi.estimate(surveyed(), MEASURE, by="region"))
    assert len(base) > 10
    table = pa.Table.from_pandas(whole, preserve_index=False)
    forms = [
        pl.from_pandas(whole), table, pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
        duckdb.from_arrow(table), whole.sample(frac=1, random_state=1),
        whole.assign(health=whole["health"].astype("Int8"), school=whole["school"].astype(bool), region=whole["region"].astype("category")),
        whole.assign(health=whole["health"].astype(float), school=whole["school"].astype(object)),
    ]  # fmt: skip
    for one in at_least_one(forms):
        own = figures(mpi.estimate(surveyed(one), MEASURE, by="region"))
        pd.testing.assert_frame_equal(own, base, rtol=RTOL, atol=0, check_dtype=False, check_categorical=False)


def test_households_are_counted_by_what_is_the_same_for_all_members() -> None:
    data = surveyed(domains=["region"])
    assert mpi.estimate(data, MEASURE, by="region", unit="households").row("H", region="north")["n"] == 200
    with pytest.raises(MpiError, match="MPI-E007 'sex' differs between the members of a household"):
        mpi.estimate(data, MEASURE, by="sex", unit="households")


def test_unknown_flags_are_no_zeros() -> None:
    data = frame().assign(health=frame()["health"].where(frame()["hh"] >= 1040))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MpiWarning)
        own = mpi.estimate(surveyed(data), MEASURE)
    assert own.row("H")["n"] == 1440


def test_rules_and_codes_may_be_given_where_columns_do_not_do() -> None:
    measure = mpi.measure(
        {"school": 1, "water": 1}, k=1, rules={"school": "MEAN(years) < 6"}, variables={"person": {"years": "number"}}
    )
    data = frame().assign(grade=np.arange(len(frame())) % 13)
    own = surveyed(
        data,
        variables={"years": "grade + 0", "water": "size > 9 OR water"},
        domains={"area": {"column": "the_area", "codes": {0: "city", 1: "town", 2: "land"}}},
        design={"single_psu": "centered"},
        name="mine",
        period="2031",
        time=Fraction(4063, 2),
    )
    profile = mpi.deprivation_profile(own, measure)
    assert (profile.survey, profile.period, profile.time) == ("mine", "2031", 2031.5)
    wide = mpi.estimate(profile, measure, by="area").only("H").wide("area")
    years = data.groupby("hh")["grade"].transform("mean")
    poor = (years < 6) & data["water"]
    for area, code in {"city": 0, "town": 1, "land": 2}.items():
        mine = data["the_area"] == code
        assert wide.loc[area, "estimate"] == pytest.approx((data["fexp"] * poor)[mine].sum() / data["fexp"][mine].sum())


def test_scores_are_of_the_frame() -> None:
    scores = mpi.score(surveyed(), MEASURE)
    assert scores.num_rows == 400
    assert scores.column("hh").to_pylist()[:2] == [1000, 1001]
    assert mpi.score(surveyed(), PERSONAL).num_rows == 1600


def test_a_column_called_row_is_left_alone() -> None:
    own = mpi.estimate(surveyed(frame().assign(row="x", row_="y"), household=()), MEASURE, by="row")
    assert own.row("H", row="x")["n"] == 1600


def test_microdata_are_told_in_a_line() -> None:
    assert repr(surveyed(domains=["region"])) == "Microdata('microdata': 1,600 rows; domains: region)"


def weightless() -> Any:
    return mpi.survey(frame())  # type: ignore[call-overload]


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: surveyed(weight="fex", psu="PSU", domains=["regions"]), "MPI-D010 survey(weight=...): weight: the frame has no column 'fex'\n  did you mean 'fexp'?"),
    (lambda: surveyed(weight="fex", psu="PSU"), "MPI-D010 survey(psu=...): psu: the frame has no column 'PSU'\n  did you mean 'psu'?"),
    (lambda: surveyed(domains="zzz"), "MPI-D010 survey(domains=...): domains: the frame has no column 'zzz'\n  it has hh, health, school"),
    (weightless, "MPI-S008 the weight is not given\n  give weight='COLUMN', or weight=None if there is none"),
    (lambda: surveyed(frame().iloc[:0]), "MPI-D002 the frame: the frame has no row"),
    (lambda: surveyed(pd.DataFrame()), "MPI-D002 the frame: the frame has no row"),
    (lambda: surveyed(pd.concat([frame(), frame()[["fexp"]]], axis=1)), "MPI-D011 the frame: two columns are called fexp\n  rename one of them"),
    (lambda: surveyed(pa.Table.from_arrays([[1], [2]], ["hh", "hh"])), "MPI-D011 the frame: two columns are called hh"),
    (lambda: surveyed(frame().assign(mixed=[1, "a"] * 800)), "MPI-D004 the frame cannot be read: column 'mixed' of its DataFrame mixes types"),
    (lambda: surveyed(frame()["fexp"]), "MPI-D004 the frame is one column, a Series, not a table"),
    (lambda: surveyed({"a": [1]}), "MPI-U110 the survey is not a frame, whose columns stratum, psu, household, weight would describe"),
    (lambda: surveyed(frame().rename(columns={"region": "the region"}), domains="the region"), "MPI-C008 survey(domains=...): the column 'the region' cannot be the name of a domain\n  give it another one: domains={'name': {'column': 'the region'}}"),
    (lambda: mpi.estimate(surveyed(), MEASURE, by="zone"), "MPI-E002 the frame has no column 'zone' to estimate by\n  it has hh"),
    (lambda: mpi.estimate(surveyed(frame().assign(survey=1)), MEASURE, by="survey"), "MPI-S007 survey(domains=...)[\"survey\"]: a domain cannot be called 'survey'"),
    (lambda: mpi.estimate(surveyed(frame().drop(columns="school")), MEASURE), "MPI-D010 the frame: the frame has no column 'school', which the measure reads\n  say what it is: variables={'school': 'COLUMN'}; it has hh"),
    (lambda: mpi.estimate(surveyed(frame().assign(health=2)), MEASURE), "MPI-D015 the frame: column 'health' is true or false for the measure, and holds other numbers than 0 and 1 in 1,600 rows\n  say when it is true: variables={'health': 'health = 1'}"),
    (lambda: mpi.estimate(surveyed(frame().assign(health="1")), MEASURE), "MPI-S011 survey(variables=...)[\"health\"]: 'health' is a text here; measure declares a truth"),
    (lambda: mpi.estimate(surveyed(frame().assign(health=np.arange(1600) % 2)), MEASURE), "MPI-D034 the frame: column 'health' differs between members of a household"),
    (lambda: mpi.estimate(surveyed(frame().assign(fexp=np.arange(1600))), MEASURE), "MPI-D034 survey(design=...): the weight differs between the persons of 400 households"),
    (lambda: mpi.estimate(surveyed(frame().assign(fexp=frame()["fexp"].where(frame()["hh"] > 1004))), MEASURE), "MPI-D020 survey(design=...): the weight is null in 5 rows"),
    (lambda: mpi.estimate(surveyed(frame().assign(fexp=-1)), MEASURE), "MPI-D020 survey(design=...): the weight is negative in 400 rows"),
    (lambda: mpi.estimate(surveyed(frame().assign(fexp="1.5")), MEASURE), "MPI-D012 survey(design=...)[\"weight\"]: the weight is a text, not a number"),
    (lambda: mpi.estimate(surveyed(frame().assign(psu=None)), MEASURE), "MPI-D038 survey(design=...): the PSU is null in 400 households"),
    (lambda: mpi.estimate(surveyed(design={"psuu": 1, "single_psu": "no"}), MEASURE), "MPI-C003 survey(design=...)[\"psuu\"]: design: the key 'psuu' is not known"),
    (lambda: mpi.estimate(surveyed(time=2018.5), MEASURE), "MPI-C007 survey(time=...): the float 2018.5 is not exact\n  write it as a text: \"2018.5\""),
    (lambda: mpi.estimate(surveyed(households(), members="size", household=()), PERSONAL), "MPI-S011 survey: the measure 'measure' identifies persons, and the survey has no table of them"),
    (lambda: mpi.deprivation_profile(surveyed(), MEASURE, frame()), "MPI-U001 the microdata are given twice"),
    (lambda: mpi.deprivation_profile(mpi.load_survey("colombia_demo_2025"), MEASURE), "MPI-U001 the data of the survey are not given\n  give data=FOLDER"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), WRONG)
def test_a_wrong_frame_is_refused_in_one_message(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(MpiError) as raised:
        call()
    text = str(raised.value)
    assert said in text, text
    assert raised.value.to("es") != text != raised.value.to("pt")


def test_what_the_remedies_say_is_taken() -> None:
    twos = frame().assign(health=frame()["health"] + 1)
    assert mpi.estimate(surveyed(twos, variables={"health": "health = 2"}), MEASURE).value("H") == mpi.estimate(
        surveyed(), MEASURE
    ).value("H")
    varying = surveyed(frame().assign(health=np.arange(1600) % 2))
    rule = mpi.measure({"health": 1}, k=1, rules={"health": "ANY(health)"}, variables={"person": {"health": "truth"}})
    assert mpi.estimate(varying, rule).value("H") == 1
    assert mpi.estimate(varying, mpi.measure(["health"], k=1, identification="person")).value("H") == 0.5
    named = surveyed(frame().rename(columns={"region": "the region"}), domains={"name": {"column": "the region"}})
    assert len(mpi.estimate(named, MEASURE, by="name").only("H")) == 3
    assert mpi.estimate(surveyed(weight=None), MEASURE).row("H")["population"] == 1600


def test_no_message_shows_a_value_of_a_person() -> None:
    data = frame().assign(health="secret", fexp="secret")
    with pytest.raises(MpiError) as raised:
        mpi.estimate(surveyed(data), MEASURE)
    assert "secret" not in str(raised.value)
