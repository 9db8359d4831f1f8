"""Places against demand by area: by hand, against the analysis of numbers, of every kind of table."""

from __future__ import annotations

from math import isclose
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.errors import DataError, UsageError
from tests.support.commands import run
from tests.support.loops import at_least_one

ROOT = Path(__file__).resolve().parents[2]
FRAME = pa.table({
    "house": list(range(8)), "w": [10.0, 20.0, 5.0, 5.0, 10.0, 10.0, 1.0, 2.0],
    "area": ["05001", "05001", "05001", "05002", "05002", "05003", "05004", "05004"],
    "s": [1, 1, 1, 1, 1, 2, 2, 2], "p": [1, 2, 2, 3, 3, 1, 2, 2],
    "a": [1, 1, 0, 1, 1, 1, 0, 0], "b": [1, 0, 0, 1, 1, 0, 0, 0], "c": [0, 0, 0, 0, 1, 0, 0, 0],
})  # fmt: skip
MEASURE = mpi.measure(["a", "b", "c"], k="2/3")
PLACES = {"area": ["05001", "05002", "05004", "99999"], "places": [4, 20, 3, 7]}


def made(supply: Any, **options: Any) -> dict[str, dict[str, Any]]:
    survey = mpi.survey(FRAME, weight="w", stratum="s", psu="p", household="house")
    found = mpi.supply_demand(survey, MEASURE, supply, by="area", indicator="a", **options)
    return {row["area"]: row for row in found.table.to_pylist()}


def test_demand_gap_and_ratio_by_hand() -> None:
    found = made(pa.table(PLACES))
    assert {code: row["estimate"] for code, row in found.items()} == {"05001": 10, "05002": 15, "05003": 0, "05004": 0}
    assert {code: row["supply"] for code, row in found.items()} == {"05001": 4, "05002": 20, "05003": None, "05004": 3}
    assert {code: row["gap"] for code, row in found.items()} == {"05001": 6, "05002": -5, "05003": None, "05004": -3}
    assert isclose(found["05001"]["ratio"], 4 / 10)
    assert found["05004"]["ratio"] is None  # nobody needs a place: 3 / 0
    assert (found["05003"]["gap"], found["05003"]["note"]) == (None, "no row in the table of places")
    everyone = made(pa.table(PLACES), demand="deprived")
    assert {code: row["estimate"] for code, row in everyone.items()} == {
        "05001": 30, "05002": 15, "05003": 10, "05004": 0,
    }  # fmt: skip


def test_errors_are_those_of_demand_and_the_ratio_is_linearised() -> None:
    survey = mpi.survey(FRAME, weight="w", stratum="s", psu="p", household="house")
    rows = [r for r in mpi.analyse(survey, MEASURE, "numbers", by="area") if r["figure"] == "poor_and_deprived"]
    own = {r["area"]: r for r in rows if r["indicator"] == "a"}
    for code, row in at_least_one(made(pa.table(PLACES)).items()):
        assert (row["estimate"], row["se"], row["df"]) == (own[code]["estimate"], own[code]["se"], own[code]["df"])
        if row["supply"] is None or own[code]["ci_low"] is None:
            continue
        assert row["gap_low"] == own[code]["ci_low"] - row["supply"]
        assert row["gap_high"] == own[code]["ci_high"] - row["supply"]
    row = made(pa.table(PLACES))["05001"]
    step = 1e-6
    slope = (row["supply"] / (row["estimate"] + step) - row["supply"] / row["estimate"]) / step
    assert isclose(row["ratio_se"], abs(slope) * row["se"], rel_tol=1e-5)


def test_every_kind_of_table_says_the_same(tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "p.csv").write_text("area;places\n05001;4\n05002;20\n05004;3\n99999;7\n", encoding="utf-8")
    pq.write_table(pa.table(PLACES), tmp_path / "p.parquet")
    book = openpyxl.Workbook()
    for row in zip(("area", *PLACES["area"]), ("places", *PLACES["places"]), strict=True):
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    wanted = made(pa.table(PLACES))
    for name in ("p.csv", "p.parquet", "p.xlsx"):
        assert made(tmp_path / name) == wanted, name
    pandas = pytest.importorskip("pandas")
    assert made(pandas.DataFrame(PLACES)) == wanted
    named = pa.table({"x": ["?"] * 4, "code": PLACES["area"], "n": PLACES["places"]})
    assert made(named, code="code", places="n") == wanted


def test_areas_are_chosen_and_shown_as_figures_are() -> None:
    survey = mpi.survey(FRAME, weight="w", stratum="s", psu="p", household="house")
    found = mpi.supply_demand(survey, MEASURE, pa.table(PLACES), by="area", indicator="a")
    row = found.row("poor_and_deprived", area="05002", indicator="a")
    assert (row["supply"], row["gap"], row["note"]) == (20, -5, "one PSU: its variance has no estimate")
    assert found.value("poor_and_deprived", area="05002", indicator="a") == 15
    assert found.wide("area", values="gap")["gap"].to_dict()["05001"] == 6
    assert len(found.only("poor_and_deprived", area=["05001", "05003"])) == 2
    with pytest.raises(UsageError, match="MPI-E213 there is no demand 'H'"):
        found.only("H")
    heads, _, first, *_ = found.to_markdown().splitlines()
    assert heads == r"| area | supply | estimate | se | ci\_low | ci\_high | gap | ratio | n |"
    assert first.startswith("| 05001 | 4.0000 | 10.0000 | 10.0000 |")
    assert first.endswith("| 6.0000 | 0.4000 | 3 |")
    assert repr(found) == "SupplyDemand: 4 rows, domains: area; unplaced: 1"


def test_a_domain_may_be_called_as_a_figure_of_another_table() -> None:
    frame = FRAME.append_column("supply", pa.array(["x", "y"] * 4))
    survey = mpi.survey(frame, weight="w", household="house", domains=["supply"])
    shown = mpi.estimate(survey, MEASURE, by="supply", statistics="H")
    heads, _, first, *_ = shown.to_markdown().splitlines()
    assert heads.startswith("| statistic | supply | estimate |")
    assert "total" in first
    assert "x" in shown.to_great_tables().as_raw_html()
    with pytest.raises(UsageError, match="MPI-E002 no figures by 'supply'"):
        mpi.supply_demand(survey, MEASURE, pa.table({"c": ["x", "y"], "n": [1, 2]}), by="supply", indicator="a")


def test_what_does_not_meet_is_told() -> None:
    survey = mpi.survey(FRAME, weight="w", household="house")
    found = mpi.supply_demand(survey, MEASURE, pa.table(PLACES), by="area", indicator="a")
    assert found.unplaced == (("99999", 7.0),)
    told = [one.text for one in found.notices if one.code == "MPI-N180"]
    assert told == [
        "1 of 4 areas of area have no row in the table of places: their supply is not known",
        "1 row of the table of places are of no area of area, with 7 places: 99999",
    ]


@pytest.mark.parametrize(("table", "options", "message"), [
    ({"area": ["05001", "05001"], "n": [1, 2]}, {}, r"MPI-D148.*come twice.*05001"),
    ({"area": ["05001"], "n": [-1]}, {}, r"MPI-D148.*below 0.*05001"),
    *(({"area": ["05001"], "n": [n]}, {}, r"MPI-D148.*no number of places") for n in ("much", "1_000", "nan", "٣")),
    ({"area": ["05001", "05002"], "n": ["1.250", "3"]}, {}, r"MPI-D131.*'n' can be read in two ways"),
    ({"area": [None, "05002"], "n": [1, 2]}, {}, r"MPI-D148.*1 row of the table of places have no code"),
    ({"area": ["05001"], "n": [1], "m": [2]}, {}, r"MPI-D010.*several columns"),
    ({"area": ["05001"], "n": [1]}, {"code": "kode"}, r"MPI-D010.*no column 'kode'"),
    ({"area": ["05001"]}, {}, r"MPI-D010.*fewer than two columns"),
    ({}, {}, r"MPI-D002.*0 rows"),
])  # fmt: skip
def test_tables_that_are_refused(table: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises((DataError, UsageError), match=message):
        made(pa.table(table), **options)


def test_what_is_asked_wrongly_is_refused(tmp_path: Path) -> None:
    survey = mpi.survey(FRAME, weight="w", household="house")
    for options, message in at_least_one([
        ({"indicator": "z"}, "MPI-E213.*no indicator 'z'"),
        ({"indicator": "a", "demand": "all"}, "MPI-E213.*no demand"),
    ]):  # fmt: skip
        with pytest.raises(UsageError, match=message):
            mpi.supply_demand(survey, MEASURE, pa.table(PLACES), by="area", **options)
    with pytest.raises(DataError, match="MPI-D001"):
        made(tmp_path / "nothing.csv")


def test_the_command_gives_what_the_function_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ROOT / "sample_data" / "colombia_2025" / "cupos_municipio.csv"
    done = run(
        capsys, "supply", "colombia_ipm", "colombia_demo_2025", str(places), "--data", str(ROOT / "sample_data"),
        "--by", "municipio", "--indicator", "atencion_integral", "-o", str(tmp_path / "s.parquet"),
    )  # fmt: skip
    assert done.code == 0, done.err
    measure = mpi.load_measure("colombia_ipm")
    profile = mpi.deprivation_profile(
        mpi.load_survey("colombia_demo_2025"), measure, data=ROOT / "sample_data", domains=["municipio"]
    )
    found = mpi.supply_demand(profile, measure, places, by="municipio", indicator="atencion_integral")
    assert pq.read_table(tmp_path / "s.parquet").to_pylist() == found.table.to_pylist()
    assert len(found) == 300
    assert len(found.unplaced) == 2
    assert "MPI-N180" in done.err
