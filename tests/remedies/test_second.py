"""Every remedy of a message about a second measure on the same units, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.config.studies import load_study
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.support import hamlet, village
from tests.support.remedies import Doing, Row, follow

DATA = village.tables()
OTHER = ("measure: village", "measure: other")
DEEPER = (OTHER, ("COUNT() / rooms > 2", "COUNT() / rooms > 3"))
THIRD = ("measure: village", "measure: third")
WITHIN_THIRD = ("identification:", "deepens: third\nidentification:")
WIDER = (OTHER, ("COUNT() / rooms > 2", "COUNT() / rooms > 1"))
LINE = (
    OTHER, ("k: 1/3", "k: 1/3\nincome_poor: rooms < floor\nlines: {floor: {income: rooms, relative: 3/5}}"),
)  # fmt: skip


def other(*changes: tuple[str, str]) -> Measure:
    return village.measure(*(changes or (OTHER,)))


def made(*others: Measure) -> DeprivationProfile:
    return mpi.deprivation_profile(village.survey(), village.measure(), DATA, beside=others)


def beside(*others: Measure) -> Doing:
    return lambda folder: made(*others)


def analysed(held: tuple[Measure, ...], asked: Any, name: Any = "agreement", **options: Any) -> Doing:
    return lambda folder: mpi.analyse(made(*held), village.measure(), name, other=asked, **options)


def study(analyses: str) -> Doing:
    """A study of the hamlet with an analysis, and measures beside it."""

    def loaded(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        text = (folder / "village.yaml").read_text(encoding="utf-8")
        (folder / "other.yaml").write_text(text.replace("measure: village", "measure: other"), encoding="utf-8")
        (folder / "study.yaml").write_text(hamlet.study_of("results") + f"analyses: [{analyses}]\n", encoding="utf-8")
        return load_study(folder / "study.yaml")

    return loaded


def several(measures: str, more: str = "") -> Doing:
    """A study of the hamlet by several measures."""

    def loaded(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        text = (folder / "village.yaml").read_text(encoding="utf-8").replace("measure: village", "measure: other")
        (folder / "other.yaml").write_text(text + more, encoding="utf-8")
        own = hamlet.study_of("results").replace("measure: village.yaml", f"measures: {measures}")
        (folder / "study.yaml").write_text(own, encoding="utf-8")
        return load_study(folder / "study.yaml")

    return loaded


def lines(name: str, written: str) -> Doing:
    """A survey whose variable takes its numbers from a file, for one measure alone or for all."""
    file = "{column: region, width: 2, lines: {path: lines.csv, from: {column: region, width: 2}, value: line}}"
    own = f"  line: {file}\n" if name == "variables" else ""
    told = f"variables_for: {{other: {{years: {written.format(file=file)}}}}}\n"
    return lambda folder: village.survey(
        ("domains:", f"{told}domains:"), ("  rooms: rooms\n", f"  rooms: rooms\n{own}")
    )


def countries(own: str, other: str, measure: str = "other") -> Doing:
    """A study of the hamlet with two countries."""

    def loaded(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        text = (folder / "village.yaml").read_text(encoding="utf-8").replace("measure: village", f"measure: {measure}")
        (folder / "other.yaml").write_text(text.replace("crowd > 3", "crowd > 2"), encoding="utf-8")
        second = hamlet.SURVEY.replace("village_2026", "bee").replace(
            "valley: valley", "valley: valley, country: valley"
        )
        (folder / "bee.yaml").write_text(second, encoding="utf-8")
        text = f"countries:\n  AAA: {{{own}}}\n" + (f"  BBB: {{{other}}}\n" if other else "")
        (folder / "study.yaml").write_text(hamlet.study_of("results") + text, encoding="utf-8")
        return load_study(folder / "study.yaml")

    return loaded


BEE = "surveys: [bee.yaml]"
OF_CHILDREN = (("measure: village", "measure: other\nkind: children\nuniverse: age < 18"),)
MANY = tuple(other(("measure: village", f"measure: other{i}")) for i in range(16))
ROWS = [
    Row("MPI-M015", "name it first, and the other measure beside it", beside(other(*LINE)),
        [lambda folder: mpi.deprivation_profile(village.survey(), other(*LINE), DATA, beside=village.measure())]),
    Row("MPI-M015", "compare fewer measures at once, or name fewer programmes", beside(*MANY), [beside(*MANY[:15])]),
    Row("MPI-E215", "give one of them another name", beside(village.measure()), [beside(other())]),
    Row("MPI-E215", "name it: `--with MEASURE`, in Python `other=`, in a study `with:`", analysed((other(),), None), [analysed((other(),), other())]),
    Row("MPI-E215", "make it from the microdata with both: `mpi profile ... --with other`, in Python `beside=`", analysed((), other()), [analysed((other(),), other())]),
    Row("MPI-E215", "make it from the microdata with both: `mpi profile ... --with other`, in Python `beside=`", analysed((other(),), other(*DEEPER)), [analysed((other(*DEEPER),), other(*DEEPER))]),
    Row("MPI-E215", "leave the second out; agreement, destitution, sdg have one", analysed((other(),), other(), "bands"), [analysed((other(),), None, "bands")]),
    Row("MPI-E215", "name one that says `kind: children`, or leave it out", analysed((other(),), other(), "sdg"),
        [analysed((other(*OF_CHILDREN),), other(*OF_CHILDREN), "sdg"), analysed((other(),), None, "sdg")]),
    Row("MPI-E216", "write deeper rules each of which implies that of the measure", analysed((other(*WIDER),), other(*WIDER), "destitution"),
        [analysed((other(*DEEPER),), other(*DEEPER), "destitution"), analysed((other(*WIDER),), other(*WIDER), "destitution", inclusion="report")]),
    Row("MPI-E216", "write deeper rules each of which implies that of the measure; or have the figures all the same",
        analysed((other(OTHER, ("k: 1/3", "k: 1/9")),), other(OTHER, ("k: 1/3", "k: 1/9")), "destitution"), [analysed((other(*DEEPER),), other(*DEEPER), "destitution")]),
    Row("MPI-E216", "name third first, and other second", analysed((other(*DEEPER, WITHIN_THIRD),), other(*DEEPER, WITHIN_THIRD), "destitution"),
        [lambda folder: mpi.analyse(mpi.deprivation_profile(village.survey(), other(THIRD), DATA, beside=other(*DEEPER, WITHIN_THIRD)), other(THIRD), "destitution", other=other(*DEEPER, WITHIN_THIRD))]),
    Row("MPI-C171", "write `{analysis: agreement, with: MEASURE}`", study("agreement"), [study("{analysis: agreement, with: other.yaml}")]),
    Row("MPI-C171", "write `{analysis: destitution, with: MEASURE}`", study("{analysis: destitution}"), [study("{analysis: destitution, with: other.yaml}")]),
    Row("MPI-C171", "remove it; agreement, destitution have it", study("{analysis: numbers, with: other.yaml}"), [study("{analysis: numbers}")]),
    Row("MPI-C171", "give one of them another name", study("{analysis: agreement, with: village.yaml}"), [study("{analysis: agreement, with: other.yaml}")]),
    Row("MPI-C176", "give one of them another name", several("[village.yaml, village.yaml]"), [several("[village.yaml, other.yaml]")]),
    Row("MPI-C176", "give it a study of its own, or compare it under `analyses:`", several("[village.yaml, other.yaml]", "universe: age < 18\n"),
        [several("[other.yaml]", "universe: age < 18\n"), study("{analysis: agreement, with: other.yaml}")]),
    Row("MPI-C005", "name two or more, or leave the key out", countries("title: a", ""), [countries("title: a", BEE), several("[village.yaml]")]),
    Row("MPI-C177", "leave `surveys` out of that country", countries(BEE, BEE), [countries("title: a", BEE)]),
    Row("MPI-C177", "add `surveys` to all but one", countries("title: a", "title: b"), [countries("title: a", BEE)]),
    Row("MPI-C177", "leave `measure` out of it", countries("measure: other.yaml", BEE), [countries("title: a", BEE)]),
    Row("MPI-C177", "add it to `by:` of the study, or leave it out here", countries("by: [sex]", BEE), [countries("by: [valley]", BEE), countries("title: a", BEE)]),
    Row("MPI-C177", "leave it out, or give the domain another name in the survey", countries("title: a", f"{BEE}, by: [country]"), [countries("title: a", BEE), countries("title: a", f"{BEE}, by: [valley]")]),
    Row("MPI-C177", "give one of them another name", countries("title: a", f"{BEE}, measure: other.yaml", "village"), [countries("title: a", f"{BEE}, measure: other.yaml")]),
    Row("MPI-C177", "name the surveys of that country", countries("title: a", "surveys: [village_2026.yaml]"), [countries("title: a", BEE)]),
    Row("MPI-S006", "give it another name under `variables:`, and write that name here", lines("here", "{file}"), [lines("variables", "line")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_that_is_followed_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
