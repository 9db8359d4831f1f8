"""The benchmark's country and its measurement: a whole publication of it is possible, and what is measured is told."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely

from benchmarks import country, publishing
from benchmarks.publishing import Cost
from mpi.config import load_study
from mpi.synthetic.frame import DEPARTMENTS

HOUSEHOLDS = 3_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("country")
    country.write_country(path, households=HOUSEHOLDS)
    return path


def test_the_country_has_1_122_municipalities_that_share_their_borders() -> None:
    made = {one["properties"]["mpio_code"]: one for one in country.municipalities()["features"]}
    shapes = shapely.from_geojson([str(one["geometry"]).replace("'", '"') for one in made.values()])
    assert list(made) == country.municipality_codes()
    assert len(made) == 1_122
    assert shapely.coverage_is_valid(shapes)
    assert shapely.get_num_coordinates(shapes).sum() > 200_000


def test_departments_are_the_unions_of_their_municipalities() -> None:
    whole = {one["properties"]["dpto_code"]: one["geometry"] for one in country.departments()["features"]}
    parts = country.municipalities()["features"]
    assert list(whole) == [department.code for department in DEPARTMENTS]
    for code in ("05", country.ISLAND):
        own = [shapely.geometry.shape(one["geometry"]) for one in parts if one["properties"]["dpto_code"] == code]
        assert shapely.coverage_union_all(own).equals(shapely.geometry.shape(whole[code]))


def test_households_live_in_municipalities_of_their_department_a_segment_in_one(folder: Path) -> None:
    table = pq.read_table(folder / "colombia_2025" / "HOGARES.parquet").to_pydict()
    codes = set(country.municipality_codes())
    homes = dict.fromkeys(zip(table["ESTRATO"], table["UPM"], table["MUNICIPIO"], strict=True))
    assert set(table["MUNICIPIO"]) <= codes
    assert all(own.startswith(code) for own, code in zip(table["MUNICIPIO"], table["DEPARTAMENTO"], strict=True))
    assert len(homes) == len({(stratum, psu) for stratum, psu, _ in homes})


def test_the_study_of_the_demonstration_runs_on_the_country_stage_by_stage(folder: Path, tmp_path: Path) -> None:
    found = publishing.stages(folder, tmp_path / "out", only=("map_data",))
    assert next(iter(found)) == "start"
    assert "writing map data" in found
    assert all(seconds >= 0 for seconds in found.values())
    assert (tmp_path / "out" / "map_data" / "municipio.gpkg").stat().st_size > 100_000


def test_the_study_that_is_run_again_differs_by_its_title_alone(tmp_path: Path) -> None:
    other, own = (
        load_study(publishing.municipal(tmp_path / name, title=name)) for name in ("revised", "synthetic data")
    )
    assert other.title["en"] != own.title["en"] and other.title["es"] == own.title["es"]
    changed = [one.name for one in fields(own) if getattr(own, one.name) != getattr(other, one.name)]
    assert changed and set(changed) <= {"title", "place", "files", "data", "maps"}


def test_a_row_has_the_medians_and_a_stage_that_only_one_case_has_is_empty_for_the_other() -> None:
    costs = [Cost(cpu=cpu, wall=2, first=1, peak=800, disk=25, results=9, files=177) for cpu in (1.0, 9.0, 3.0)]
    assert publishing.row("demo", costs) == ("demo", "3.0", "2.0", "1.0", "800", "25", "9", "177")
    rows = publishing.staged_rows({"a": {"start": 0.5}, "b": {"start": 0.25, "writing maps": 1}})
    assert rows == [("start", "0.5", "0.2"), ("writing maps", "", "1.0")]
    assert publishing.markdown(("", "s"), [("a", "1")]) == "|  | s |\n| --- | ---: |\n| a | 1 |"
