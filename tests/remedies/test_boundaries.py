"""What the messages about boundaries advise is followed word for word, and then taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mpi.config.composing import compose
from mpi.config.study_maps import read_maps
from mpi.errors import DataError, MpiError
from mpi.maps.shaping import load_areas
from mpi.specs.study import MapSpec
from tests.support.loops import at_least_one

FIGURES = ("01", "02", "03")
LISTED = "new,old\n01,01\n02,02\n03,02\n"


def boundaries(folder: Path, *rows: dict[str, Any], crs: str | None = None) -> None:
    """Squares of a degree, one a row, with the columns of the row; beside them a crosswalk."""
    (folder / "areas.csv").write_text(LISTED)
    features = []
    for (x, y), row in zip(((i % 4 - 58, i // 4 - 34) for i in range(len(rows))), rows, strict=True):
        ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
        own = {key: value for key, value in row.items() if key != "shape"}
        shape = row.get("shape", {"type": "Polygon", "coordinates": [ring]})
        features.append({"type": "Feature", "properties": own, "geometry": shape})
    about = {} if crs is None else {"crs": {"type": "name", "properties": {"name": crs}}}
    (folder / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features} | about))


def drawn(text: str) -> MapSpec:
    """The map of a domain as the study's file says it."""
    root = compose(f"maps:\n  valley:\n    {text}\n", "study.yaml")
    node = next(value for key, _, value in root.pairs("the study") if key == "maps")
    (found,) = read_maps(node)
    root.faults.refuse()
    return found


def coded(*codes: Any, **columns: list[Any]) -> list[dict[str, Any]]:
    return [{"code": code} | {name: values[i] for name, values in columns.items()} for i, code in enumerate(codes)]


def recoded(source: str = "from", target: str = "to") -> str:
    crosswalk = f"{{path: areas.csv, {source}: new, {target}: old}}"
    return f"boundaries: {{path: a.geojson, code: code, crosswalk: {crosswalk}}}\n    unmatched: allow"


# The rows of the file, the map as first written, the code of the message, what the message advises, and the map with
# that advice followed: `WRITTEN` stands for the words between backticks.
CASES: dict[str, tuple[list[dict[str, Any]], str, str, str, str]] = {
    "numbers": (coded(1, 2, 3), "boundaries: {path: a.geojson, code: code}", "MPI-G005",
                "code: {column: code, width: 1, pad: yes}",
                "boundaries: {path: a.geojson, code: {column: code, width: 2, pad: yes}}"),
    "numbers with a width": (coded(1, 2, 3), "boundaries: {path: a.geojson, code: code, width: 2}", "MPI-G005",
                             "pad: yes", "boundaries: {path: a.geojson, code: code, width: 2, WRITTEN}"),
    "numbers with a width inside": (
        coded(1, 2, 3), "boundaries: {path: a.geojson, code: {column: code, width: 2}}", "MPI-G005", "pad: yes",
        "boundaries: {path: a.geojson, code: {column: code, width: 2, WRITTEN}}"),
    "lost zeros": (coded("1", "2", "03"), "boundaries: {path: a.geojson, code: code, width: 2}", "MPI-G008",
                   "pad: yes", "boundaries: {path: a.geojson, code: code, width: 2, WRITTEN}"),
    "wrong width": (coded("01", "02", "03"), "boundaries: {path: a.geojson, code: code, width: 5}", "MPI-G008",
                    "leave `width:` out", "boundaries: {path: a.geojson, code: code}"),
    "parts": (coded("01", "02", "03", "03"), "boundaries: {path: a.geojson, code: code}", "MPI-G009", "parts: merge",
              "boundaries: {path: a.geojson, code: code, WRITTEN}"),
    "two names": (coded("01", "02", "03", "03", name=["a", "b", "c", "d"]),
                  "boundaries: {path: a.geojson, code: code, name: name}", "MPI-G009", "leave a row out with `only:`",
                  "boundaries: {path: a.geojson, code: code, name: name, only: \"name <> 'd'\"}"),
    "no codes": (coded(None, None, None, key=["01", "02", "03"]), "boundaries: {path: a.geojson, code: code}",
                 "MPI-G007", "take another column as `code:`", "boundaries: {path: a.geojson, code: key}"),
    "long parts": (coded("01", "02", "03"),
                   "boundaries: {path: a.geojson, code: {columns: [{column: code, width: 1}]}}",
                   "MPI-G008", "write the width that the codes of 'code' have",
                   "boundaries: {path: a.geojson, code: {columns: [{column: code, width: 2}]}}"),
    "no polygon": (coded("01", "02"), "boundaries: {path: a.geojson, code: code}", "MPI-G016", "unmatched: allow",
                   "boundaries: {path: a.geojson, code: code}\n    WRITTEN"),
    "unknown condition": (coded("01", "02", "03", None), "boundaries: {path: a.geojson, code: code, only: code < '04'}",
                          "MPI-R007", "",
                          "boundaries: {path: a.geojson, code: code, only: \"code <> '04' OR code IS NULL\"}"),
    "unknown": (coded("01", "02", "03", None), "boundaries: {path: a.geojson, code: code, only: \"code <> '04'\"}",
                "MPI-G140", "COALESCE(..., FALSE)",
                "boundaries: {path: a.geojson, code: code, only: \"COALESCE(code <> '04', FALSE)\"}"),
    "holds nowhere": (coded("01", "02", "03"), "boundaries: {path: a.geojson, code: code, only: \"code = '04'\"}",
                      "MPI-G140", "write a condition that is true for some rows",
                      "boundaries: {path: a.geojson, code: code, only: \"code <> '04'\"}"),
    "split": (coded("01", "02", "03"), recoded("to", "from"), "MPI-D142", "exchange `from` and `to`", recoded()),
    "not listed": (coded("01", "02", "04"), recoded(), "MPI-D142", "others: keep", recoded("WRITTEN, from")),
    "same year": (coded("01", "02", "04"), "boundaries: {path: a.geojson, code: code}", "MPI-G016",
                  "give a `crosswalk:` between both", recoded("others: keep, from")),
    "another column": (coded("01", "02", "03"), "boundaries: {path: a.geojson, code: kode}", "MPI-G004",
                       "did you mean 'code'", "boundaries: {path: a.geojson, code: code}"),
    "crs": (coded("01", "02", "03"), "boundaries: {path: a.geojson, code: code}\n    projection: EPSG:1", "MPI-G012",
            "write a code such as EPSG:4326", "boundaries: {path: a.geojson, code: code}\n    projection: EPSG:4326"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_message_advises_is_taken(name: str, tmp_path: Path) -> None:
    rows, first, code, advice, then = CASES[name]
    boundaries(tmp_path, *rows)
    with pytest.raises(MpiError) as caught:
        load_areas(drawn(first), tmp_path, FIGURES)
    (fault,) = caught.value.faults
    assert fault.code == code and advice in fault.remedy
    areas, *_ = load_areas(drawn(then.replace("WRITTEN", advice)), tmp_path, FIGURES)
    assert {"01", "02"} <= set(areas.codes)


@pytest.mark.parametrize("text", [
    "boundaries: {path: a.geojson, code: {column: a, width: 2}, width: 2}",
    "boundaries: {path: a.geojson, code: {column: a, pad: yes}, pad: yes, width: 2}",
    "boundaries: {path: a.geojson, code: {columns: [{column: a, width: 2}], width: 2}}",
    "boundaries: {path: a.geojson, code: {columns: [{column: a, width: 2}]}, pad: yes}",
    "boundaries: {path: a.geojson, code: {column: a, columns: [{column: a, width: 2}]}}",
    "boundaries: {path: a.geojson, code: {columns: [{column: a}]}}",
    "boundaries: {path: a.geojson, code: {columns: a}}", "boundaries: {path: a.geojson, code: {}}",
    "boundaries: {path: a.geojson, code: [a, b]}", "boundaries: {path: a.geojson, code: a, parts: refuse}",
    "boundaries: {path: a.geojson, code: a, only: [b]}", "boundaries: {path: a.geojson, code: a, only: b ==}",
])  # fmt: skip
def test_codes_of_a_wrong_shape_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(MpiError) as caught:
        drawn(text)
    assert all(fault.place is not None and fault.place.line == 3 for fault in at_least_one(caught.value.faults))


def test_a_file_whose_every_area_lacks_its_shape_is_refused(tmp_path: Path) -> None:
    boundaries(tmp_path, *({"code": code, "shape": None} for code in FIGURES))
    with pytest.raises(DataError, match=r"MPI-G010.*no area of this file has a shape: 01, 02, 03"):
        load_areas(drawn("boundaries: {path: a.geojson, code: code}"), tmp_path, FIGURES)
    boundaries(tmp_path, {"code": None}, {"code": "01", "shape": None})
    with pytest.raises(DataError, match=r"MPI-G010.*both a code and a shape"):
        load_areas(drawn("boundaries: {path: a.geojson, code: code}"), tmp_path, FIGURES)
