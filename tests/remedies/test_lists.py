"""Remedies of lists of units, of corrected explanations, and of plans on the command line."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import mpi
from mpi.checking.correcting import corrections_of
from mpi.checking.explaining import explain
from tests.remedies.test_outputs import HERE, command
from tests.support import village
from tests.support.remedies import Doing, Row, follow

LIST = ("list", *HERE, "-o", "out")
EXPLAIN = ("explain", *HERE, "--household", "001A")


def listed(**options: object) -> Doing:
    """A list of the village's households, by Python."""
    return lambda _: mpi.target_list(village.survey(), village.measure(), village.tables(), **options)  # type: ignore[arg-type]


def quotas(text: str, *more: str, name: str = "q.csv") -> Doing:
    """A list with quotas of a file."""

    def written(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return command(*LIST, "--area", "valley", "--quotas", name, *more, before=written)


def folder_of(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).mkdir()


def of_publication(folder: Path) -> None:
    (folder / "p").mkdir()
    (folder / "p" / "manifest.json").write_text("{}", encoding="utf-8")


def to(name: str, before: Callable[[Path], object] | None = None) -> Doing:
    return command("list", *HERE, "-o", name, before=before)


def explained(*changes: str) -> Doing:
    return command(*EXPLAIN, *(part for change in changes for part in ("--if", change)))


def of_village(*changes: str, measure: tuple[tuple[str, str], ...] = ()) -> Doing:
    """An explanation of a household of the other village, by Python."""
    made = village.measure(*measure)
    return lambda _: explain(village.survey(), made, village.tables(), "100", corrections_of(changes, made))


def costs(folder: Path) -> None:
    (folder / "c.csv").write_text("indicator,cost\nwater_lacking,100\ncrowding,300\n", encoding="utf-8")


def planned(*more: str) -> Doing:
    return command("plan", *HERE, "--costs", "c.csv", "--budget", "1e6", *more, before=costs)


def asked(*more: str) -> Doing:
    return command("what-if", *HERE, "--action", "close water_lacking", *more, before=costs)


MORE = (("rooms: number", "rooms: number, spare: truth"),)
GOOD = quotas("valley,quota\nnorth,1\nsouth,2\n")
QUOTA = command(*LIST, "--area", "valley", "--quota", "2")
ONE = explained("water=yes")
MEMBER = explained("1:age=50")

ROWS = [
    Row("MPI-E255", "give one of key, all_or_none", listed(ties="coin"), [listed(ties="key"), listed(ties="all_or_none")]),
    Row("MPI-E255", "give a whole number from 1", listed(quasi=("region",), anonymity=0), [listed(quasi=("region",), anonymity=1)]),
    Row("MPI-E255", "name a domain of households", listed(area="sex"), [listed(area="region")]),
    Row("MPI-E255", "name the domain of the areas, or give one number for all", listed(quotas={"01": 1}),
        [listed(quotas={"01": 1}, area="region"), listed(quotas=1)]),
    Row("MPI-E255", "give whole numbers, by the code of the area as a text", listed(area="region", quotas={1: 1}), [listed(area="region", quotas={"01": 1})]),
    Row("MPI-E255", "did you mean 'region'?", listed(quasi=("regoin",)), [listed(quasi=("region",))]),
    Row("MPI-E255", "it has house, person", listed(quasi=("xyzzy",)), [listed(quasi=("house", "region"))]),
    Row("MPI-S012", "write an aggregate, such as COUNT_IF(...), SUM(...) or MAX(...)", listed(tie_break="age"),
        [listed(tie_break="COUNT_IF(age > 60)"), listed(tie_break="SUM(age)"), listed(tie_break="MAX(age)")]),
    Row("MPI-R006", "did you mean 'rooms'?", listed(tie_break="romos"), [listed(tie_break="rooms")]),
    Row("MPI-O250", "name a folder that only you can read", to("www/list", folder_of("www")), [to("list")]),
    Row("MPI-O250", "name a folder outside of it", to("p/list", of_publication), [to("list", of_publication)]),
    Row("MPI-U251", "give it the columns area and quota", quotas("xx,yy\nnorth,1\n"), [quotas("area,quota\nnorth,1\n")]),
    Row("MPI-U251", "call it so", quotas("xx,yy,quota\nnorth,x,1\n"), [quotas("valley,bb,quota\nnorth,x,1\n")]),
    Row("MPI-U251", "write it, or remove the row", quotas("valley,quota\n,1\nsouth,2\n"), [GOOD, quotas("valley,quota\nsouth,2\n")]),
    Row("MPI-U251", "keep one row", quotas("valley,quota\nnorth,1\nnorth,2\n"), [quotas("valley,quota\nnorth,2\n")]),
    Row("MPI-U251", "write it in digits alone", quotas("valley,quota\nnorth,many\n"), [GOOD]),
    Row("MPI-U251", "give them once", quotas("valley,quota\nnorth,1\n", "--quota", "2"), [GOOD, QUOTA]),
    Row("MPI-U251", "write one number, or CODE=NUMBER for each area once", command(*LIST, "--area", "valley", "--quota", "2", "--quota", "3"),
        [QUOTA, command(*LIST, "--area", "valley", "--quota", "north=2", "--quota", "south=3")]),
    Row("MPI-E254", "keep one", planned("--by", "valley", "--bound", "water_lacking:north=1/2", "--bound", "water_lacking:north=1/4"),
        [planned("--by", "valley", "--bound", "water_lacking:north=1/2")]),
    Row("MPI-E254", "write --bound water=1/2, or water=1/4..1/2; for a code of --by water:rural=1/2", planned("--bound", "water_lacking"),
        [planned("--bound", "water_lacking=1/2"), planned("--bound", "water_lacking=1/4..1/2")]),
    Row("MPI-E254", "did you mean 'crowding'?", planned("--bound", "crowdin=1/2"), [planned("--bound", "crowding=1/2")]),
    Row("MPI-U111", "ask for figures, --parts or --costs, each by itself", asked("--parts", "--costs", "c.csv"),
        [asked(), asked("--parts"), asked("--costs", "c.csv")]),
    Row("MPI-U252", "write VARIABLE=VALUE, or MEMBER:VARIABLE=VALUE", explained("water"), [ONE, MEMBER]),
    Row("MPI-U252", "did you mean 'water'?", explained("watr=yes"), [ONE]),
    Row("MPI-U252", "it has ", explained("xyzzy=yes"), [ONE]),
    Row("MPI-U252", "give it one value", explained("water=yes", "water=no"), [ONE]),
    Row("MPI-U252", "leave it out: nothing would change", of_village("rooms=2", "spare=yes", measure=MORE), [of_village("rooms=2", measure=MORE)]),
    Row("MPI-U252", "write one of rural, urban, or `unknown`", of_village("area=city"), [of_village("area=rural"), of_village("area=urban"), of_village("area=unknown")]),
    Row("MPI-U252", "leave the member out: water=VALUE", explained("1:water=yes"), [ONE]),
    Row("MPI-U252", "write MEMBER:age=VALUE; `mpi explain` shows the members", explained("age=50"), [MEMBER]),
    Row("MPI-U252", "write yes or no, or `unknown`", explained("water=maybe"), [ONE, explained("water=no"), explained("water=unknown")]),
    Row("MPI-U252", "write a number, or `unknown`", explained("1:age=old"), [MEMBER, explained("1:age=unknown")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_remedy_works(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
