"""The tidy files and the data package: what is written is what is read, and the package tells the truth."""

import csv
import gzip
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from mpi.comparing.reading import results_of
from mpi.disclosure.publishable import Publishable
from mpi.errors import UsageError
from mpi.estimates.forms import as_csv
from mpi.tables import writing
from mpi.tables.packaging import Field, Resource, slug
from mpi.tables.results import write_results
from mpi.tables.writing import write_csv_gz
from tests.support.loops import at_least_one
from tests.support.publications import HOSTILE, colombia, single_round

NAME = re.compile(r"^[-a-z0-9._/]+$")  # Data Package: names of packages and resources
TYPES = {"string": str, "number": float, "integer": int}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("results")
    write_results(single_round(), made)
    return made


def package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_parquet_and_csv_hold_the_table_exactly(folder: Path) -> None:
    table = single_round().figures.table
    kept = pq.read_table(folder / "results.parquet", page_checksum_verification=True)
    assert kept.equals(table)
    assert kept.schema.metadata[b"mpi.study"] == b"colombia_demo"
    assert kept.schema.metadata[b"mpi.disclosure"] == b"sample"
    resources = {one["path"]: one for one in package(folder)["resources"]}
    assert list(resources) == ["results.parquet", "total.csv", "zona.csv"]
    read = []
    for name in ("total.csv", "zona.csv"):
        types = {field["name"]: TYPES[field["type"]] for field in resources[name]["schema"]["fields"]}
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        empty = {} if "zona" in types else {"zona": None}
        read += [
            {**{key: None if text == "" else types[key](text) for key, text in row.items()}, **empty} for row in rows
        ]
    assert len(read) == len(table)
    assert [row for row in read if row["zona"] is None] == [row for row in table.to_pylist() if row["zona"] is None]
    assert [row for row in read if row["zona"]] == [row for row in table.to_pylist() if row["zona"]]


def test_the_data_package_says_what_lies_in_the_folder(folder: Path) -> None:
    said = package(folder)
    assert {"$schema", "name", "title", "created", "licenses", "sources", "contributors", "resources"} <= set(said)
    assert said["created"] == "2026-04-15T00:00:00Z"
    assert said["licenses"] == [{"name": "CC-BY-4.0", "title": "CC BY 4.0"}]
    assert NAME.match(said["name"])
    assert [one["path"] for one in said["resources"]] == ["results.parquet", "total.csv", "zona.csv"]
    columns = single_round().figures.table.column_names
    for one in said["resources"]:
        own = [name for name in columns if name != "zona" or one["path"] != "total.csv"]
        content = (folder / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert NAME.match(one["name"])
        assert one["schema"]["missingValues"] == [""]
        assert [field["name"] for field in one["schema"]["fields"]] == own
        for field in one["schema"]["fields"]:
            assert field["type"] in TYPES
            assert set(field["titles"]) == set(field["descriptions"]) == {"es", "en"}
            assert field["title"] == field["titles"]["es"]
            assert field["description"]
    assert len({one["name"] for one in said["resources"]}) == len(said["resources"])


def test_the_package_says_of_the_compressed_csv_what_readers_need(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "SHEET_BYTES", 0)
        write_results(single_round(), tmp_path)
    parquet, packed, _ = package(tmp_path)["resources"]
    assert "compression" not in parquet
    assert {name: packed[name] for name in ("format", "mediatype", "compression", "encoding")} == {
        "format": "csv",
        "mediatype": "text/csv",
        "compression": "gz",
        "encoding": "utf-8",
    }


def test_a_compressed_csv_is_written_in_pieces_that_no_reader_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = single_round().figures.table.slice(0, 10)
    write_csv_gz(table, tmp_path / "whole.csv.gz")
    monkeypatch.setattr(writing, "ROWS", 3)
    write_csv_gz(table, tmp_path / "pieces.csv.gz")
    for name in ("whole", "pieces"):
        assert gzip.decompress((tmp_path / f"{name}.csv.gz").read_bytes()) == as_csv(table)
    write_csv_gz(table.slice(0, 0), tmp_path / "empty.csv.gz")
    assert gzip.decompress((tmp_path / "empty.csv.gz").read_bytes()) == as_csv(table.slice(0, 0))


def test_a_study_chooses_the_formats_of_its_tables(tmp_path: Path) -> None:
    found = single_round()
    chosen = replace(found, study=replace(found.study, result_formats=("parquet",)))
    assert [path.name for path in write_results(chosen, tmp_path)] == ["results.parquet", "datapackage.json"]
    assert [one["path"] for one in package(tmp_path)["resources"]] == ["results.parquet"]


def test_words_of_the_tables_are_those_that_the_package_allows(folder: Path) -> None:
    table = single_round().figures.table
    fields = package(folder)["resources"][0]["schema"]["fields"]
    listed = {field["name"]: set(field["constraints"]["enum"]) for field in fields if "constraints" in field}
    assert set(listed) == {"unit", "standing"}
    for name, words in listed.items():
        assert set(table[name].to_pylist()) <= words


def test_codes_are_texts_with_their_zeros_and_changes_have_files(tmp_path: Path) -> None:
    found = colombia()
    small = replace(found, figures=found.figures.only("H", k="1/3", unit="persons"))
    paths = write_results(small, tmp_path)
    names = ["results.parquet", "total.csv", "zona.csv", "departamento.csv", "departamento-zona.csv", "municipio.csv"]
    changes = ["changes.parquet", "changes.total.csv", "changes.zona.csv", "changes.departamento.csv"]
    assert [path.name.removesuffix(".gz") for path in paths] == [*names, *changes, "datapackage.json"]
    with (tmp_path / "departamento.csv").open(encoding="utf-8", newline="") as stream:
        assert "05" in {row["departamento"] for row in csv.DictReader(stream)}
    assert pq.read_table(tmp_path / "changes.parquet").equals(found.changes.table)  # type: ignore[union-attr]


def test_what_no_spreadsheet_opens_is_compressed_and_names_never_meet(tmp_path: Path) -> None:
    found = single_round()
    twice = found.figures.table.rename_columns(
        ["total" if name == "zona" else name for name in found.figures.table.column_names]
    )
    odd = replace(found, figures=replace(found.figures, table=twice, domains=("total",)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "SHEET_ROWS", int(pc.sum(pc.is_null(twice["total"])).as_py()))
        paths = write_results(odd, tmp_path)
    assert [path.name for path in paths] == ["results.parquet", "total.csv", "total_.csv.gz", "datapackage.json"]
    with gzip.open(tmp_path / "total_.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        assert {row["total"] for row in csv.DictReader(stream)} == {"cabecera", "rural"}


def test_the_parts_of_a_folder_without_parquet_are_compared_as_one_table(tmp_path: Path) -> None:
    found = single_round()
    (tmp_path / "csv").mkdir()
    write_results(replace(found, study=replace(found.study, result_formats=("csv",))), tmp_path / "csv")
    (tmp_path / "parquet").mkdir()
    write_results(found, tmp_path / "parquet")
    of_parts, whole = (results_of(tmp_path / name) for name in ("csv", "parquet"))
    assert of_parts.domains == whole.domains == ("zona",)
    assert of_parts.entries == whole.entries


def test_two_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in at_least_one(write_results(single_round(), tmp_path)):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_a_code_that_is_a_formula_gets_an_apostrophe_in_csv(tmp_path: Path) -> None:
    table = single_round().figures.table
    label = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int32)), pa.array([HOSTILE[1]]))
    table = table.set_column(table.column_names.index("zona"), "zona", label).slice(0, 3)
    figures = Publishable(table, ("zona",), (), "none")
    write_results(replace(single_round(), figures=figures), tmp_path)
    with (tmp_path / "zona.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["zona"] for row in csv.DictReader(stream)} == {"'" + HOSTILE[1]}


def test_existing_files_stay_unless_told(folder: Path) -> None:
    before = (folder / "total.csv").read_bytes()
    with pytest.raises(UsageError, match="MPI-O002"):
        write_results(single_round(), folder)
    assert (folder / "total.csv").read_bytes() == before


def test_further_tables_are_described_and_must_lie_in_the_folder(tmp_path: Path) -> None:
    fields = (Field("code", "string", {"en": "Code"}, {"en": "Of the area"}),)
    (tmp_path / "out").mkdir()
    (tmp_path / "other.csv").write_text("code\n05\n")
    (tmp_path / "out" / "areas.csv").write_text("code\n05\n")
    write_results(single_round(), tmp_path / "out", further=[Resource("areas.csv", {"en": "Areas"}, fields)])
    assert package(tmp_path / "out")["resources"][-1]["hash"] == "sha256:" + hashlib.sha256(b"code\n05\n").hexdigest()
    for path in ("../other.csv", "none.csv"):
        with pytest.raises(UsageError, match="MPI-O010"):
            write_results(single_round(), tmp_path / "out", further=[Resource(path, {}, fields)], overwrite=True)


def test_a_study_without_licence_says_nothing_of_it(tmp_path: Path) -> None:
    found = single_round()
    write_results(replace(found, study=replace(found.study, licence="")), tmp_path)
    assert "licenses" not in package(tmp_path)


def test_a_slug_is_never_empty() -> None:
    assert [slug(text) for text in ("../..", "Ñuble 2025", "")] == ["unnamed", "nuble-2025", "unnamed"]
