"""Every remedy of a message about usage, outputs, studies, pictures, maps and worked examples, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi import charts
from mpi.analysis.rank_robustness import dominates, kendall_tau, rank_robustness
from mpi.analysis.score_distribution import bundles, co_deprivation, hide_small, score_distribution
from mpi.cli import cli
from mpi.config import load_study
from mpi.config.schemas import KINDS
from mpi.drawing.canvas import picture
from mpi.drawing.palette import shades
from mpi.kernels import load
from mpi.maps.data import write_map_data
from mpi.maps.interactive import map_page
from mpi.maps.layers import breaks_for, layers_of
from mpi.maps.live import live_block
from mpi.maps.shaping import load_areas
from mpi.maps.static import draw_map
from mpi.source import memory
from mpi.specs.study import InsetSpec
from mpi.tables.packaging import Field, Resource
from mpi.tables.results import write_results
from tests.maps.test_areas import CODES, spec, written
from tests.maps.test_data import areas as drawn_areas
from tests.maps.test_data import layers as drawn_layers
from tests.maps.test_layers import figures as few
from tests.maps.test_static import layer, squares
from tests.support import hamlet, province, village, webmap
from tests.support.drawings import figures, measure, tables
from tests.support.hamlet import study_of
from tests.support.kernels import cache_of
from tests.support.publications import single_round
from tests.support.remedies import Doing, Row, follow

HERE = ("village.yaml", "village_2026.yaml", "--data", ".")
KEY = tuple[str, str]


def command(*arguments: str, before: Callable[[Path], object] | None = None) -> Doing:
    """A command, run beside the hamlet's files, its study and a profile of it."""

    def done(folder: Path) -> None:
        hamlet.write_hamlet(folder)
        (folder / "study.yaml").write_text(study_of("results", "workbook").replace(", workbook", ""), encoding="utf-8")
        old = Path.cwd()
        os.chdir(folder)
        try:
            if before is not None:
                before(folder)
            cli.main(list(arguments), prog_name="mpi", standalone_mode=False)
        finally:
            os.chdir(old)

    return done


def several(*commands: tuple[str, ...], before: Callable[[Path], object] | None = None) -> Doing:
    """Commands one after the other in one folder."""

    def first(folder: Path) -> None:
        if before is not None:
            before(folder)
        for arguments in commands[:-1]:
            cli.main(list(arguments), prog_name="mpi", standalone_mode=False)

    return command(*commands[-1], before=first)


def two_rounds(folder: Path) -> None:
    """A profile of the folder's survey, and the same a year later."""
    cli.main(list(PROFILE), prog_name="mpi", standalone_mode=False)
    made = mpi.DeprivationProfile.read(folder / "p.parquet")
    replace(made, period="2031", time=None).write(folder / "q.parquet")


def touched(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text("mine", encoding="utf-8")


def _doubtful(folder: Path) -> None:
    (folder / "d.csv").write_text("a;b\n1,250;1\n", encoding="utf-8")


JOIN = ("-o", "out", "--join", "house,person")


def _parts(folder: Path) -> None:
    """Chapters of a questionnaire; one of them has other ages than another."""
    for name, text in {"a": "age\n1,1,30\n1,2,5\n", "b": "years\n1,1,11\n1,2,0\n", "c": "age\n1,1,31\n1,2,5\n"}.items():
        (folder / f"{name}.csv").write_text(f"house,person,{text}")
    (folder / "bars.csv").write_text("x,y|z\n1|2\n")  # as many commas in its names as bars
    (folder / "latin.csv").write_bytes(b"house\n\x81\n")


def _members(folder: Path) -> None:
    with zipfile.ZipFile(folder / "m.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
        archive.writestr("b.csv", "a,b\n3,4\n")


def _written(folder: Path) -> Path:
    (folder / "a.csv").write_text("a\n1\n", encoding="utf-8")
    return folder / "a.csv"


def published(**how: Any) -> Doing:
    """The study of the village in Python."""

    def done(folder: Path) -> None:
        hamlet.write_hamlet(folder)
        (folder / "study.yaml").write_text(study_of("results"), encoding="utf-8")
        mpi.run_study(load_study(folder / "study.yaml"), folder / "out", data=folder, **how)

    return done


RANK = ("rank", "robustness", *HERE, "--by", "valley")
ESTIMATE, SCORE, RUN = ("estimate", *HERE), ("score", *HERE), ("run", "study.yaml", "--data", ".", "-q")
PROFILE = ("profile", *HERE, "-o", "p.parquet")
PARTS = ("change", "village.yaml", "p.parquet", "q.parquet", "--rounds", "independent", "--decompose")
BY = ("differences", *HERE, "--by", "valley")


def ran(*more: tuple[str, ...], between: Callable[[Path], object] | None = None) -> Doing:
    """A run into `out`, something done to it, and further runs."""

    def first(folder: Path) -> None:
        cli.main([*RUN, "-o", "out"], prog_name="mpi", standalone_mode=False)
        if between is not None:
            between(folder)
        for arguments in more[:-1]:
            cli.main([*RUN, *arguments], prog_name="mpi", standalone_mode=False)

    return command(*RUN, *more[-1], before=first)


def letter(folder: Path) -> None:
    (folder / "out" / "letter.txt").write_text("mine")


def moved(folder: Path) -> None:
    letter(folder)
    (folder / "out" / "letter.txt").rename(folder / "letter.txt")


def edited(folder: Path) -> None:
    (folder / "out" / "results" / "total.csv").write_text("mine")


def taken_away(folder: Path) -> None:
    edited(folder)
    (folder / "out" / "results" / "total.csv").rename(folder / "mine.csv")


def no_manifest(folder: Path) -> None:
    (folder / "out" / "manifest.json").unlink()


def _inside(folder: Path) -> None:
    cli.main([*RUN, "-o", "out"], prog_name="mpi", standalone_mode=False)
    (folder / "out" / "base.yaml").write_text((folder / "village.yaml").read_text())
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(text.replace("measure: village.yaml", "measure: out/base.yaml"))


def _other_title(folder: Path) -> None:
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(
        text.replace("title: Hamlet", "title: Another").replace("[results]", "[results, workbook]")
    )


def _example(folder: Path, verdict: str, years: str = "5") -> None:
    (folder / "village.examples.yaml").write_text(
        f"schooling_low:\n  - {{says: one, persons: [{{age: 40, schooling: {years}}}], {verdict}}}\n"
    )


def _rule(folder: Path) -> None:
    text = (folder / "village.yaml").read_text()
    (folder / "village.yaml").write_text(text.replace("MEAN(schooling) < 6", "MEAN(schooling) < 5"))


AGAIN = ("-o", "out", "--overwrite")


def kernels(way: str) -> Doing:
    """The choice of compiled kernels, of a user whose cache holds them."""

    def doing(folder: Path) -> None:
        with mock.patch.dict(os.environ, cache_of(folder) | {"MPI_KERNELS": way}):
            load.chosen(1)

    return doing


FRESH = ("-o", "fresh")
ROWS = [
    Row("MPI-U001", "add --data DIR", command(*ESTIMATE[:3]), [command(*ESTIMATE)]),
    Row("MPI-U001", "name the folder that holds the survey's files; `mpi demo` writes one of sample data", command(*ESTIMATE[:3], "--data", "nowhere"), [command(*ESTIMATE)]),
    Row("MPI-U001", "add --data DIR, or `data:` to the study", command("run", "study.yaml", "-q", "-o", "out"),
        [command(*RUN, "-o", "out"), command("run", "study.yaml", "-q", "-o", "out", before=lambda folder: (folder / "study.yaml").write_text((folder / "study.yaml").read_text() + "data: .\n"))]),
    Row("MPI-U001", "give a folder, or {'persons': ..., 'households': ...}", lambda folder: village.profile(7), [lambda folder: village.profile(village.write(folder, village.tables())), lambda folder: village.profile(village.tables())]),  # type: ignore[arg-type]
    Row("MPI-U001", "give each of: persons, households", lambda folder: village.profile({"persons": village.tables()["persons"]}), [lambda folder: village.profile(village.tables())]),
    Row("MPI-U250", "name a folder outside of it", command(*RUN, "-o", "out", "--cache", "out/cache"), [command(*RUN, "-o", "out", "--cache", "cache")]),
    Row("MPI-U250", "give one of the two", command(*RUN, "-o", "out", "--cache", "cache", "--no-cache"), [command(*RUN, "-o", "out", "--cache", "cache"), command(*RUN, "-o", "out", "--no-cache")]),
    Row("MPI-U220", "add `maps:` to the study, or ask for another output, such as --only report", command("run", "study.yaml", "-q", "-o", "out", "--data", ".", "--only", "areas"), [command("run", "study.yaml", "-q", "-o", "out", "--data", ".", "--only", "report")]),
    Row("MPI-U002", "with zeros and capitals", command("explain", *HERE, "--household", "001a"), [command("explain", *HERE, "--household", "001A")]),
    Row("MPI-U003", "name a file with -o", command(*ESTIMATE, "--format", "parquet"), [command(*ESTIMATE, "--format", "parquet", "-o", "e.parquet")]),
    Row("MPI-U004", "end it in .csv, .parquet", command(*SCORE, "-o", "u.xlsx"), [command(*SCORE, "-o", "u.csv"), command(*SCORE, "-o", "u.parquet")]),
    Row("MPI-U004", "change the one or the other", command(*ESTIMATE, "--format", "json", "-o", "u.csv"), [command(*ESTIMATE, "--format", "csv", "-o", "u.csv"), command(*ESTIMATE, "--format", "json", "-o", "u.json")]),
    Row("MPI-U005", "leave it out", several(PROFILE, ("estimate", "village.yaml", "p.parquet", "--data", ".")), [several(PROFILE, ("estimate", "village.yaml", "p.parquet"))]),
    Row("MPI-U006", "leave it out for the usual", command(*ESTIMATE, "--df", "korn"), [command(*ESTIMATE)]),
    Row("MPI-U005", "leave it out", command(*ESTIMATE, "--derive", "one: H", "--statistic", "H"), [command(*ESTIMATE, "--derive", "one: H")]),
    Row("MPI-U005", "leave it out", command(*PARTS, "--statistic", "H", before=two_rounds), [command(*PARTS, before=two_rounds)]),
    Row("MPI-U005", "leave it out, or add --derive", command(*ESTIMATE, "--adjust", "holm"), [command(*ESTIMATE), command(*ESTIMATE, "--adjust", "holm", "--derive", "one: H")]),
    Row("MPI-U007", "write 'health first: health=1/2, living=1/2'", command(*RANK, "--weights", "health=1/2"), [command(*RANK, "--weights", "health first: education=1/2, living=1/2")]),
    Row("MPI-U007", "write 'band: H[1/5] - H[1/3]'", command(*ESTIMATE, "--derive", "H[1/5]"), [command(*ESTIMATE, "--derive", "band: H[1/5] - H[1/3]")]),
    Row("MPI-U007", "write 'band: H[1/5] - H[1/3]'", command(*ESTIMATE, "--derive", "one: H", "--derive", "one: A"), [command(*ESTIMATE, "--derive", "one: H", "--derive", "two: A")]),
    Row("MPI-U007", "write zona=1, or total", command(*BY, "--against", "n"), [command(*BY, "--against", "valley=north"), command(*BY, "--against", "total")]),
    Row("MPI-U007", "one code for each domain that is crossed", command(*BY, "--against", "valley=north", "--against", "valley=south"), [command(*BY, "--against", "valley=north")]),
    Row("MPI-U008", "give 1 or more, or leave it out", published(processes=0), [published(processes=1), published()]),
    Row("MPI-U008", "give 1 or more", lambda folder: mpi.deprivation_profile(village.survey(), village.measure(), village.tables(), threads=0), [lambda folder: mpi.deprivation_profile(village.survey(), village.measure(), village.tables(), threads=1)]),
    Row("MPI-U010", "leave it out, or add --cluster", command(*PROFILE, "--patience", "9"), [command(*PROFILE)]),
    Row("MPI-U011", "write 800MB, 2GB, or a number of bytes", lambda folder: memory.bytes_of("many"), [lambda folder, size=size: memory.bytes_of(size) for size in ("800MB", "2GB", 2_000_000)]),  # type: ignore[misc]
    Row("MPI-U011", "allow more, or use one thread and fewer domains", command(*PROFILE, "--memory", "1MB"), [command(*PROFILE, "--memory", "8GB"), command(*PROFILE, "--memory", "8GB", "--threads", "1", "--domain", "valley")]),
    Row("MPI-U012", "set it to auto, on or off, or unset it", kernels("yes"), [kernels(way) for way in ("auto", "off", "on", "")]),
    Row("MPI-U013", "did you mean 'survey'", command("schema", "surveys"), [command("schema", "survey")]),
    Row("MPI-U013", "write one of: measure, examples,", command("schema", "x"), [command("schema", kind) for kind in KINDS]),
    Row("MPI-D001", "name the files themselves", command("convert", "empty", "-o", "out", before=lambda folder: (folder / "empty").mkdir()), [command("convert", "persons.csv", "-o", "out")]),
    Row("MPI-D001", "look at its name", command("convert", "person.csv", "-o", "out"), [command("convert", "persons.csv", "-o", "out")]),
    Row("MPI-D010", "it has ", command("convert", "persons.csv", "-o", "out", "--sort", "zzzz"), [command("convert", "persons.csv", "-o", "out", "--sort", "house")]),
    Row("MPI-D131", "say which it is: --decimal", command("convert", "d.csv", "-o", "out", before=_doubtful), [command("convert", "d.csv", "-o", "out", sign, ",", before=_doubtful) for sign in ("--decimal", "--thousands")]),
    Row("MPI-D200", "name the sheet with --sheet, the member", command("convert", "m.zip", "-o", "out", "--member", "zzz", before=_members), [command("convert", "m.zip", "-o", "out", "--member", member, before=_members) for member in ("a.csv", "*.csv")]),
    Row("MPI-U211", "allow more with --memory, or convert it without --sort and --join", command("convert", "persons.csv", "-o", "out", "--sort", "house", "--memory", "9"),
        [command("convert", "persons.csv", "-o", "out", "--sort", "house", "--memory", "1GB"), command("convert", "persons.csv", "-o", "out")]),
    Row("MPI-U212", "convert them to different folders, or all of them to one file with --into", command("convert", "persons.csv", "persons.csv", "-o", "out"),
        [several(("convert", "persons.csv", "-o", "out"), ("convert", "persons.csv", "-o", "other")), command("convert", "persons.csv", "persons.csv", "-o", "out", "--into", "all")]),
    Row("MPI-U212", "name it with --into", command("convert", "a.csv", "b.csv", *JOIN, before=_parts), [command("convert", "a.csv", "b.csv", *JOIN, "--into", "p", before=_parts)]),
    Row("MPI-U212", "write a name such as persons", command("convert", "a.csv", "-o", "out", "--into", "../x", before=_parts), [command("convert", "a.csv", "-o", "out", "--into", "persons", before=_parts)]),
    Row("MPI-D005", "state how the file is written, with --delimiter or --encoding, or correct it", command("convert", "bars.csv", "-o", "out", before=_parts),
        [command("convert", "bars.csv", "-o", "out", "--delimiter", "|", before=_parts), command("convert", "a.csv", "-o", "out", before=_parts)]),
    Row("MPI-D005", "state how the file is written, with --delimiter or --encoding, or correct it", command("convert", "latin.csv", "-o", "out", before=_parts), [command("convert", "latin.csv", "-o", "out", "--encoding", "latin-1", before=_parts)]),
    Row("MPI-D013", "convert them without --into, or join their columns by a key of their rows: --join house", command("convert", "a.csv", "b.csv", "-o", "out", "--into", "p", before=_parts),
        [command("convert", "a.csv", "b.csv", "-o", "out", before=_parts), command("convert", "a.csv", "b.csv", *JOIN, "--into", "p", before=_parts)]),
    Row("MPI-D032", "add to --join the columns that tell these rows apart", command("convert", "a.csv", "b.csv", "-o", "out", "--join", "house", "--into", "p", before=_parts), [command("convert", "a.csv", "b.csv", *JOIN, "--into", "p", before=_parts)]),
    Row("MPI-D011", "rename it in one of the files, or remove it from one", command("convert", "a.csv", "c.csv", *JOIN, "--into", "p", before=_parts), [command("convert", "a.csv", "b.csv", *JOIN, "--into", "p", before=_parts)]),
    Row("MPI-U212", "write one such as utf-8, cp1252", command("convert", "persons.csv", "-o", "out", "--encoding", "utf-99"), [command("convert", "persons.csv", "-o", "out", "--encoding", "utf-8"), command("convert", "persons.csv", "-o", "out", "--encoding", "cp1252")]),
    Row("MPI-U212", "name one", lambda folder: mpi.convert([], folder / "out"), [lambda folder: mpi.convert(_written(folder), folder / "out")]),
    Row("MPI-O001", "make it first", command(*SCORE, "-o", "none/u.csv"), [command(*SCORE, "-o", "none/u.csv", before=lambda folder: (folder / "none").mkdir())]),
    Row("MPI-O002", "name a file", command(*SCORE, "-o", "u.csv", before=lambda folder: (folder / "u.csv").mkdir()), [command(*SCORE, "-o", "v.csv", before=lambda folder: (folder / "u.csv").mkdir())]),
    Row("MPI-O002", "remove it, or add --overwrite", command(*SCORE, "-o", "u.csv", before=touched("u.csv")),
        [command(*SCORE, "-o", "u.csv"), command(*SCORE, "-o", "u.csv", "--overwrite", before=touched("u.csv"))]),
    Row("MPI-O002", "remove it, or add --overwrite", ran(("-o", "out")), [ran(AGAIN), ran(("-o", "out"), between=lambda folder: shutil.rmtree(folder / "out"))]),
    Row("MPI-O002", "name a new folder with -o", ran(AGAIN, between=no_manifest), [ran(FRESH, between=no_manifest)]),
    Row("MPI-O003", "choose another name", command(*SCORE, "-o", "persons.csv", "--overwrite"), [command(*SCORE, "-o", "u.csv", "--overwrite")]),
    Row("MPI-O003", "name a new folder with -o", command(*RUN, "-o", "out", "--overwrite", before=_inside), [command(*RUN, *FRESH, before=_inside)]),
    Row("MPI-O004", "name another", command(*SCORE, "-o", "n" * 260 + ".csv"), [command(*SCORE, "-o", "n.csv")]),
    Row("MPI-O150", "move that out of it, or name a new folder", ran(AGAIN, between=letter), [ran(AGAIN, between=moved), ran(FRESH, between=letter)]),
    Row("MPI-O151", "move that out of it, or name a new folder", ran(AGAIN, between=edited), [ran(AGAIN, between=taken_away), ran(FRESH, between=edited)]),
    Row("MPI-O152", "leave --only out, so that everything is made again, or name a new folder", ran((*AGAIN, "--only", "workbook"), between=_other_title),
        [ran(AGAIN, between=_other_title), ran((*FRESH, "--only", "workbook"), between=_other_title)]),
    Row("MPI-X001", "give one verdict for each unit", command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: [yes, no]")), [command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: yes"))]),
    Row("MPI-X002", "write null for an unknown value", command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: yes", "NS")), [command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: unknown", "null"))]),
    Row("MPI-X003", "write in the example what the rule says, or change the rule", command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: no")),
        [command("check", "village.yaml", before=lambda folder: _example(folder, "deprived: yes")),
         command("check", "village.yaml", before=lambda folder: (_example(folder, "deprived: no"), _rule(folder)))]),
]  # fmt: skip


def studied(old: str = "", new: str = "") -> Doing:
    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        assert old in study_of("results", "workbook")
        (folder / "study.yaml").write_text(
            study_of("results", "workbook").replace(old, new) if old else study_of("results", "workbook"),
            encoding="utf-8",
        )
        return load_study(folder / "study.yaml")

    return done


def with_profile(*options: str) -> Callable[[Path], object]:
    """A profile of the hamlet, by some of its domains, that its study takes."""

    def before(folder: Path) -> None:
        cli.main(["profile", *HERE, "-o", "p.parquet", *options], prog_name="mpi", standalone_mode=False)
        study = folder / "study.yaml"
        study.write_text(study.read_text(encoding="utf-8") + "profiles: {village_2026: p.parquet}\n", encoding="utf-8")

    return before


def aimed(targets: str) -> Doing:
    """The hamlet's study with some targets."""
    return studied("by: [valley]", f"by: [valley]\ntargets: [{targets}]")


def asked(analyses: str, by: str = "valley") -> Doing:
    """The hamlet's study with some analyses."""
    return studied("by: [valley]", f"by: [{by}]\nanalyses: [{analyses}]")


def goals(text: str) -> Doing:
    """The hamlet's study with a mapping to the global database."""
    return studied("by: [valley]", f"by: [valley]\nsdg: {{{text}}}")


ROWS += [
    Row("MPI-C041", "write 1/3, 0.25 or 33%, or name a cutoff of the measure: poor, severe", studied("by: [valley]", "cutoffs: [half]"), [studied("by: [valley]", f"cutoffs: [{k}]") for k in ("1/3", "0.25", "33%", "poor", "severe")]),
    Row("MPI-C009", "give it a value, or leave the key out", studied("by: [valley]", "units: []"), [studied("by: [valley]", "units: [households]"), studied()]),
    Row("MPI-C043", "did you mean 'village_2026'?", studied("by: [valley]", "by: [valley]\nprofiles: {village_2062: p.parquet}"), [studied("by: [valley]", "by: [valley]\nprofiles: {village_2026: p.parquet}")]),
    Row("MPI-C043", "there are village_2026", studied("by: [valley]", "by: [valley]\nprofiles: {x: p.parquet}"), [studied("by: [valley]", "by: [valley]\nprofiles: {village_2026: p.parquet}")]),
    Row("MPI-E170", "make it again with `mpi profile`, or remove it from `profiles:`", command(*RUN, "-o", "out", before=with_profile("--domain", "sex")), [command(*RUN, "-o", "out", before=with_profile()), command(*RUN, "-o", "out")]),
    Row("MPI-C042", "valley", studied("by: [valley]", "by: [zone9]"), [studied()]),
    Row("MPI-C007", "write 0.95 or 95%", studied("by: [valley]", "level: 95"), [studied("by: [valley]", "level: 0.95"), studied("by: [valley]", "level: 95%")]),
    Row("MPI-C007", "year-month-day", studied("2026-04-14", "April"), [studied("2026-04-14", "2026-04-15")]),
    Row("MPI-C160", "write official: {act: Decree 123 of 2020}, or remove the key", studied("by: [valley]", "official: yes"), [studied("by: [valley]", "official: {act: Decree 123 of 2020}"), studied()]),
    Row("MPI-C172", "write a proportion, such as 8% or 0.08", aimed("{statistic: H, value: 8, by: 2030}"), [aimed(f"{{statistic: H, value: {value}, by: 2030}}") for value in ("8%", "0.08")]),
    Row("MPI-C007", "write a year, such as 2030", aimed("{statistic: H, value: 8%, by: soon}"), [aimed("{statistic: H, value: 8%, by: 2030}")]),
    Row("MPI-C190", "write letters, digits, - and _, as DANE", studied("by: [valley]", "by: [valley]\nagency: 1 office"), [studied("by: [valley]", "by: [valley]\nagency: DANE")]),
    Row("MPI-C190", "write its three digits, as 170 for Colombia", goals("area: CO"), [goals("area: '170'")]),
    Row("MPI-C190", "write one such as F, M", goals("area: '170', sex: {domain: valley, codes: {A: X}}"), [goals("area: '170', sex: {domain: valley, codes: {A: F}}")]),
    Row("MPI-C190", "write one such as U, R", goals("area: '170', urbanisation: {domain: valley, codes: {A: X}}"), [goals("area: '170', urbanisation: {domain: valley, codes: {A: U}}")]),
    Row("MPI-C190", "write one such as Y0T17, Y18T64, Y_GE65", goals("area: '170', age: {domain: valley, codes: {A: X}}"), [goals("area: '170', age: {domain: valley, codes: {A: Y0T17}}")]),
    Row("MPI-C190", "give each another, or remove one", goals("area: '170', sex: {domain: valley, codes: {A: F, B: F}}"), [goals("area: '170', sex: {domain: valley, codes: {A: F, B: M}}"), goals("area: '170', sex: {domain: valley, codes: {A: F}}")]),
    Row("MPI-C190", "add age to `by`", goals("area: '170', sex: {domain: age, codes: {A: F}}"), [goals("area: '170', sex: {domain: valley, codes: {A: F}}")]),
    Row("MPI-C171", "keep one of them, with all its domains", asked("bands, {analysis: bands, by: [valley]}"), [asked("{analysis: bands, by: [valley]}")]),
    Row("MPI-C171", "add it to `by` of the study, or name one of valley", asked("{analysis: bands, by: [sex]}"), [asked("{analysis: bands, by: [valley]}"), asked("{analysis: bands, by: [sex]}", "valley, sex")]),
    Row("MPI-C171", "add it to `by` of the study, or remove it", asked("{analysis: bands, by: [sex]}", ""), [asked("{analysis: bands, by: [sex]}", "sex"), asked("{analysis: bands}", "")]),
    Row("MPI-C170", "keep one of them", aimed("{statistic: H, value: 8%, by: 2030}, {statistic: H, value: 9%, by: 2030}"), [aimed("{statistic: H, value: 9%, by: 2030}")]),
    Row("MPI-C170", "add `indicator:`", aimed("{statistic: uncensored_headcount, value: 8%, by: 2030}"), [aimed("{statistic: uncensored_headcount, indicator: crowding, value: 8%, by: 2030}")]),
    Row("MPI-C170", "remove `indicator:`, or write `statistic: uncensored_headcount`", aimed("{statistic: H, indicator: crowding, value: 8%, by: 2030}"), [aimed("{statistic: H, value: 8%, by: 2030}"), aimed("{statistic: uncensored_headcount, indicator: crowding, value: 8%, by: 2030}")]),
    Row("MPI-C170", "did you mean", aimed("{statistic: uncensored_headcount, indicator: crowdin, value: 8%, by: 2030}"), [aimed("{statistic: uncensored_headcount, indicator: crowding, value: 8%, by: 2030}")]),
    Row("MPI-C170", "name an indicator of the measure", aimed("{statistic: uncensored_headcount, indicator: zzzzz, value: 8%, by: 2030}"), [aimed("{statistic: uncensored_headcount, indicator: crowding, value: 8%, by: 2030}")]),
]  # fmt: skip


def whole() -> mpi.DeprivationProfile:
    return province.profile(province.province(3))


def hidden(persons: int) -> Doing:
    return lambda folder: hide_small(score_distribution(whole(), province.MEASURE), persons=persons, households=5)


def page(*domains: str) -> Doing:
    """The page of municipalities, with a layer of H for each of some domains."""

    def done(folder: Path) -> object:
        areas = webmap.areas()
        codes = {"municipio": areas.codes, "departamento": areas.upper_codes}
        layers = [webmap.layer("H", domain, codes[domain]) for domain in domains]
        return map_page(areas, layers, webmap.TEXTS, measure=webmap.measure(), period="2025")

    return done


def live(profile: Callable[[], Any] = webmap.live_profile, of: Callable[[], mpi.Measure] = webmap.measure) -> Doing:
    return lambda folder: live_block(profile(), of(), webmap.areas(), "persons")


def shaped(**options: Any) -> Doing:
    return lambda folder: load_areas(spec(written(folder / "a.gpkg"), **options), Path(), CODES)


ROWS += [
    Row("MPI-G017", "`88*` means all codes that begin with 88", shaped(insets=(InsetSpec({}, ("77*",)),)), [shaped(insets=(InsetSpec({}, ("02*",)),))]),
    Row("MPI-G017", "leave each area in one", shaped(insets=(InsetSpec({}, ("02*",)), InsetSpec({}, ("02001",)))), [shaped(insets=(InsetSpec({}, ("02*",)),))]),
    Row("MPI-G017", "leave some areas out of them", shaped(insets=(InsetSpec({}, ("0*", "1*")),)), [shaped(insets=(InsetSpec({}, ("02*",)),))]),
    Row("MPI-G018", "take one above 0 and well below", shaped(tolerance=50_000.0), [shaped(tolerance=1.0)]),
    Row("MPI-G018", "take one above 0", shaped(tolerance=0.0), [shaped(tolerance=0.001)]),
    Row("MPI-G020", "write them as [0, 20, 40, 60, 80, 100]", lambda folder: breaks_for(np.array([[0.1]]), "H", "percent", stated={"H": [40, 20]}), [lambda folder: breaks_for(np.array([[0.1]]), "H", "percent", stated={"H": [0, 20, 40, 60, 80, 100]})]),
    Row("MPI-G021", "there are municipio, zona", lambda folder: layers_of(few([{}]), "vereda", CODES, unit="persons", period="2025"), [lambda folder: layers_of(few([{}]), "municipio", CODES, unit="persons", period="2025")]),
    Row("MPI-G021", "choose one of m, w", lambda folder: layers_of(few([{}, {"measure": "w"}]), "municipio", ("05001",), unit="persons", period="2025"), [lambda folder: layers_of(few([{}, {"measure": "w"}]), "municipio", ("05001",), unit="persons", period="2025", measure="w")]),
    Row("MPI-G022", "there are ", lambda folder: write_map_data(folder, "m", drawn_areas(), drawn_layers(), formats=["shp9x"]), [lambda folder: write_map_data(folder, "m", drawn_areas(), drawn_layers(), formats=["csv"])]),  # type: ignore[list-item]
    Row("MPI-G040", "make the profile by 'municipio'", live(lambda: replace(webmap.live_profile(), domain="region")), [live()]),
    Row("MPI-G041", "set `live: false` for this map, or give no profile", live(of=lambda: replace(webmap.measure(), missing="reweight")), [page("municipio")]),
    Row("MPI-G042", "ask for at least one statistic", page(), [page("municipio")]),
    Row("MPI-G043", "make the layers of the areas that are drawn", page("departamento"), [page("municipio")]),
    Row("MPI-P001", "there are ", lambda folder: draw_map(squares(), layer(), k="2/3"), [lambda folder, k=k: draw_map(squares(), layer(), k=k) for k in layer().cutoffs]),  # type: ignore[misc]
    Row("MPI-P001", "make the layer of these areas", lambda folder: draw_map(replace(squares(), codes=("00",)), layer()), [lambda folder: draw_map(squares(), layer())]),
    Row("MPI-E210", "give one row for each cutoff, one column for each group", lambda folder: dominates(np.array([1.0, 2.0])), [lambda folder: dominates(np.array([[1.0, 2.0], [0.5, 0.5]]))]),
    Row("MPI-E210", "give the figures of the groups that have both", lambda folder: kendall_tau(np.array([1.0, np.nan, 3.0]), np.array([3.0, 2.0, 1.0])), [lambda folder: kendall_tau(np.array([1.0, 3.0]), np.array([3.0, 1.0]))]),
    Row("MPI-E211", "ask for 1 or more", lambda folder: bundles(whole(), province.MEASURE, "1/2", most=0), [lambda folder: bundles(whole(), province.MEASURE, "1/2", most=1)]),
    Row("MPI-E211", "give 0, which hides nothing, or more", hidden(persons=-1), [hidden(persons=0), hidden(persons=5)]),
    Row("MPI-E212", "give a table of score_distribution, bundles or co_deprivation", lambda folder: hide_small(pa.table({"n": [1]}), persons=5, households=5),
        [hidden(persons=5), lambda folder: hide_small(bundles(whole(), province.MEASURE, "1/2"), persons=5, households=5), lambda folder: hide_small(co_deprivation(whole(), province.MEASURE, "1/2"), persons=5, households=5)]),
    Row("MPI-P001", "there are ", lambda folder: rank_robustness(figures(), domain="nowhere"), [lambda folder: rank_robustness(figures(), domain="departamento")]),
    Row("MPI-P001", "there are ", lambda folder: charts.ranked(figures(), domain="municipio"), [lambda folder: charts.ranked(figures(), domain="zona")]),
    Row("MPI-P003", "there are .png, .svg, .pdf", lambda folder: picture(charts.ranked(figures(), domain="zona"), ".gif"), [lambda folder, form=form: picture(charts.ranked(figures(), domain="zona"), form) for form in (".png", ".svg", ".pdf")]),  # type: ignore[misc]
    Row("MPI-P004", "ask for at most", lambda folder: shades(99), [lambda folder: shades(5)]),
    Row("MPI-P004", "name the periods to show", lambda folder: charts.censored_headcounts(figures(), measure(), periods=["1", "2", "3", "4"]), [lambda folder: charts.censored_headcounts(figures(), measure(), periods=["2025"])]),
    Row("MPI-P005", "give it to mpi.analysis.score_distribution.hide_small first", lambda folder: charts.score_bars(tables()["scores"].drop_columns(["standing"]), k="1/3"), [lambda folder: charts.score_bars(tables()["scores"], k="1/3")]),
    Row("MPI-E001", "write 1/3, 0.25 or 33%", lambda folder: charts.score_bars(tables()["scores"], k="1/3", marks=["x"]), [lambda folder, cut=cut: charts.score_bars(tables()["scores"], k="1/3", marks=[cut]) for cut in ("1/3", "0.25", "33%")]),  # type: ignore[misc]
    Row("MPI-E006", "write 0.95", lambda folder: charts.ranked(figures(), domain="zona", level=95), [lambda folder: charts.ranked(figures(), domain="zona", level=0.95)]),
    Row("MPI-E007", "count persons or households", lambda folder: charts.score_bars(tables()["scores"], k="1/3", unit="x"), [lambda folder: charts.score_bars(tables()["scores"], k="1/3", unit="persons")]),
    Row("MPI-U110", "give 'en', 'es', 'fr' or 'pt'", lambda folder: charts.ranked(figures(), domain="zona", language="de"), [lambda folder, one=one: charts.ranked(figures(), domain="zona", language=one) for one in ("en", "es", "fr", "pt")]),  # type: ignore[misc, arg-type]
    Row("MPI-U110", "give the result of a chart of mpi.charts", lambda folder: picture("x", ".png"), [lambda folder: picture(charts.ranked(figures(), domain="zona"), ".png")]),
    Row("MPI-U110", "give 'share' or 'redundancy'", lambda folder: charts.co_deprivation_triangle(tables()["pairs"], measure(), value="x"), [lambda folder, value=value: charts.co_deprivation_triangle(tables()["pairs"], measure(), value=value) for value in ("share", "redundancy")]),  # type: ignore[misc, arg-type]
    Row("MPI-U110", "give ", lambda folder: mpi.estimate({}, village.measure()), [lambda folder: mpi.estimate(village.profile(village.tables()), village.measure())]),  # type: ignore[arg-type]
    Row("MPI-U111", "give (0, 0.5, 1)", lambda folder: charts.indicator_heatmap(figures(), measure(), domain="zona", breaks=(1, 0)), [lambda folder: charts.indicator_heatmap(figures(), measure(), domain="zona", breaks=(0, 0.5, 1))]),
    Row("MPI-O010", "write it there first, or leave it out", lambda folder: _packaged(folder, write=False), [lambda folder: _packaged(folder, write=True), lambda folder: write_results(single_round(), folder)]),
]  # fmt: skip


def _packaged(folder: Path, *, write: bool) -> None:
    fields = (Field("code", "string", {"en": "Code"}, {"en": "Of the area"}),)
    (folder / "out").mkdir()
    if write:
        (folder / "out" / "areas.csv").write_text("code\n05\n")
    write_results(single_round(), folder / "out", further=[Resource("areas.csv", {"en": "Areas"}, fields)])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
