"""Every remedy of a message about programmes, children, and places against demand, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pytest

import mpi
from mpi.config.studies import load_study
from mpi.profile import DeprivationProfile
from tests.remedies.test_outputs import HERE, command, several
from tests.support import hamlet, village
from tests.support.remedies import Doing, Row, follow

# A programme of the hamlet, invented: the first member of each household receives it.
FIRST = "programmes: {pension: number = 1}\n"
CHILDREN = "children: {child: age < 18}\n"
SEATS = "valley,seats\nnorth,1\nsouth,2\n"
PROFILE = ("profile", *HERE, "-o", "p.parquet")
PLACES = ("supply", *HERE, "seats.csv", "--by", "valley", "--indicator", "water_lacking")


def added(name: str, text: str) -> Callable[[Path], object]:
    """Write a line at the end of a file of the folder."""
    return lambda folder: (folder / name).write_text(
        (folder / name).read_text(encoding="utf-8") + text, encoding="utf-8"
    )


def all_of(*doings: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: [one(folder) for one in doings]


def analysed(name: str, *domains: str, before: Callable[[Path], object] | None = None) -> Doing:
    """An analysis of a profile that is made from the microdata by some domains."""
    by = tuple(part for domain in domains for part in ("--domain", domain))
    return several((*PROFILE, *by), ("analyse", name, HERE[0], "p.parquet"), before=before)


def study(analyses: str, *, programmes: str = "") -> Doing:
    """A study of the hamlet with some analyses."""

    def loaded(folder: Path) -> object:
        hamlet.write_hamlet(folder, survey=hamlet.SURVEY + programmes)
        text = hamlet.study_of("results") + (f"analyses: [{analyses}]\n" if analyses else "")
        (folder / "study.yaml").write_text(text, encoding="utf-8")
        return load_study(folder / "study.yaml")

    return loaded


def places(text: str, *more: str) -> Doing:
    """Places by valley against the hamlet's demand, from a file."""

    def written(folder: Path) -> None:
        (folder / "seats.csv").write_text(text, encoding="utf-8")

    return command(*PLACES, *more, before=written)


def offered(columns: dict[str, list[Any]], indicator: str = "walls", **options: Any) -> Doing:
    """Places by region against the village's demand, in Python."""
    return lambda _: mpi.supply_demand(
        OF_VILLAGE, village.measure(), pa.table(columns), by="region", indicator=indicator, **options
    )


def programmes(text: str) -> Doing:
    """A profile of the village whose survey declares programmes."""
    declared = f"programmes: {text}\ndomains:"
    return lambda _: made(village.survey(("domains:", declared)))


def made(
    survey: mpi.Survey, measure: mpi.Measure | None = None, domains: Sequence[str] | None = None
) -> DeprivationProfile:
    return mpi.deprivation_profile(survey, measure or village.measure(), village.tables(), domains=domains)


def reached(unit: Literal["persons", "households"]) -> Doing:
    """Coverage of a programme of persons in the village."""
    survey = village.survey(("domains:", "programmes: {meals: school = 1}\ndomains:"))
    return lambda _: mpi.analyse(made(survey), village.measure(), "coverage", unit=unit)


def of_domain(name: str) -> Doing:
    """Places by a domain that is called so."""
    survey = village.survey(("  region: region", f"  {name}: region"))
    return lambda _: mpi.supply_demand(made(survey), village.measure(), pa.table(TWO), by=name, indicator="walls")


def marked(number: int, children: str = "children: {child: age < 18}", *, named: int | None = None) -> Doing:
    """A profile of the village with a number of programmes, beside what a measure says of children."""
    many = ", ".join(f"p{i}: rooms = {i}" for i in range(number))
    survey = village.survey(("domains:", f"programmes: {{{many}}}\ndomains:"))
    measure = village.measure(("dimensions:", f"{children}\ndimensions:"))
    asked = [f"p{i}" for i in range(number if named is None else named)]
    return lambda _: made(survey, measure, ["region", "children", *asked])


def of_children(more: str) -> Doing:
    """The village's measure with what it says of children."""
    return lambda _: village.measure(("dimensions:", f"children: {{child: age < 18, {more}}}\ndimensions:"))


OF_VILLAGE = made(village.survey())
BOTH = "deprived: {schooling: NOT attends, crowding: years < 3}"
PUPILS = all_of(added("village.yaml", CHILDREN))
PENSION = added("village_2026.yaml", FIRST)
TWO = {"region": ["01", "02"], "seats": [4, 2]}
WIDE = {"where": ["01", "02"], "seats": [4, 2], "rooms": [1, 1]}

ROWS = [
    Row("MPI-C171", "declare `programmes:` in the survey, or remove coverage and programmes", study("numbers, coverage, programmes"),
        [study("numbers, coverage, programmes", programmes=FIRST), study("numbers")]),
    Row("MPI-D010", "name it by `code`; there are where, seats, rooms", offered(WIDE, code="zzz", places="seats"), [offered(WIDE, code="where", places="seats")]),
    Row("MPI-D010", "name it by `places`; there are where, seats, rooms", offered(WIDE), [offered(WIDE, places="seats")]),
    Row("MPI-D010", "name it by `places`; there are valley, seats, rooms", places("valley,seats,rooms\nnorth,1,9\nsouth,2,9\n"), [places("valley,seats,rooms\nnorth,1,9\nsouth,2,9\n", "--places", "seats")]),
    Row("MPI-D010", "did you mean 'seats'?", offered(WIDE, places="saets"), [offered(WIDE, places="seats")]),
    Row("MPI-D010", "give it a column of codes and a column of places", offered({"region": ["01", "02"]}), [offered(TWO)]),
    Row("MPI-D010", "give it a column of codes and a column of places", places("valley\nnorth\n"), [places(SEATS)]),
    Row("MPI-D014", "write who it is as a comparison, such as `COLUMN = 1`, or give `codes: {1: yes, 2: no}`", programmes("{meals: school}"),
        [programmes("{meals: school = 1}"), programmes("{meals: {column: school, codes: {1: yes, 2: no}}}")]),
    Row("MPI-D014", "write who it is as a comparison, such as `COLUMN = 1`, or give `codes: {1: yes, 2: no}`", programmes("{meals: {receives: school = 1, for: segment}}"),
        [programmes("{meals: {receives: school = 1, for: segment = 1}}"), programmes("{meals: {receives: segment = 1, for: {column: school, codes: {1: yes, 2: no}}}}")]),
    Row("MPI-D148", "add up their rows, so that each code has one", places("valley,seats\nnorth,1\nsouth,2\nnorth,3\n"), [places("valley,seats\nnorth,4\nsouth,2\n")]),
    Row("MPI-D148", "write the code of the area, or remove the row", places("valley,seats\nnorth,1\n,2\n"), [places(SEATS), places("valley,seats\nnorth,1\n")]),
    Row("MPI-D148", "write numbers from 0, with a point for decimals, or remove the row if it is not known", places("valley,seats\nnorth,many\nsouth,-2\n"),
        [places("valley,seats\nnorth,0\nsouth,2.5\n"), places("valley,seats\nsouth,2\n")]),
    Row("MPI-D148", "write numbers from 0, with a point for decimals, or remove the row if it is not known", places("valley;seats\nnorth;\nsouth;2,5\n"),
        [places("valley;seats\nnorth;3\nsouth;2.5\n"), places("valley;seats\nsouth;2.5\n")]),
    Row("MPI-E001", "keep one --k", places(SEATS, "--k", "1/3", "--k", "1/2"), [places(SEATS, "--k", "1/3"), places(SEATS, "--k", "1/2")]),
    Row("MPI-E213", "did you mean 'walls'?", offered(TWO, "wals"), [offered(TWO)]),
    Row("MPI-E213", "write one of schooling, attendance, crowding, walls", offered(TWO, "zzz"),
        [offered(TWO, one) for one in village.measure().names]),
    Row("MPI-E002", "give the domain another name", of_domain("gap"), [of_domain("area_of_places")]),
    Row("MPI-E007", "use unit=persons", reached("households"), [reached("persons")]),
    Row("MPI-D001", "give the path of a file that exists", command(*PLACES), [places(SEATS)]),
    Row("MPI-E213", "write poor_and_deprived, deprived", offered(TWO, demand="poor"), [offered(TWO, demand="poor_and_deprived"), offered(TWO, demand="deprived")]),
    Row("MPI-E213", "declare `programmes:` in the survey, and make the profile from its microdata, by all domains", analysed("coverage"), [analysed("coverage", before=PENSION)]),
    Row("MPI-E213", "or with the programmes beside those that are named", analysed("programmes", "valley", before=PENSION),
        [analysed("programmes", "valley", "pension", before=PENSION), analysed("programmes", before=PENSION)]),
    Row("MPI-E213", "make it from the microdata, with `--domain children` beside the domains", analysed("children", before=PUPILS),
        [analysed("children", "valley", "children", before=PUPILS), analysed("children", "children", before=PUPILS)]),
    Row("MPI-E213", "make it from the microdata, with `--domain children` beside the domains", analysed("children", "valley", before=PUPILS), [analysed("children", "valley", "children", before=PUPILS)]),
    Row("MPI-E213", "write `children: {child: age < 18}` in the measure", command("analyse", "children", *HERE), [command("analyse", "children", *HERE, before=PUPILS)]),
    Row("MPI-M004", "name fewer programmes, or fewer indicators under `children:` of the measure", marked(52, f"children: {{child: age < 18, {BOTH}}}"),
        [marked(52, f"children: {{child: age < 18, {BOTH}}}", named=47), marked(52, "children: {child: age < 18, indicators: [attendance]}")]),
    Row("MPI-M014", "did you mean 'attendance'?", of_children("indicators: [attendence]"), [of_children("indicators: [attendance]")]),
    Row("MPI-M014", "did you mean 'crowding'?", of_children("deprived: {crowdng: years < 3}"), [of_children("deprived: {crowding: years < 3}")]),
    Row("MPI-M014", "write one of schooling, attendance, crowding, walls", of_children("indicators: [zzz]"),
        [of_children("indicators: [attendance]"), *(of_children(f"indicators: [{one}], deprived: {{{one}: years < 3}}") for one in ("schooling", "crowding", "walls"))]),
    Row("MPI-M014", "say it under `deprived:`, as `schooling: NOT attends`", of_children("indicators: [schooling]"),
        [of_children("indicators: [schooling], deprived: {schooling: NOT attends}"), of_children("deprived: {schooling: NOT attends}")]),
    Row("MPI-S007", "give the programme another name", programmes("{region: school = 1}"), [programmes("{meals: school = 1}")]),
    Row("MPI-S007", "choose another name", programmes("{children: school = 1}"), [programmes("{meals: school = 1}")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_that_is_followed_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
