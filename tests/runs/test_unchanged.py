"""A second run makes anew what the change touches, and what it keeps is what it would have made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mpi.config import load_disclosure, load_study, load_template
from mpi.files.digests import digest_of
from mpi.runs import Made, pictures, run_study, unchanged
from mpi.runs.keeping import output_of
from mpi.specs.study import Sdg, Study
from mpi.vocabulary.options import OUTPUTS
from tests.support.situations import Situation, study_of

ENGLISH = {"en": "Another text"}
# A study with another value in each field. Fields that a table changes are of the data, the rules or the pictures.
CHANGES: dict[str, Callable[[Study], dict[str, Any]]] = {
    "name": lambda _: {"name": "renamed"},
    "title": lambda _: {"title": ENGLISH},
    "publisher": lambda _: {"publisher": ENGLISH},
    "universe": lambda _: {"universe": ENGLISH},
    "total": lambda _: {"total": ENGLISH},
    "note": lambda _: {"note": ENGLISH},
    "edition": lambda _: {"edition": "second"},
    "status": lambda _: {"status": "provisional"},
    "released": lambda _: {"released": date(2030, 1, 1)},
    "citation": lambda _: {"citation": ENGLISH},
    "licence": lambda _: {"licence": "CC0-1.0"},
    "cutoffs": lambda study: {"cutoffs": study.cutoffs[:1]},
    "level": lambda _: {"level": 0.9},
    "labels": lambda study: {"labels": {study.by[0][0]: {"g0000": ENGLISH}}},
    "official": lambda _: {"official": ENGLISH},
    "result_formats": lambda _: {"result_formats": ("parquet",)},
    "disclosure": lambda _: {"disclosure": load_disclosure("standard")},
    "agency": lambda _: {"agency": "OEE"},
    "sdg": lambda _: {"sdg": Sdg(area="170", dimensions={})},
    "template": lambda _: {"template": load_template("example")},
    "maps": lambda study: {"maps": (replace(study.maps[0], classes=3),)},
}
# Which of them leave all files of an output as they are, map pages apart.
DOCUMENT = {"title", "publisher", "universe", "edition", "status", "released", "citation", "licence"}


@pytest.fixture(autouse=True)
def one_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a picture are one task, which is kept or done: one of them is enough."""
    monkeypatch.setattr(pictures, "FILES", {"svg": pictures.FILES["svg"]})


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("unchanged")
    return replace(study_of(Situation(map=True, groups=2, languages=("en",)), folder), data=folder)


def run(study: Study, out: Path) -> Made:
    return run_study(study, out, overwrite=True, command=["x"])


def files(folder: Path) -> dict[str, bytes]:
    """All files of a run, the manifest without its times."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found["manifest.json"], _, _ = found["manifest.json"].partition(b'"times"')
    return found


def test_a_run_of_the_same_keeps_every_file(study: Study, tmp_path: Path) -> None:
    first = run(study, tmp_path / "out")
    before = files(tmp_path / "out")
    again = run(study, tmp_path / "out")
    assert not first.kept
    assert set(again.kept) == before.keys() - {"index.html", "manifest.json"}
    assert again.files == first.files
    assert again.left_out == first.left_out
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_kept_after_a_change_is_what_would_be_made(
    study: Study, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, *, name: str
) -> None:
    earlier = tmp_path_factory.getbasetemp() / "earlier"
    if not earlier.exists():
        run(study, earlier)
    changed = replace(study, **CHANGES[name](study))
    shutil.copytree(earlier, tmp_path / "out")
    kept = run(changed, tmp_path / "out").kept
    run(changed, tmp_path / "fresh")
    assert files(tmp_path / "out") == files(tmp_path / "fresh")
    charts = {output_of(one) for one in kept}
    assert ("charts" in charts) == (name in DOCUMENT - unchanged.FRAME | {"result_formats"})
    assert not any(one.startswith("report") for one in kept)
    # Of tables, the data package alone says what the publication is called.
    tables, package = {"title", "publisher", "universe", "citation", "note"}, "datapackage.json"
    assert ("results/total.csv" in kept) == (name in tables | {"template"})
    assert (f"results/{package}" in kept) == (name == "template")
    data = [one for one in kept if output_of(one) == "map_data"]
    assert any(not one.endswith(package) for one in data) == (name in DOCUMENT | {"note", "result_formats"})
    assert any(one.endswith(package) for one in data) == (name == "result_formats")


def test_every_field_of_a_study_that_an_output_does_not_see_is_changed_above() -> None:
    names = {one.name for one in fields(Study)}
    unseen = set().union(*unchanged.UNSEEN.values(), unchanged.PAGES)
    assert unseen <= names
    assert unchanged.UNSEEN.keys() == set(OUTPUTS)
    assert unseen - {"data", "outputs"} <= CHANGES.keys()  # the folder's name is nowhere; outputs are tried below


def test_an_output_more_leaves_the_others_as_they_are(study: Study, tmp_path: Path) -> None:
    run(replace(study, outputs=("workbook", "report")), tmp_path / "out")
    made = run(replace(study, outputs=("workbook", "report", "results")), tmp_path / "out")
    assert made.kept == ("workbook.en.xlsx",)  # the report names the files beside it
    fresh = run(replace(study, outputs=("workbook", "report", "results")), tmp_path / "fresh")
    assert files(made.folder) == files(fresh.folder)


@pytest.mark.parametrize("what", ["data", "program", "versions", "manifest"])
def test_nothing_is_kept_where_anything_else_differs(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, what: str
) -> None:
    folder = tmp_path / "data"
    other = replace(study_of(Situation(outputs=("charts", "workbook")), folder, seed=1), data=folder)
    run(other, tmp_path / "out")
    if what == "data":
        study_of(Situation(outputs=("charts", "workbook")), folder, seed=2)
    elif what == "program":
        monkeypatch.setattr(unchanged, "program", lambda: "another")
    elif what == "versions":
        monkeypatch.setattr("mpi.runs.manifest.LIBRARIES", ("click",))
    else:  # of an earlier version of the program, which told of no tasks
        path = tmp_path / "out" / "manifest.json"
        said = json.loads(path.read_text(encoding="utf-8"))
        del said["tasks"], said["digest"], said["checksum"], said["times"]
        path.write_text(json.dumps(said | {"digest": digest_of(said)}), encoding="utf-8")
    made = run(replace(load_study(folder / "study.yaml"), data=folder), tmp_path / "out")
    assert not made.kept


def test_a_part_that_was_left_out_is_tried_again(study: Study, tmp_path: Path) -> None:
    one = replace(study, outputs=("charts",))
    first, again = run(one, tmp_path / "out"), run(one, tmp_path / "out")
    assert first.left_out
    assert again.left_out == first.left_out
    assert set(again.kept) == files(tmp_path / "out").keys() - {"index.html", "manifest.json"}


def test_with_only_the_others_keep_their_keys(study: Study, tmp_path: Path) -> None:
    run(replace(study, outputs=("workbook", "results")), tmp_path / "out")
    run_study(study, tmp_path / "out", overwrite=True, only=("results",), command=["x"])
    made = run_study(study, tmp_path / "out", overwrite=True, only=("workbook", "results"), command=["x"])
    assert {output_of(one) for one in made.kept} == {"workbook", "results"}
