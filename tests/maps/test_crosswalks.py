"""Crosswalks of boundaries: polygons of one time become the areas that figures of another are about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from mpi.errors import DataError
from mpi.maps.boundaries import files_of_map
from mpi.maps.shaping import load_areas
from tests.remedies.test_boundaries import boundaries, coded, drawn

ROWS = coded("01", "02", "03", "04", name=["Costa", "Sierra", "Norte", "Sur"], upper=["A", "A", "A", "B"])
LISTED = "new,old\n01,01\n02,01\n03,09\n04,04\n"
AREAS = "path: a.geojson, code: code, name: name"


def written(folder: Path, text: str = LISTED, rows: list[dict[str, Any]] = ROWS) -> None:
    boundaries(folder, *rows)
    (folder / "areas.csv").write_text(text, encoding="utf-8")


def spec(more: str = "", upper: str = "", width: str = "width: 2, ") -> Any:
    crosswalk = f"crosswalk: {{path: areas.csv, from: new, to: old{more}}}"
    return drawn(f"boundaries: {{{AREAS}, {width}{crosswalk}}}\n    {upper}")


def refused(of: Any, folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as error:
        load_areas(of, folder, ("01", "04", "09"))
    assert all(fault.remedy for fault in error.value.faults)
    return [(fault.code, fault.text) for fault in error.value.faults]


def test_the_parts_of_an_area_that_was_split_are_put_together(tmp_path: Path) -> None:
    written(tmp_path)
    areas, join, notices = load_areas(spec(", vintage: Areas of 2010"), tmp_path, ("01", "04", "09"))
    assert areas.codes == ("01", "04", "09") and (join.only_figures, join.only_boundaries) == ((), ())
    assert areas.names == ("Costa", "Sur", "Norte")  # that of its own code goes first
    whole = {row["code"]: row for row in ROWS}
    assert shapely.area(areas.shapes[0]) == pytest.approx(2 * shapely.area(areas.shapes[1]), rel=1e-9) and whole
    told = [notice.text for notice in notices if notice.code in ("MPI-N145", "MPI-N140")]
    assert told == [
        "valley: the crosswalk changes 2 codes of 4, to Areas of 2010; areas put together: 01",
        "1 area was put together from several rows: 01",
    ]
    assert join.left_out.merged == ("01",)


def test_an_area_without_a_polygon_of_its_own_code_has_the_names_of_all(tmp_path: Path) -> None:
    written(tmp_path, "new,old\n01,09\n02,09\n03,03\n04,04\n")
    areas, _, _ = load_areas(spec(), tmp_path, ("03", "04", "09"))
    assert dict(zip(areas.codes, areas.names, strict=True)) == {"03": "Norte", "04": "Sur", "09": "Costa / Sierra"}


def test_codes_that_are_not_listed_stay_or_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "new,old\n02,01\n03,09\n")
    assert refused(spec(), tmp_path) == [("MPI-D142", "the crosswalk does not list 2 codes: 01, 04")]
    areas, _, _ = load_areas(spec(", others: keep"), tmp_path, ("01", "04", "09"))
    assert areas.codes == ("01", "04", "09")


def test_zeros_that_the_file_lost_are_those_of_the_width(tmp_path: Path) -> None:
    written(tmp_path, LISTED.replace("0", ""))
    areas, _, _ = load_areas(spec(), tmp_path, ("01", "04", "09"))
    assert areas.codes == ("01", "04", "09")
    areas, _, _ = load_areas(
        drawn(
            "boundaries: {path: a.geojson, code: code, crosswalk: {path: areas.csv, "
            "from: {column: new, width: 2}, to: {column: old, width: 2}}}"
        ),
        tmp_path,
        ("01", "04", "09"),
    )
    assert areas.codes == ("01", "04", "09")


def test_areas_of_several_upper_areas_are_not_put_together(tmp_path: Path) -> None:
    written(tmp_path, "new,old\n01,01\n02,02\n03,04\n04,04\n")
    upper = "upper: {code: upper}"
    assert ("MPI-G009", "1 code with several upper areas: 04 (A / B)") in refused(spec(upper=upper), tmp_path)


def test_rows_of_one_code_still_need_one_name(tmp_path: Path) -> None:
    rows = coded("01", "01", "03", "04", name=["Costa", "Sierra", "Norte", "Sur"])
    written(tmp_path, LISTED, rows)
    assert refused(spec(), tmp_path) == [("MPI-G009", "1 code with several names: 01 (Costa / Sierra)")]


def test_faults_of_both_files_are_told_together(tmp_path: Path) -> None:
    rows = coded("01", "01", "03", "04", name=["Costa", "Sierra", "Norte", "Sur"])
    written(tmp_path, "new,old\n01,01\n01,02\n03,09\n04,04\n", rows)
    assert [code for code, _ in refused(spec(), tmp_path)] == ["MPI-D142", "MPI-G009"]
    (tmp_path / "areas.csv").unlink()
    assert [code for code, _ in refused(spec(), tmp_path)] == ["MPI-D001", "MPI-G009"]


def test_its_file_is_an_input_of_the_map(tmp_path: Path) -> None:
    written(tmp_path)
    assert files_of_map(spec(), tmp_path) == [tmp_path / "a.geojson", tmp_path / "areas.csv"]


def test_a_code_without_a_polygon_is_told_of_the_way_out(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(DataError) as error:
        load_areas(drawn(f"boundaries: {{{AREAS}, width: 2}}"), tmp_path, ("01", "04", "09"))
    [fault] = error.value.faults
    assert fault.code == "MPI-G016" and "give a `crosswalk:` between both" in fault.remedy
