"""The demo: a whole publication of the sample data in one call, with files that hold what its lines say."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.config import load_study
from mpi.errors import UsageError
from mpi.runs import Made
from mpi.runs.demo import run_demo
from mpi.runs.verifying import verify
from mpi.tables.screen import as_text
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.shared import made_once

__all__ = ["browser"]
pytestmark = pytest.mark.first

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, list[str]]:
    def ran(folder: Path) -> tuple[Made, list[str]]:
        said: list[str] = []
        made = run_demo(folder / "new" / "demo", ROOT / "sample_data", said.append)
        return replace(made, read=partial(tuple, made.profiles)), said

    found: tuple[Made, list[str]] = made_once(tmp_path_factory, "demo", ran)
    return found


def test_the_demo_ends_by_saying_where_map_report_and_workbook_lie(demo: tuple[Made, list[str]]) -> None:
    made, said = demo
    text = "\n".join(said)
    for name in (
        "map.departamento.html",
        "report.es.html",
        "report.en.html",
        "workbook.es.xlsx",
        "results/results.parquet",
    ):
        assert f"{made.folder / name}: " in text
    assert all((made.folder / name).stat().st_size > 10_000 for name in made.files)
    country = made.folder.with_name("demo_census")
    published = made.folder.with_name("demo_published")
    first = [
        *(country / name for name in ("index.html", "map.municipio.html")),
        *(published / name for name in ("index.html", "map.html")),
        *(made.folder / name for name in ("index.html", "map.departamento.html", "report.es.html", "report.en.html")),
    ]
    assert [line.partition(": ")[0] for line in said[: len(first)]] == [str(path) for path in first]
    assert said[len(first)].startswith("Multidimensional Poverty Index of Colombia: Multidimensional poverty 2025")
    assert said[-1] == (
        f"\nopen first {first[1]}, a map of 1,122 municipalities from a synthetic census; beside it {first[3]}, "
        f"the map of figures published for 2018; then {first[6]}, the report of a synthetic survey"
    )
    assert all(path.stat().st_size > 100_000 for path in first if path.name != "index.html")


def test_the_demo_s_files_hold_the_figures_that_it_prints(demo: tuple[Made, list[str]]) -> None:
    made, said = demo
    measure = mpi.load_measure("colombia_ipm")
    again = mpi.estimate(made.profiles[-1], measure, by="zona")
    assert as_text(again, 0.95) in "\n".join(said)
    table = pq.read_table(made.folder / "results" / "results.parquet").to_pandas()
    total = table[(table.statistic == "H") & (table.k == "1/3") & (table.unit == "persons") & (table.period == "2025")]
    total = total[total[["zona", "region", "departamento", "municipio"]].isna().all(axis=1)]
    assert total.estimate.tolist() == [again.value("H")]


def test_public_microdata_let_the_map_recompute(demo: tuple[Made, list[str]]) -> None:
    made, _ = demo
    profile = made.publication.maps[0].profile
    assert profile is not None
    exact = made.profiles[-1].cells.person_weight.sum()
    assert profile.persons.sum() == pytest.approx(exact, rel=1e-12)


def test_the_demo_s_folder_is_what_its_manifest_says(demo: tuple[Made, list[str]]) -> None:
    folder = demo[0].folder
    assert not verify(folder, ROOT / "sample_data")
    assert not verify(folder.with_name("demo_census"), ROOT / "sample_data")
    assert not verify(folder.with_name("demo_published"))


def test_the_published_map_stands_beside_a_comparison_that_finds_the_census_equal(demo: tuple[Made, list[str]]) -> None:
    folder = demo[0].folder.with_name("demo_published")
    with (folder / "comparison.csv").open(encoding="utf-8") as file:
        rows = {row["municipio"]: row for row in csv.DictReader(file)}
    with (ROOT / "sample_data/published/ipm_municipal_2018.csv").open(encoding="utf-8") as file:
        published = {row["mpio_code"]: row["ipm_total"] for row in csv.DictReader(file)}
    assert {code: float(row["published"]) for code, row in rows.items()} == {
        code: float(value) for code, value in published.items()
    }
    assert {row["status"] for row in rows.values()} == {"equal"}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "All 1,122 figures of the synthetic census equal the published ones as rounded." in page
    assert "DANE" in page and "DANE" in (folder / "map.html").read_text(encoding="utf-8")


def test_the_three_folders_of_a_demo_lead_to_each_other(demo: tuple[Made, list[str]], browser: Any) -> None:
    folders = [demo[0].folder.with_name(f"demo{ending}") for ending in ("", "_census", "_published")]
    for folder in folders:
        text = (folder / "index.html").read_text(encoding="utf-8")
        named = {href for href in re.findall(r'href="([^"#]+)"', text)}
        assert all((folder / href).is_file() for href in at_least_one(named))
        others = {f"../{other.name}/index.html" for other in folders if other != folder}
        assert others <= named and f"../{folder.name}/index.html" not in named
        for size in ((390, 844), (1366, 768)):
            with opened(browser, folder / "index.html", viewport={"width": size[0], "height": size[1]}) as (page, _):
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
                assert axe_violations(page, colours=size[0] == 390) == []


def test_the_demo_makes_its_data_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mpi.runs.demo.__file__", str(tmp_path / "site-packages" / "mpi" / "runs" / "demo.py"))
    made_in = []

    def write_sample_data(folder: Path) -> None:
        made_in.append(folder)
        shutil.copytree(ROOT / "sample_data", folder, dirs_exist_ok=True)

    monkeypatch.setattr("mpi.synthetic.__main__.write_sample_data", write_sample_data)
    monkeypatch.setattr("mpi.runs.writers.WRITERS", {})
    monkeypatch.setattr("mpi.runs.demo.write_published", lambda *_: {})  # of the census that this is none of
    small = replace(load_study("colombia_demo"), by=(("zona",),), changes_by=(), maps=(), outputs=(), analyses=())
    monkeypatch.setattr("mpi.runs.demo.load_study", lambda _: small)
    made = run_demo(tmp_path / "out", say=lambda _: None)
    assert len(made_in) == 1  # under a hidden name, until it is whole
    assert (tmp_path / "out_data" / "colombia_2025" / "PERSONAS.parquet").is_file()
    assert made.publication.figures.value("H", k="1/3", unit="persons", period="2025") is not None


def test_the_demo_leaves_a_folder_with_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(mpi.UsageError) as refused:
        run_demo(tmp_path, ROOT / "sample_data")
    assert str(refused.value) == (
        f"MPI-O002 {tmp_path}: this output exists and was not made by an earlier run (it has no manifest.json)\n"
        "  name a new folder with -o"
    )
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_place_where_nothing_can_be_made_is_told_of_before_data_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mpi.runs.demo.__file__", str(tmp_path / "site-packages" / "mpi" / "runs" / "demo.py"))
    (tmp_path / "papers").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "papers" / "thesis.txt").touch()
    for name, code in (("papers", "MPI-O002"), ("file", "MPI-O002"), ("file/demo", "MPI-O001")):
        with pytest.raises(UsageError, match=code):
            run_demo(Path(name), None, lambda _: None)
    (tmp_path / "new_data").mkdir()
    (tmp_path / "new_data" / "mine.txt").touch()
    with pytest.raises(UsageError, match="MPI-O002 new_data"):
        run_demo(Path("new"), None, lambda _: None)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine.txt", "new_data", "papers", "thesis.txt"]
