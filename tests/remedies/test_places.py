"""Every remedy of a message about disks, rights, packages, commands and pictures, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import mpi
from mpi import charts
from mpi.analysis.rank_robustness import rank_robustness
from mpi.charts.cutoffs import k_value
from mpi.charts.rounds import check_lines
from mpi.checking.explaining import explain
from mpi.cli import _refuse_empty, cli
from mpi.cli.options import refuse_bounds
from mpi.disclosure.publishable import Publishable, publishable
from mpi.distributed.waiting import PATIENCE, seconds_of
from mpi.drawing.canvas import picture
from mpi.maps import boundaries
from mpi.maps.data import write_map_data
from mpi.maps.layers import layers_of
from mpi.maps.static import draw_map
from mpi.pipeline.estimating import estimate
from mpi.publication.pages import page_template
from mpi.runs.demo import run_demo
from tests.maps.test_data import areas as drawn_areas
from tests.maps.test_data import layers as drawn_layers
from tests.maps.test_static import layer, squares
from tests.remedies.test_outputs import ESTIMATE, RUN, SCORE, command
from tests.support import village
from tests.support.drawings import ROOT, changes, figures, measure, tables
from tests.support.drawings import profile as own_profile
from tests.support.hamlet import study_of
from tests.support.province import MEASURE, profile, province
from tests.support.remedies import Doing, Row, follow, one_of_many
from tests.support.strategies import equal_measure


@contextmanager
def restored() -> Iterator[None]:
    """The limits of this process are afterwards what they were."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def small_disk(folder: Path) -> None:
    """From now on every file ends after some bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def within(context: Callable[[], Any], doing: Doing) -> Doing:
    def done(folder: Path) -> None:
        with context():
            doing(folder)

    return done


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Python as it is where a package is not installed."""
    own = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
    for name in own:
        del sys.modules[name]
    page_template.cache_clear()  # a template that is there needs no jinja2 any more
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # none: cannot be imported
    try:
        yield
    finally:
        for name in packages:
            del sys.modules[name]
        sys.modules.update(own)


@contextmanager
def closed() -> Iterator[None]:
    own, sys.stdout = sys.stdout, None  # type: ignore[assignment]  # as Python has it where it was closed
    try:
        yield
    finally:
        sys.stdout = own


def whole_study(folder: Path) -> None:
    (folder / "study.yaml").write_text(study_of("results", "workbook"), encoding="utf-8")


def reported(folder: Path) -> None:
    (folder / "study.yaml").write_text(study_of("results", "workbook").replace("workbook", "report"), encoding="utf-8")


def total() -> Publishable:
    """Figures of the whole alone."""
    found = estimate(own_profile("2025"), measure())
    return publishable(found, np.full(len(found), -1), ("small_base",), "test")


def changed(by: Sequence[str]) -> Publishable:
    found = mpi.change([own_profile("2024"), own_profile("2025")], measure(), by=by, rounds="independent")
    return publishable(found, np.full(len(found), -1), ("small_base",), "test")


def locked(rights: int, name: str = "out/u.csv") -> Doing:
    """Scores written into a folder with such rights."""

    def done(folder: Path) -> None:
        with TemporaryDirectory() as place:
            command(*SCORE, "-o", "first.csv")(Path(place))  # whatever is to be imported is imported
            (Path(place) / "out").mkdir()
            old = Path.cwd()
            os.chdir(place)
            try:
                with one_of_many(Path(place)):
                    (Path(place) / "out").chmod(rights)
                    cli.main([*SCORE, "-o", name], prog_name="mpi", standalone_mode=False)
            finally:
                os.chdir(old)
                (Path(place) / "out").chmod(0o700)

    return done


def demo(name: str) -> Doing:
    """The folder of a demonstration, below a file that is in the way or beside it; made no further than that."""

    def done(folder: Path) -> None:
        (folder / "file").write_text("in the way")
        with pytest.raises(Stopped) if name == "out" else nullcontext():
            run_demo(folder / name, data=folder, say=print, progress=stop)

    return done


class Stopped(Exception):
    """What happens next is not of interest here."""


def stop(*_: object) -> None:
    raise Stopped


def many(number: int, **columns: Any) -> Publishable:
    """Figures of so many groups."""
    table = province(group=[f"g{i % number:03}" for i in range(160)], **columns)
    found = estimate(profile(table, by=["group"]), MEASURE, by="group" if number > 1 else ())
    return publishable(found, np.full(len(found), -1), ("small_base",), "test")


def crossed() -> Publishable:
    found = estimate(own_profile("2025"), measure(), by=["zona", "zona:departamento"])
    return publishable(found, np.full(len(found), -1), ("small_base",), "test")


def one_group() -> Publishable:
    found = estimate(profile(province(group=["g"] * 160), by=["group"]), MEASURE, by="group")
    return publishable(found, np.full(len(found), -1), ("small_base",), "test")


def verified(
    spoil: Callable[[Path], object] | None = None,
    mend: Callable[[Path], object] | None = None,
    *,
    out: str = "out",
    data: str = ".",
) -> Doing:
    """A run whose folder or data are spoilt, and mended, before it is looked at."""

    def first(folder: Path) -> None:
        cli.main([*RUN, "-o", "out"], prog_name="mpi", standalone_mode=False)
        for done in (spoil, mend):
            if done is not None:
                done(folder)
        if out != "out":
            cli.main([*RUN, "-o", out], prog_name="mpi", standalone_mode=False)

    return command("verify", out, "--data", data, before=first)


CSV, JSON, PERSONS = "out/results/datapackage.json", "out/manifest.json", "persons.csv"


def spoilt(name: str) -> Callable[[Path], object]:
    """Text after the end of a file."""
    return lambda folder: (folder / name).write_text(
        (folder / name).read_text(encoding="utf-8") + " ", encoding="utf-8"
    )


def no_more(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def other_run(folder: Path) -> None:
    """A manifest in which another name of the study stands."""
    text = (folder / JSON).read_text(encoding="utf-8")
    assert '"hamlet"' in text
    (folder / JSON).write_text(text.replace('"hamlet"', '"another"'), encoding="utf-8")


def linked(folder: Path) -> None:
    (folder / CSV).rename(folder / "results.csv")
    (folder / CSV).symlink_to(folder / "results.csv")


def itself(folder: Path) -> None:
    (folder / CSV).unlink()
    (folder / "results.csv").rename(folder / CSV)


def kept_apart(name: str, then: Callable[[Path], object]) -> Callable[[Path], object]:
    """The data that were read in a folder of their own, and then others instead."""

    def done(folder: Path) -> None:
        (folder / name).mkdir()
        for file in ("persons.csv", "households.csv"):
            (folder / name / file).write_bytes((folder / file).read_bytes())
        then(folder)

    return done


def household_less(folder: Path) -> None:
    """Data of another year, which can be read as well."""
    text = (folder / PERSONS).read_text(encoding="utf-8")
    (folder / PERSONS).write_text(text.replace("004,1,25,1,12,0", "004,1,26,1,12,0"), encoding="utf-8")


def explained(key: str) -> Doing:
    survey, own = mpi.load_survey("colombia_demo_2025"), mpi.load_measure("colombia_ipm")
    return lambda folder: explain(survey, own, ROOT / "sample_data", key)


def compared(k: str | None) -> Doing:
    uncensored = replace(layer(), cutoffs=("",))
    return lambda folder: draw_map(squares(), uncensored, k=k)


ROWS = [
    Row("MPI-O001", "name another", demo("file/out"), [demo("out")]),
    Row("MPI-O004", "look at its permissions, or name another folder", locked(0o500), [locked(0o700), locked(0o500, "u.csv")]),
    Row("MPI-O004", "look at the free space and the permissions of the disk", within(restored, command(*SCORE, "-o", "u.csv", before=small_disk)), [command(*SCORE, "-o", "u.csv")]),
    Row("MPI-O004", "open it, or name a file with -o", within(closed, command(*ESTIMATE)), [command(*ESTIMATE), within(closed, command(*ESTIMATE, "-o", "e.csv"))]),
    Row("MPI-E001", "give it a text or leave it out", lambda folder: _refuse_empty(["estimate", "--k", ""]), [lambda folder: _refuse_empty(["estimate", "--k", "1/3"]), lambda folder: _refuse_empty(["estimate"])]),
    Row("MPI-E001", "write 1/3, or >1/3", lambda folder: k_value("x"), [lambda folder: k_value("1/3"), lambda folder: k_value(">1/3")]),
    Row("MPI-E002", "calculate the changes by it: by=...", lambda folder: charts.changes_forest(changed(()), statistic="H", domain="zona"), [lambda folder: charts.changes_forest(changed(["zona"]), statistic="H", domain="zona")]),
    Row("MPI-E002", "they have zona, departamento", lambda folder: charts.changes_forest(changes(), statistic="H", domain="municipio9"), [lambda folder, name=name: charts.changes_forest(changes(), statistic="H", domain=name) for name in ("zona", "departamento")]),  # type: ignore[misc]
    Row("MPI-G021", "estimate by it: by=...", lambda folder: layers_of(total(), "departamento", ("05",), unit="persons", period="2025"), [lambda folder: layers_of(figures(), "departamento", ("05",), unit="persons", period="2025")]),
    Row("MPI-G022", "did you mean 'geojson'?", lambda folder: write_map_data(folder, "m", drawn_areas(), drawn_layers(), formats=["geojso"]), [lambda folder: write_map_data(folder, "m", drawn_areas(), drawn_layers(), formats=["geojson"])]),  # type: ignore[list-item]
    Row("MPI-P001", "estimate by another domain", lambda folder: rank_robustness(one_group(), domain="group"), [lambda folder: rank_robustness(figures(), domain="departamento")]),
    Row("MPI-P001", "estimate by it: by=...", lambda folder: rank_robustness(total(), domain="departamento"), [lambda folder: rank_robustness(figures(), domain="departamento")]),
    Row("MPI-P001", "estimate the changes of two rounds first", lambda folder: charts.changes_forest(changes().only("M0"), statistic="H"), [lambda folder: charts.changes_forest(changes(), statistic="H")]),
    Row("MPI-P001", "estimate them first, or ask for others", lambda folder: charts.ranked(figures(), domain="departamento", where={"zona": "rural"}), [lambda folder: charts.ranked(crossed(), domain="departamento", where={"zona": "rural"}), lambda folder: charts.ranked(figures(), domain="departamento")]),
    Row("MPI-P001", "leave it out: the figures are the same at every cutoff", compared("1/3"), [compared(None)]),
    Row("MPI-P004", "narrow the figures, for instance to one upper area", lambda folder: charts.ranked(many(80), domain="group"), [lambda folder: charts.ranked(many(20), domain="group")]),
    Row("MPI-P004", "narrow the figures, or take the chart of changes", lambda folder: check_lines(99), [lambda folder: check_lines(5), lambda folder: charts.changes_forest(changes(), statistic="H")]),
    Row("MPI-P004", "take a measure of fewer indicators, or the chart of bundles", lambda folder: charts.co_deprivation_triangle(tables()["pairs"], equal_measure(60)), [lambda folder: charts.co_deprivation_triangle(tables()["pairs"], measure()), lambda folder: charts.bundle_matrix(tables()["bundles"], measure())]),
    Row("MPI-U002", "write --household DIRECTORIO,SECUENCIA_P with their values", explained("25000002"), [explained("25000002,1")]),
    Row("MPI-P170", "estimate more groups, rounds or cutoffs, or take other disclosure rules", lambda folder: charts.ranked(one_group(), domain="group"), [lambda folder: charts.ranked(many(5), domain="group")]),
    Row("MPI-P170", "estimate more groups, rounds or cutoffs, or take other disclosure rules", lambda folder: charts.k_curves(many(5), domain="group"), [lambda folder: charts.k_curves(figures(), domain="zona")]),
    Row("MPI-U001", "did you mean 'households'?", lambda folder: village.profile({**village.tables(), "household": village.tables()["households"]}), [lambda folder: village.profile(village.tables())]),
    Row("MPI-U010", "leave it out; those have bounds of their own", lambda folder: refuse_bounds(2, None), [lambda folder: refuse_bounds(None, None)]),
    Row("MPI-U181", "give seconds, such as", lambda folder: seconds_of(-1), [lambda folder: seconds_of(PATIENCE)]),
    Row("MPI-V001", "give the folder that `mpi run` made", verified(no_more(JSON)), [verified()]),
    *[Row(kind, "run the study again into a new folder: -o DIR", verified(spoil), [verified(spoil, out="fresh")])
      for kind, spoil in (("MPI-V002", other_run), ("MPI-V003", no_more(CSV)), ("MPI-V004", spoilt(CSV)))],
    Row("MPI-V005", "move it out of this folder", verified(lambda folder: (folder / "out" / "letter").write_text("x")), [verified(lambda folder: (folder / "out" / "letter").write_text("x"), lambda folder: (folder / "out" / "letter").rename(folder / "letter"))]),
    Row("MPI-V006", "put the file itself there instead of a link", verified(linked), [verified(linked, itself)]),
    Row("MPI-V007", "give the folder of the files that were read as --data, or run the study again", verified(no_more(PERSONS)), [verified(kept_apart("own", no_more(PERSONS)), data="own")]),
    Row("MPI-V008", "give the folder of the files that were read as --data, or run the study again", verified(household_less), [verified(kept_apart("own", household_less), data="own"), verified(household_less, out="fresh")]),
    *[Row(kind, "install them: in a clone of mpi pip install '.[publish]'", within(partial(without, *packages), doing), [doing]) for kind, packages, doing in (
        *(("MPI-P002", (package,), lambda folder, form=form: picture(charts.ranked(figures(), domain="zona"), form)) for package, form in (("matplotlib", ".png"), ("PIL", ".png"), ("reportlab", ".pdf"))), ("MPI-O012", ("xlsxwriter",), command(*RUN, "-o", "out", before=whole_study)),
        ("MPI-O013", ("jinja2",), command(*RUN, "-o", "out", before=reported)), ("MPI-O014", ("docx",), command(*RUN, "-o", "out", "--only", "docx", before=reported)), ("MPI-G019", ("shapely",), lambda folder: boundaries.need_packages()))],
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
