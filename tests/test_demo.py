"""The demo: the whole job in one call, with files that hold what its lines say."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.demo import FILES, run_demo
from mpi.tables import as_text

ROOT = Path(__file__).resolve().parent.parent


def test_the_demo_writes_what_it_prints_and_can_be_run_again(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "demo"
    said: list[str] = []
    made = run_demo(out, ROOT / "sample_data", said.append)
    text = "\n".join(said)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert [path.name for path in made.files] == list(FILES)
    for path in made.files:
        assert f"{path}: " in text
    assert said[0].startswith("Multidimensional Poverty Index of Colombia: Synthetic survey")

    assert pq.read_table(out / "estimates.parquet").equals(made.estimates.table)
    rows = list(csv.DictReader(io.StringIO((out / "estimates.csv").read_text(encoding="utf-8"))))
    assert len(rows) == len(made.estimates)
    units = pq.read_table(out / "households.parquet").to_pydict()
    poor = sum(w for w, is_poor in zip(units["person_weight"], units["poor"], strict=True) if is_poor)
    assert poor / sum(units["person_weight"]) == pytest.approx(made.estimates.value("H"), rel=1e-12)
    measure = mpi.load_measure("colombia_ipm")
    again = mpi.estimate(mpi.DeprivationProfile.read(out / "national.profile.parquet"), measure, by="zona")
    assert as_text(again, 0.95) in text

    before = {path.name: path.read_bytes() for path in made.files}
    run_demo(out, ROOT / "sample_data", said.append)
    assert {path.name: path.read_bytes() for path in made.files} == before


def test_the_demo_makes_its_data_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mpi.demo.__file__", str(tmp_path / "site-packages" / "mpi" / "demo.py"))
    made_by = []

    def write_sample_data(folder: Path) -> None:
        made_by.append(folder)
        shutil.copytree(ROOT / "sample_data" / "colombia_2025", folder / "colombia_2025")

    monkeypatch.setattr("mpi.synthetic.__main__.write_sample_data", write_sample_data)
    made = run_demo(tmp_path / "out", say=lambda _: None)
    assert made_by == [tmp_path / "out" / "sample_data"]
    assert made.estimates.value("H") is not None


def test_the_demo_leaves_a_folder_with_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "estimates.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(mpi.UsageError) as refused:
        run_demo(tmp_path, ROOT / "sample_data")
    assert str(refused.value) == (
        f"MPI-O002 {tmp_path}: the folder holds other files than those of a demo\n  name a new folder with -o"
    )
    assert (tmp_path / "estimates.csv").read_text(encoding="utf-8") == "mine"
