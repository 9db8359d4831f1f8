"""Microdata of any kind converted to Parquet: narrow, labelled, whole or not at all, and the figures stay."""

from __future__ import annotations

import json
import os
import re
import stat
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

import mpi
from mpi.errors import MpiError
from mpi.source import rewriting, statistical
from mpi.source.labels import Labels, labels_in
from tests.source.test_kinds import DATA, MAKERS, REAL, damaged, frame, workbook
from tests.support import commands, village
from tests.support.village import assert_same, profile


def made(folder: Path, ending: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name in DATA:
        MAKERS[ending](frame(name), folder / f"{name}{ending}")
    return [folder / f"{name}{ending}" for name in DATA]


@pytest.mark.parametrize("ending", MAKERS)
def test_figures_from_the_new_files_are_those_from_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(statistical, "PART", 64)
    monkeypatch.setattr(rewriting, "AT_ONCE", 50)
    monkeypatch.setattr(rewriting, "GROUP_ROWS", 90)
    found = mpi.convert(made(tmp_path / "old", ending), tmp_path / "new")
    for one, name in zip(found, DATA, strict=True):
        one.path.rename(one.path.with_name(f"{name}.parquet"))
        assert one.rows == len(frame(name))
    assert_same(profile(tmp_path / "new"), profile(DATA))


def test_types_are_the_narrowest_that_are_exact(tmp_path: Path) -> None:
    rows = pd.DataFrame({
        "tiny": [1.0, np.nan, -128.0], "small": [128, 0, 1], "wide": [2**31, 0, 1], "key": [2**53 - 1, 1, 2],
        "half": [0.5, 1, 2], "text": ["a", None, "b"], "true": [True, False, True],
        "none": pd.Series([None] * 3, dtype="float64"), "big": [2.0**60, 1, 2],
        "narrow": np.array([99.99, 1, 2], np.float32),
    })  # fmt: skip
    rows.to_parquet(tmp_path / "p.parquet")
    (found,) = mpi.convert(tmp_path / "p.parquet", tmp_path / "new")
    assert {one.name: one.after for one in found.columns} == {
        "tiny": "int8", "small": "int16", "wide": "int64", "key": "int64", "half": "double",
        "text": "dictionary<string>", "true": "bool", "none": "int8", "big": "double", "narrow": "float",
    }  # fmt: skip
    assert found.columns[0].before == "double"
    new = pq.read_table(found.path).to_pandas()
    assert new["big"].tolist() == [2.0**60, 1, 2] and new["tiny"].tolist()[2] == -128
    assert new["narrow"].dtype == np.float32 and new["text"].dropna().tolist() == ["a", "b"]
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600  # rows of persons: for the owner alone


def labelled(path: Path) -> None:
    rows = pd.DataFrame({"sexo": [1.0, 2, 9, 9], "edad": [5.0, 98, 99, 40], "s": ["a", "ZZ", "a", "b"]})
    pyreadstat.write_sav(
        rows,
        path,
        column_labels={"sexo": "Sexo de la persona"},
        variable_value_labels={"sexo": {1: "Hombre", 2: "Mujer", 9: "No sabe"}},
        missing_ranges={"sexo": [9], "edad": [{"lo": 98, "hi": 99}], "s": ["ZZ"]},
    )


def test_titles_labels_and_missing_codes_go_along_and_are_read_again(tmp_path: Path) -> None:
    labelled(tmp_path / "p.sav")
    (found,) = mpi.convert(tmp_path / "p.sav", tmp_path / "new")
    expected = {
        "sexo": Labels(title="Sexo de la persona", values={"1": "Hombre", "2": "Mujer", "9": "No sabe"},
                       missing=((9.0, 9.0),), counts={"9": 2}),
        "edad": Labels(missing=((98.0, 99.0),), counts={"98": 1, "99": 1}),
        "s": Labels(missing=(("ZZ", "ZZ"),), counts={"ZZ": 1}),
    }  # fmt: skip
    assert {one.name: one.labels for one in found.columns} == expected
    assert labels_in(pq.read_schema(found.path)) == expected
    assert pq.read_table(found.path).to_pydict() == {
        "sexo": [1, 2, None, None], "edad": [5, None, None, 40], "s": ["a", None, "a", "b"],
    }  # fmt: skip
    (again,) = mpi.convert(found.path, tmp_path / "again")  # what was counted once is known for good
    assert [one.labels for one in again.columns] == [*expected.values()]
    assert again.path.read_bytes() == found.path.read_bytes()


def test_letters_of_missing_values_are_counted(tmp_path: Path) -> None:
    rows = pd.DataFrame({"x": pd.Series([1, "a", "b", "a"], dtype=object)})
    pyreadstat.write_dta(rows, tmp_path / "p.dta", missing_user_values={"x": ["a", "b"]})
    (found,) = mpi.convert([tmp_path / "p.dta"], tmp_path / "new")
    assert found.columns[0].labels.counts == {".a": 2, ".b": 1}


def test_rows_are_sorted_by_columns_unknown_last(tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": ["b", "a", None, "b"], "n": [2, 1, 0, 1], "i": range(4)})
    rows.to_parquet(tmp_path / "p.parquet")
    (found,) = mpi.convert(tmp_path / "p.parquet", tmp_path / "new", sort=["a", "n"])
    assert pq.read_table(found.path)["i"].to_pylist() == [1, 3, 0, 2]
    with pytest.raises(MpiError, match=r"MPI-D010 p\.parquet: there is no column 'm' to sort by"):
        mpi.convert(tmp_path / "p.parquet", tmp_path / "other", sort="m")
    with pytest.raises(MpiError, match=r"MPI-U211 p\.parquet: sorting or joining the file takes some"):
        mpi.convert(tmp_path / "p.parquet", tmp_path / "other", sort="a", memory=10)
    assert not (tmp_path / "other").exists()


def test_a_sorted_survey_gives_the_same_figures(tmp_path: Path) -> None:
    shuffled = DATA["persons"].take(np.random.default_rng(1).permutation(DATA["persons"].num_rows))
    (tmp_path / "old").mkdir()
    village.write(tmp_path / "old", {**DATA, "persons": shuffled})
    files = [tmp_path / "old" / "persons.parquet", tmp_path / "old" / "households.parquet"]
    mpi.convert(files[0], tmp_path / "new", sort=["house", "person"])
    mpi.convert(files[1], tmp_path / "new", sort="house")
    assert_same(profile(tmp_path / "new"), profile(DATA))


def test_each_bad_file_is_told_once_and_leaves_nothing(tmp_path: Path) -> None:
    damaged(pyreadstat.write_dta, 50)(frame("persons"), tmp_path / "half.dta")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "doubt.csv").write_text("a;b\n1,250;1\n2,250;2\n")
    workbook(tmp_path / "book.xlsx", ("A", [["a"], [1]]), ("B", [["a"], [1]]))
    (tmp_path / "good.csv").write_text("a,b\n1,x\n")
    (tmp_path / "folder").mkdir()
    names = ["half.dta", "empty.csv", "none.csv", "good.csv", "doubt.csv", "book.xlsx", "folder"]
    with pytest.raises(MpiError) as error:
        mpi.convert([tmp_path / name for name in names], tmp_path / "new")
    assert [fault.code for fault in error.value.faults] == [
        "MPI-D003", "MPI-D002", "MPI-D001", "MPI-D131", "MPI-D200", "MPI-D001",
    ]  # fmt: skip
    assert "--decimal SIGN" in str(error.value) and "--sheet" in str(error.value)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["good.parquet"]
    mpi.convert(tmp_path / "doubt.csv", tmp_path / "new", decimal=",")
    assert pq.read_table(tmp_path / "new" / "doubt.parquet")["a"].to_pylist() == [1.25, 2.25]
    mpi.convert(tmp_path / "doubt.csv", tmp_path / "new", thousands=",", overwrite=True)
    assert pq.read_table(tmp_path / "new" / "doubt.parquet")["a"].to_pylist() == [1250, 2250]
    mpi.convert(tmp_path / "book.xlsx", tmp_path / "new", sheet="B")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "b.parquet")
    before = (tmp_path / "b.parquet").read_bytes()
    with pytest.raises(MpiError, match="MPI-O003"):
        mpi.convert(tmp_path / "b.parquet", tmp_path, overwrite=True)
    assert (tmp_path / "b.parquet").read_bytes() == before
    mpi.convert(tmp_path / "a.csv", tmp_path / "new")
    with pytest.raises(MpiError, match="MPI-O002"):
        mpi.convert([tmp_path / "b.parquet", tmp_path / "a.csv"], tmp_path / "new")
    assert not (tmp_path / "new" / "b.parquet").exists()  # all places are looked at first
    with pytest.raises(MpiError, match="MPI-O001"):
        mpi.convert(tmp_path / "a.csv", tmp_path / "no" / "such")
    with pytest.raises(MpiError, match=r"MPI-U212 .*: two files would be converted to a\.parquet"):
        mpi.convert([tmp_path / "a.csv", tmp_path / "a.dta"], tmp_path / "new", overwrite=True)


@pytest.mark.parametrize(
    "wrong",
    [{"encoding": "utf-99"}, {"delimiter": ";;"}, {"decimal": "x"}, {"thousands": "x"}, {"header": 0},
     {"decimal": ",", "thousands": ","}],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(MpiError, match="MPI-U212"):
        mpi.convert(tmp_path / "none.csv", tmp_path / "new", **wrong)  # type: ignore[arg-type]


def test_the_command_reports_each_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = partial(commands.run, capsys)
    labelled(tmp_path / "p.sav")
    (tmp_path / "q.csv").write_text("")
    found = run("convert", str(tmp_path / "p.sav"), "-o", str(tmp_path / "new"))
    assert found.code == 0
    assert found.out.replace(f"{tmp_path}{os.sep}", "") == (
        "p.sav -> new/p.parquet: 4 rows, 3 columns\n"
        "  sexo: double -> int8; Sexo de la persona; 1 = Hombre, 2 = Mujer; missing: 9 (2)\n"
        "  edad: double -> int8; missing: 98 (1), 99 (1)\n"
        "  s: string -> dictionary<string>; missing: ZZ (1)\n"
    ).replace("double", "int64")
    files = (str(tmp_path / "p.sav"), str(tmp_path / "q.csv"))
    found = run("convert", *files, "-o", str(tmp_path / "new"), "--overwrite", "--format", "json", "--sort", "edad,s")
    assert found.code == 1
    told = json.loads(found.out)
    assert (told["rows"], told["path"]) == (4, str(tmp_path / "new" / "p.parquet"))
    assert told["columns"][0] == {
        "name": "sexo", "from": "int64", "to": "int8", "title": "Sexo de la persona",
        "labels": {"1": "Hombre", "2": "Mujer"}, "missing": [[9.0, 9.0]], "missing_counts": {"9": 2},
    }  # fmt: skip
    assert json.loads(found.err)["code"] == "MPI-D002"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="MPI_REAL_DATA names no folder with the ECH 2018")
@pytest.mark.parametrize("kind", ["parquet", "dta", "sav"])
def test_real_microdata_give_the_same_figures_to_the_last_digit(tmp_path: Path, kind: str) -> None:
    whole = pq.read_table(REAL)
    old = tmp_path / f"ech_2018.{kind}"
    if kind == "parquet":
        pq.write_table(whole, old)
    else:
        MAKERS[f".{kind}"](whole.to_pandas(), old)
    (tmp_path / "new").mkdir()
    (found,) = mpi.convert(old, tmp_path / "new")
    assert found.path.stat().st_size < old.stat().st_size
    shipped = Path(mpi.__file__).parent.parent / "configs" / "surveys" / "uruguay_ech_2018.yaml"
    text = shipped.read_text(encoding="utf-8").replace("survey: uruguay_ech_2018", "survey: ech")
    measure, figures = mpi.load_measure("uruguay_ipm"), []
    for file in (old, found.path):
        own = re.sub(r'path: "ech_2018\*\.parquet"', f"path: {file.name}", text)
        (tmp_path / "ech.yaml").write_text(own, encoding="utf-8")
        made = mpi.deprivation_profile(mpi.load_survey(tmp_path / "ech.yaml"), measure, file.parent)
        figures.append(mpi.estimate(made, measure, by="departamento").to_pandas())
    assert len(figures[0]) > 100
    pd.testing.assert_frame_equal(*figures, check_exact=True)
