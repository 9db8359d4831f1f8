"""`mpi describe`: the same of every kind of file; keys are exact; nothing that could be one person's is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import mpi
from mpi.errors import MpiError
from mpi.starting import describing
from mpi.starting.telling import as_text
from tests.support import commands

HOUSEHOLDS = 150
SIZES = np.array([1, 2, 3, 4, 5] * (HOUSEHOLDS // 5))
LABELS = {1: "piped", 2: "well", 3: "river", 9: "no sabe"}
WRITERS: Mapping[str, Callable[[pd.DataFrame, Path], object]] = {
    ".dta": lambda rows, path: pyreadstat.write_dta(
        rows, path, column_labels={"water": "Source of water"}, variable_value_labels={"water": LABELS}
    ),
    ".sav": lambda rows, path: pyreadstat.write_sav(
        rows, path, column_labels={"water": "Source of water"}, variable_value_labels={"water": LABELS}
    ),
    ".csv": lambda rows, path: rows.to_csv(path, index=False),
    ".xlsx": lambda rows, path: rows.to_excel(path, index=False),
    ".parquet": lambda rows, path: rows.to_parquet(path),
    ".csv.gz": lambda rows, path: rows.to_csv(path, index=False),
}


def persons() -> pd.DataFrame:
    """Persons of households in PSUs in strata, in a mixed order."""
    rng = np.random.default_rng(7)
    house = np.repeat(np.arange(HOUSEHOLDS), SIZES)
    rows = pd.DataFrame(
        {
            "house": 70001 + house,
            "person": np.concatenate([np.arange(1, size + 1) for size in SIZES]),
            "upm": 501 + house // 5,
            "estrato": 1 + house // 50,
            "fexp": np.repeat(rng.uniform(100, 900, HOUSEHOLDS), SIZES),
            "age": rng.integers(0, 90, house.size),
            "water": rng.choice([1, 2, 9], house.size, p=[0.6, 0.3, 0.1]),
            "grade": rng.choice([1, 2, 3, 99], house.size, p=[0.5, 0.2, 0.2, 0.1]),
            "name": [f"Person {i}" for i in range(house.size)],
            "village": rng.choice(["Alta", "Baja"], house.size),
        }
    )
    rows.loc[17, "village"] = "Secreta"
    rows.loc[[3, 4], "water"] = 3
    return rows.sample(frac=1, random_state=3).reset_index(drop=True)


def described(folder: Path, ending: str = ".parquet", rows: pd.DataFrame | None = None) -> mpi.Description:
    path = folder / f"persons{ending}"
    WRITERS[ending](persons() if rows is None else rows, path)
    return mpi.describe(path)


@pytest.mark.parametrize("ending", WRITERS)
def test_every_kind_of_file_is_told_alike(ending: str, tmp_path: Path) -> None:
    found = described(tmp_path, ending)
    own = {one.name: one for one in found.columns}
    rows = persons()
    assert found.rows == len(rows)
    assert list(own) == list(rows.columns)
    assert [key.columns for key in found.structure.keys if key.unit] == [("house", "person")]
    assert next(key for key in found.structure.keys if key.unit).rows == SIZES.mean()
    assert (found.structure.weights, found.structure.psus, found.structure.strata) == (
        ("fexp",), ("upm",), ("estrato",),
    )  # fmt: skip
    assert {one.code: one.rows for one in own["grade"].codes} == rows["grade"].astype(str).value_counts().to_dict()
    assert own["grade"].perhaps_missing == ("99",)
    assert own["age"].distinct == rows["age"].nunique()


@pytest.mark.parametrize("ending", [".dta", ".sav"])
def test_labels_stand_beside_codes_and_rare_ones_without_their_number(ending: str, tmp_path: Path) -> None:
    found = {one.name: one for one in described(tmp_path, ending).columns}["water"]
    assert found.title == "Source of water"
    assert {one.code: one.label for one in found.codes} == {str(code): label for code, label in LABELS.items()}
    assert [one.code for one in found.codes if one.rows is None] == ["3"]
    assert found.perhaps_missing == ("9",)


def test_codes_declared_missing_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    rows = pd.DataFrame({"years": np.tile([1.0, 2.0, 99.0, np.nan], 20)})
    pyreadstat.write_sav(rows, path, missing_ranges={"years": [99]}, variable_value_labels={"years": {99: "DK"}})
    (found,) = mpi.describe(path).columns
    assert (found.missing, found.distinct) == (40, 2)
    assert [(one.code, one.label, one.rows) for one in found.missing_codes] == [("99", "DK", 20)]


def test_nothing_of_one_person_is_shown(tmp_path: Path) -> None:
    rows = persons()
    rows["income"] = np.random.default_rng(1).uniform(1e5, 9e6, len(rows))
    found = described(tmp_path, rows=rows)
    for told in (as_text(found), json.dumps(found.to_dict())):
        assert "Secreta" not in told
        assert "Person 1" not in told
        assert not any(str(code) in told for code in rows["house"])
        assert not any(f"{value}" in told for value in rows["income"])
        assert "Alta" in told
    assert "and 1 value of fewer than 10 rows" in as_text(found)


def test_a_doubled_row_is_no_key(tmp_path: Path) -> None:
    rows = persons()
    rows = pd.concat([rows, rows.iloc[:1]], ignore_index=True)
    assert described(tmp_path, rows=rows).structure.keys == ()


def test_a_key_of_three_columns(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [(d, h, p) for d in range(1, 41) for h in (1, 2) for p in range(1, 4 if d % 2 else 6)],
        columns=["dwelling", "hogar", "orden"],
    )
    path = tmp_path / "p.csv"
    rows.to_csv(path, index=False)
    (key,) = mpi.describe(path).structure.keys
    assert (key.columns, key.unit, key.rows) == (("dwelling", "hogar", "orden"), ("dwelling", "hogar"), 4.0)


def test_psus_and_strata_of_other_names_are_found_by_nesting(tmp_path: Path) -> None:
    rows = persons().rename(columns={"upm": "area", "estrato": "zone"})
    found = described(tmp_path, rows=rows).structure
    assert found.psus[0] == "area"
    assert found.strata == ("zone",)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.csv", None, "MPI-U230"),
        ("x" * 5000, None, "MPI-U230"),
        ("a.parquet", b"PAR1 not complete", "MPI-D003"),
        ("a.csv", b"", "MPI-D002"),
        ("a.csv", b"house,person\n", "MPI-D002"),
        ("a.csv", b"<!doctype html><html></html>", "MPI-D004"),
        ("a.dta", b"<stata_dta><header>", "MPI-D003"),
        ("a.pdf", b"%PDF", "MPI-D004"),
        ("a.xlsx", b"PK\x03\x04 cut", "MPI-D003"),
    ],
)
def test_what_cannot_be_described_is_refused(name: str, content: bytes | None, code: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(MpiError) as refused:
        mpi.describe(tmp_path / name)
    assert refused.value.codes == (code,)


def test_how_a_file_was_read_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "persons"
    folder.mkdir()
    (folder / "a.csv").write_text("house;age\n1;3,5\n2;4\n", encoding="utf-8")
    (folder / "b.csv").write_text("house;age;zone\n3;3,5;1\n", encoding="utf-8")
    found = mpi.describe(folder)
    assert found.rows == 3
    assert [one.code for one in found.notices] == ["MPI-N231", "MPI-N231", "MPI-N232"]
    assert "zone" in found.notices[-1].text


def test_columns_that_do_not_fit_into_memory_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "KEPT", 450 * 3)
    monkeypatch.setattr(describing, "AT_ONCE", 450)
    found = described(tmp_path)
    assert [key.columns for key in found.structure.keys] == [("house", "person")]
    assert "among 3 of its columns" in found.notices[-1].text
    assert len(found.columns) == 10


def test_the_command_shows_a_table_or_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "persons.parquet"
    persons().to_parquet(path)
    shown = commands.run(capsys, "describe", str(path), "--lang", "en")
    assert shown.code == 0
    assert shown.out == as_text(mpi.describe(path)) + "\n"
    assert commands.run(capsys, "describe", str(path), "--lang", "es").out == as_text(mpi.describe(path), "es") + "\n"
    found = commands.run(capsys, "describe", str(path), "--format", "json")
    assert json.loads(found.out) == json.loads(json.dumps(mpi.describe(path).to_dict()))
