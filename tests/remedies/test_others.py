"""Every remedy of a message about boundary files, shared configs and rules between profiles, followed as it says."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import mpi
from mpi import distributed
from mpi.cli import _refuse_empty
from mpi.config import load_disclosure, load_measure, load_reliability, load_study, load_survey
from mpi.config.composing import compose
from mpi.config.locate import locate
from mpi.config.measures import read_measure
from mpi.config.study_maps import read_maps
from mpi.maps.shaping import load_areas
from mpi.pipeline.estimating import change, estimate
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.profile.norm import measure_rules
from mpi.specs.measure import Measure, variables_of
from mpi.specs.study import MapSpec
from tests.changes.test_changing import rounds
from tests.maps.test_areas import CODES, as_geoparquet, degrees, spec, written
from tests.maps.test_areas import squares as shapes
from tests.maps.test_boundaries import nul_inside
from tests.source import test_modules
from tests.specs import test_reliability
from tests.support import hamlet, village
from tests.support.boundary_files import boundary_file
from tests.support.province import MEASURE, province
from tests.support.remedies import Doing, Row, follow
from tests.support.strategies import equal_measure


def areas(*, name: str = "a.gpkg", after: object = None, codes: tuple[str, ...] = CODES, **options: object) -> Doing:
    """The areas of a file that is written, and then damaged."""
    of = {key: options.pop(key) for key in ("crs", "driver", "shapes", "layer") if key in options}
    options |= {"crs": options.pop("stated")} if "stated" in options else {}

    def done(folder: Path) -> object:
        path = written(folder / name, **of)  # type: ignore[arg-type]
        if callable(after):
            after(path)
        return load_areas(spec(path, **options), Path(), codes)

    return done


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def layers(**options: object) -> Doing:
    def done(folder: Path) -> object:
        written(folder / "a.gpkg", layer="depts")
        written(folder / "a.gpkg", layer="munis", append=True)
        return load_areas(spec(folder / "a.gpkg", **options), Path(), CODES)

    return done


LINES = {code: shapely.LineString([(0, 0), (1, 1)]) for code in shapes()}


def gone(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {"features": []}))


def unsaid(path: Path) -> None:
    path.with_suffix(".prj").unlink()


def packed(rows: int) -> Doing:
    """A GeoParquet file with so many of its rows."""

    def done(folder: Path) -> object:
        path = folder / "a.parquet"
        pq.write_table(pq.read_table(as_geoparquet(path)).slice(0, rows), path)
        return load_areas(spec(path), Path(), CODES)

    return done


def bare(path: Path) -> None:
    held = json.loads(path.read_text())
    path.write_text(json.dumps(held | {"features": [one | {"geometry": None} for one in held["features"]]}))


def packed_up(*names: str, then: str = "") -> Doing:
    """A .zip of several boundary files; or one of them, unpacked."""

    def done(folder: Path) -> object:
        with zipfile.ZipFile(folder / "a.zip", "w") as packed:
            for name in names:
                packed.write(written(folder / name), name)
                (folder / name).unlink()
        if then:
            zipfile.ZipFile(folder / "a.zip").extract(then, folder)
        return load_areas(spec(folder / (then or "a.zip")), Path(), CODES)

    return done


def parquets(encoding: str | None) -> Doing:
    """Areas in Parquet, whose shapes are coded so; without a word on shapes at all."""

    def done(folder: Path) -> object:
        path = as_geoparquet(folder / "a.parquet")
        table = pq.read_table(path)
        about = {"primary_column": "geometry", "columns": {"geometry": {"encoding": encoding}}}
        if encoding != "WKB":
            table = table.replace_schema_metadata({"geo": json.dumps(about)} if encoding else None)
        pq.write_table(table, path)
        return load_areas(spec(path), Path(), CODES)

    return done


def attributes(path: Path) -> None:
    """Take the shapes out of a GeoPackage, so that it holds a table alone."""
    with sqlite3.connect(path) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute("DELETE FROM gpkg_geometry_columns")
        base.execute("UPDATE gpkg_contents SET data_type = 'attributes'")
    base.close()


def nul(code: str, *, column: str = "code") -> Doing:
    """A GeoJSON file with this code, whose areas are found in a column."""

    def done(folder: Path) -> object:
        path = nul_inside(folder, "geojson", [code, "02"])
        own = MapSpec(domain="municipio", boundaries=boundary_file(path.name, column))
        return load_areas(own, folder, ["01"] if column == "code" else ["x"])

    return done


def keyed(path: Path) -> None:
    """Add another column that holds the codes."""
    table = pq.read_table(path)
    pq.write_table(
        table.append_column("key", pa.array(list(CODES))).replace_schema_metadata(table.schema.metadata), path
    )


def bent(path: Path) -> None:
    """Make a coordinate of a file in degrees no number."""
    text = path.read_text()
    assert "-56.0, -32.0" in text
    path.write_text(text.replace("-56.0, -32.0", "NaN, -32.0"))


def coded(codes: list[object], *, then: Any = None, **options: object) -> Doing:
    """A GeoParquet file with these codes."""

    def done(folder: Path) -> object:
        path = as_geoparquet(folder / "a.parquet")
        table = pq.read_table(path)
        pq.write_table(table.set_column(table.column_names.index("code"), "code", pa.array(codes)), path)
        if then is not None:
            then(path)
        return load_areas(spec(path, **options), Path(), CODES)

    return done


LONGER = ["1234567", *CODES[1:]]
SHAPEFILE: dict[str, Any] = {"name": "a.shp", "driver": "ESRI Shapefile"}
DEGREES: dict[str, Any] = {"name": "a.geojson", "driver": "GeoJSON", "crs": "EPSG:4326", "shapes": degrees()}


def _map(text: str) -> Doing:
    def done(folder: Path) -> object:
        root = compose(
            f"maps:\n  valley:\n    boundaries: {{path: a.geojson, code: code}}\n    breaks: {text}\n", "study.yaml"
        )
        found = read_maps(next(value for key, _, value in root.pairs("the study") if key == "maps"))
        root.faults.refuse()
        return found

    return done


def measured(*changes: tuple[str, str]) -> Measure:
    return village.measure(*changes)


def flagged(by: dict[str, list[str]]) -> Doing:
    """A profile of ready-made flags by towns, one of them unknown."""
    frame = pa.table({"town": ["1", None], "a": [1, 0], "b": [1, 0], "c": [0, 1]})
    return lambda folder: DeprivationProfile.from_flags(frame, equal_measure(3), weight=None, by=by)


def many(number: int) -> Doing:
    flags = ", ".join(f"v{i}: truth" for i in range(number))
    rules = ", ".join(f"i{i}: {{deprived: v{i}}}" for i in range(number))
    text = (
        "measure: many\ntitle: Many\nidentification: household\nk: 1/3\nmissing: exclude\n"
        f"variables: {{household: {{{flags}}}}}\ndimensions: {{all: {{indicators: {{{rules}}}}}}}\n"
    )
    return lambda folder: read_measure(compose(text, "many.yaml"))


def ruled() -> list[mpi.DeprivationProfile]:
    """Two rounds of which the first was judged by another rule."""
    one, other = rounds(province(1), province(2))
    own = measure_rules(MEASURE) | {f"variable {name}": "column" for name in variables_of(MEASURE)}
    return [replace(one, rules=own | {"deprived a": "abc"}, survey="ecv"), replace(other, rules=own, survey="ecv")]


def like(first: str, second: str) -> Doing:
    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        whole = (folder / "village_2026.yaml").read_text()
        for name, text in (("one", first), ("two", second)):
            (folder / f"{name}.yaml").write_text(
                whole if text == "" else f"survey: {name}\nlike: {text}\nperiod: 2026\n"
            )
        return load_survey(folder / "one.yaml")

    return done


def spread(data: object, **options: object) -> Doing:
    def done(folder: Path) -> object:
        held = village.write(folder, village.tables()) if data is Path else data
        return distributed.deprivation_profile(village.survey(), village.measure(), held, cluster=1, **options)  # type: ignore[arg-type]

    return done


BIRTHS = {**village.tables(), "births": test_modules.births(village.tables())}


def born(rule: str) -> Doing:
    return lambda folder: village.profile(
        BIRTHS, of=test_modules.survey(modules=test_modules.BIRTHS.replace("COUNT_IF(died = 1)", rule))
    )


PLAIN = "a: 1\nb: 1\n"
ROWS = [
    Row(
        "MPI-C010",
        "name a file with the key `measure:` here",
        lambda folder: load_measure(locate("colombia_demo_2025", "surveys")),
        [lambda folder: load_measure("colombia_ipm")],
    ),
    Row(
        "MPI-C010",
        "name a file with the key `survey:` here",
        lambda folder: load_survey(locate("colombia_ipm", "measures")),
        [lambda folder: load_survey("colombia_demo_2025")],
    ),
    Row(
        "MPI-C010",
        "name a file with the key `study:` here",
        lambda folder: load_study(locate("colombia_ipm", "measures")),
        [lambda folder: load_study("colombia_demo")],
    ),
    Row(
        "MPI-C010",
        "name a file with the key `reliability:` here",
        lambda folder: load_reliability(locate("colombia_ipm", "measures")),
        [lambda folder: load_reliability("dane")],
    ),
    Row(
        "MPI-C010",
        "name a file with the key `disclosure:` here",
        lambda folder: load_disclosure(locate("colombia_ipm", "measures")),
        [lambda folder: load_disclosure("standard")],
    ),
    Row(
        "MPI-C001",
        "did you mean 'colombia_ipm'?",
        lambda folder: load_measure("colombia_imp"),
        [lambda folder: load_measure("colombia_ipm")],
    ),
    Row(
        "MPI-C001",
        "give the path of a YAML file, or one of: ",
        lambda folder: load_measure("zzz"),
        [
            lambda folder: load_measure(hamlet.write_hamlet(folder) / "village.yaml"),
            lambda folder: load_measure("colombia_ipm"),
        ],
    ),
    Row(
        "MPI-C002",
        "write the value out",
        lambda folder: compose("a: &x 1\nb: *x\n", "a.yaml"),
        [lambda folder: compose(PLAIN, "a.yaml")],
    ),
    Row(
        "MPI-C002",
        "leave it out",
        lambda folder: compose("a: !!int 1\n", "a.yaml"),
        [lambda folder: compose("a: 1\n", "a.yaml")],
    ),
    Row("MPI-C040", "write [0, 20, 40, 60, 80, 100]", _map("{H: [40, 20]}"), [_map("{H: [0, 20, 40, 60, 80, 100]}")]),
    Row(
        "MPI-C120",
        "write 8 or more, or give the reason: `because: ...`",
        lambda folder: test_reliability.own(test_reliability.OWN, "floor: {df: 4}\n"),
        [
            lambda folder: test_reliability.own(test_reliability.OWN, "floor: {df: 8}\n"),
            lambda folder: test_reliability.own(test_reliability.OWN, "floor: {df: 4, because: our practice}\n"),
        ],
    ),
    Row(
        "MPI-E014",
        "make the profiles with one measure, or declare them harmonised",
        lambda folder: change(ruled(), MEASURE, rounds="panel"),
        [
            lambda folder: change(rounds(province(1), province(2)), MEASURE, rounds="panel"),
            lambda folder: change(ruled(), MEASURE, rounds="panel", harmonised=True),
        ],
    ),
    Row(
        "MPI-E110",
        "make the profile again with this measure (`mpi profile`), or take the measure that it was made with",
        lambda folder: estimate(village.profile(village.tables()), measured(("rooms > 2", "rooms > 3"))),
        [
            lambda folder: estimate(
                village.profile(village.tables(), by=measured(("rooms > 2", "rooms > 3"))),
                measured(("rooms > 2", "rooms > 3")),
            ),
            lambda folder: estimate(village.profile(village.tables()), measured()),
        ],
    ),
    Row("MPI-M004", "split them into two measures", many(65), [many(33), many(32)]),
    Row(
        "MPI-R008",
        "use an aggregate: ANY(...), ALL(...), COUNT_IF(...), MEAN(died), MIN(died)",
        born("died + 1"),
        [born(f"{rule} + 1") for rule in ("COUNT_IF(died = 1)", "MEAN(died)", "MIN(died)")]
        + [born("ANY(died = 1)"), born("ALL(died = 1)")],
    ),
    Row("MPI-S001", "write one of them without `like:`", like("two", "one"), [like("two", "")]),
    Row(
        "MPI-S015",
        "rename the domain or the indicator",
        lambda folder: score(
            village.survey(("  region: region", "  crowding: region")), village.measure(), village.tables()
        ),
        [
            lambda folder: score(
                village.survey(("  region: region", "  place: region")), village.measure(), village.tables()
            ),
            lambda folder: score(
                village.survey(("  region: region", "  crowding: region")),
                village.measure(("      crowding:", "      crowded:")),
                village.tables(),
            ),
        ],
    ),
    Row(
        "MPI-U009",
        "use mpi.deprivation_profile on one machine",
        spread(village.tables()),
        [lambda folder: village.profile(village.tables())],
    ),
    Row(
        "MPI-U195",
        "leave it out: rows with a null have it by themselves",
        flagged({"town": ["1", "(missing)"]}),
        [flagged({"town": ["1"]})],
    ),
    Row(
        "MPI-U112",
        "give it a text or leave it out",
        lambda folder: _refuse_empty(["estimate", "--by", ""]),
        [lambda folder: _refuse_empty(["estimate", "--by", "region"]), lambda folder: _refuse_empty(["estimate"])],
    ),
]


ROWS += [
    Row(
        "MPI-G001",
        "look at `boundaries:` of the map, and at the data folder",
        lambda folder: load_areas(spec(folder / "b.gpkg"), Path(), CODES),
        [areas()],
    ),
    Row("MPI-G002", "get a new copy of it", areas(after=cut), [areas()]),
    Row(
        "MPI-G002",
        "maps read ",
        areas(after=lambda path: path.write_text("no map")),
        [areas(), areas(name="a.geojson", driver="GeoJSON", crs="EPSG:4326", shapes=degrees())],
    ),
    Row(
        "MPI-G003",
        "choose one with `layer:`; there are depts, munis",
        layers(),
        [layers(layer="munis"), layers(layer="depts")],
    ),
    Row(
        "MPI-G010",
        "get a whole copy of the file, or take another one",
        areas(after=bare, **DEGREES),
        [areas(**DEGREES)],
    ),
    Row(
        "MPI-G004",
        "this file has none: get a whole copy, or take another one",
        areas(after=gone, **DEGREES),
        [areas(**DEGREES), areas()],
    ),
    Row("MPI-G006", "get a whole copy of the file, or take another one", packed(0), [packed(9), areas()]),
    Row(
        "MPI-G011",
        "write `crs:` beside the file (mpi map: --crs), such as EPSG:4326",
        areas(after=unsaid, **SHAPEFILE),
        [areas(after=unsaid, stated="EPSG:32721", **SHAPEFILE)],
    ),
    Row("MPI-G013", "look at `crs:`", areas(stated="EPSG:4326"), [areas(stated="EPSG:32721"), areas()]),
    Row("MPI-G014", "take a file of polygons or multipolygons", areas(shapes=LINES), [areas()]),
    Row(
        "MPI-G002",
        "unpack it and name the file",
        packed_up("a.gpkg", "b.gpkg"),
        [packed_up("a.gpkg", "b.gpkg", then="a.gpkg")],
    ),
    Row("MPI-G002", "write it as GeoParquet", parquets(None), [parquets("WKB")]),
    Row("MPI-G002", "write the GeoParquet file with the encoding WKB", parquets("polygon"), [parquets("WKB")]),
    Row("MPI-G003", "did you mean 'munis'?", layers(layer="muniz"), [layers(layer="munis")]),
    Row(
        "MPI-G003",
        "its layers are depts, munis: write one as `layer:`",
        layers(layer="zz9"),
        [layers(layer="munis"), layers(layer="depts")],
    ),
    Row("MPI-G003", "maps read GeoPackage", areas(after=attributes), [areas()]),
    Row("MPI-G004", "there are code, name, upper", areas(code="zz9"), [areas(code="code")]),
    Row(
        "MPI-G005",
        "write every code as a text, or take another column",
        coded([True, False, True, False], code="code"),
        [coded(list(CODES)), coded([True, False, True, False], code="key", then=keyed)],
    ),
    Row(
        "MPI-G008",
        "write the width that the codes have, or take another column",
        coded(LONGER, pad=True),
        [coded(["1001", *CODES[1:]], pad=True), coded(LONGER, code="key", pad=True, then=keyed)],
    ),
    Row(
        "MPI-G210",
        "write every code as a text, or take another column",
        coded([1.5, 2.5, 3.5, 4.5], pad=True),
        [coded(list(CODES)), coded([1.5, 2.5, 3.5, 4.5], code="key", pad=True, then=keyed)],
    ),
    Row(
        "MPI-G211",
        "write the texts without it, or take another column",
        nul("01\0A"),
        [nul("01"), nul("01\0A", column="other")],
    ),
    Row(
        "MPI-G013",
        "get a whole copy of the file, or take another one",
        areas(after=bent, **DEGREES),
        [areas(**DEGREES), areas()],
    ),
    Row(
        "MPI-G015",
        "give 'municipio' codes in the survey, or remove this map from the study",
        areas(codes=()),
        [areas()],
    ),
    Row("MPI-G015", "look at the column and its width", areas(codes=("99999",)), [areas()]),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
