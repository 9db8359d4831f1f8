"""Every remedy of a message about editions that are followed and registers that are updated, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.following import Panel, merge_panels, movements, update
from mpi.following import follow as followed
from mpi.profile import DeprivationProfile
from mpi.specs.survey import Survey
from tests.following.test_joining import with_key
from tests.following.test_movements import panel_of
from tests.following.test_updating import elsewhere, made, parts_of, survey, table
from tests.support import followed as twin
from tests.support.remedies import Doing, Row, follow

EDITIONS = twin.editions(8)
MEASURE = twin.measure()
PARTS = parts_of(*EDITIONS)
SOME = min(PARTS["before"])


def rounds() -> list[mpi.Microdata]:
    return [twin.microdata(one, str(2020 + t)) for t, one in enumerate(EDITIONS)]


def joined(source: Callable[[], list[Any]] = rounds, **options: Any) -> Doing:
    """The editions, linked."""
    given = {"key": ["cedula"], "domains": ["area"], **options}
    return lambda folder: followed(source(), MEASURE, **given)


def keyed(change: Callable[[int], Any], *, both: bool = False) -> Callable[[], list[mpi.Microdata]]:
    def source() -> list[mpi.Microdata]:
        one, other = rounds()
        own = [
            with_key(frame, [change(number) for number in frame.table["cedula"].to_pylist()]) for frame in (one, other)
        ]
        return own if both else [own[0], other]

    return source


REPLICATED = {
    "replicates": {"method": "bootstrap", "table": "persons", "columns": ["jefe", "cedula"], "weights": "factors"}
}
CORRECTED = {"fpc": {"count": "1000"}}
TWO_STAGES = {**CORRECTED, "second_stage": {"unit": "ficha", "fpc": {"fraction": "1/2"}}}
CALIBRATED = {"calibration": {"level": "household", "design_weight": "peso / 2", "variables": [1]}}
COLLAPSED = {"single_psu": "collapse", "collapse": {"e0": "e1"}}


def designed(*designs: dict[str, Any], weight: str | None = None) -> Callable[[], list[mpi.Microdata]]:
    def source() -> list[mpi.Microdata]:
        return [
            mpi.survey(one.table, weight=weight, household="ficha", domains=["area"], name="register", period=str(t), design=own,
                       **({} if "census" in own else {"psu": "upm", "stratum": "estrato"}))
            for t, (one, own) in enumerate(zip(rounds(), designs, strict=True))
        ]  # fmt: skip

    return source


def tabled(*arguments: Any, link: str = "persons", **options: Any) -> Doing:
    return lambda folder: movements(panel_of(EDITIONS, link), MEASURE, *arguments, **options)


def updated(**changes: Any) -> Doing:
    """The update of the register, with some parts changed."""

    def done(folder: Path) -> object:
        data: dict[str, Any] = {
            name: {"persons": table(EDITIONS[0 if name in ("before", "gone") else 1], own)}
            for name, own in PARTS.items()
        }
        source = changes.get("profile") or (lambda: made(EDITIONS[0], "2020"))
        own = {name: value for name, value in changes.items() if name != "profile"}
        return update(source(), survey("2021"), MEASURE, **{**data, **own})

    return done


def rows(edition: int, houses: set[int]) -> dict[str, Any]:
    return {"persons": table(EDITIONS[edition], houses)}


def no_part() -> dict[str, Any]:
    return dict.fromkeys(("before", "after", "new", "gone"))


def saved(kind: str, folder: Path) -> Path:
    path = folder / f"{kind}.parquet"
    (panel_of(EDITIONS) if kind == "panel" else made(EDITIONS[0], "2020")).write(path)
    return path


def sample() -> DeprivationProfile:
    return mpi.deprivation_profile(survey("2020", census="no"), MEASURE, {"persons": table(EDITIONS[0])})  # type: ignore[dict-item]


def of_households() -> tuple[list[Survey], list[Any]]:
    """Editions with a table of households alone."""
    variables = ", ".join(f"{name}_flag: {name}_flag" for name in twin.INDICATORS)
    text = """
survey: register
period: "{period}"
tables: {{households: {{path: h.parquet, key: [ficha]}}}}
members: gente
variables: {{{variables}}}
design: {{weight: none, census: yes}}
"""
    surveys = [mpi.survey(text.format(period=2020 + t, variables=variables)) for t in range(2)]
    frames = []
    for one in EDITIONS:
        own: dict[str, list[Any]] = {
            "ficha": list(one.houses),
            "gente": [max(1, len(one.members(h))) for h in one.houses],
        }
        for j, name in enumerate(twin.INDICATORS):
            own[f"{name}_flag"] = [None if h.flags[j] is None else int(h.flags[j]) for h in one.houses.values()]
        import pyarrow as pa

        frames.append({"households": pa.table(own)})
    return surveys, frames  # type: ignore[return-value]


def households(**options: Any) -> Doing:
    def done(folder: Path) -> object:
        surveys, frames = of_households()
        return followed(surveys, MEASURE, frames, **options)

    return done


def of_persons(link: str) -> Doing:
    """Editions under a measure of persons."""
    rules = {name: f"{name}_flag = 1" for name in twin.INDICATORS}
    variables = {"person": {f"{name}_flag": "number" for name in twin.INDICATORS}}
    given = dict.fromkeys(twin.INDICATORS, "1/4")
    measure = mpi.measure(given, k="1/3", rules=rules, variables=variables, identification="person")
    return lambda folder: followed(rounds(), measure, link=link, key=["ficha" if link == "same_key" else "cedula"])  # type: ignore[arg-type]


ROWS = [
    Row("MPI-D260", "name the columns that tell persons apart: --key COLUMN, repeated", joined(keyed(lambda n: n % 7)), [joined(key=["ficha", "cedula"])]),
    Row("MPI-D261", "write the column with one type in both files (`mpi convert` does), or name another as --key", joined(keyed(str)), [joined(keyed(str, both=True)), joined(keyed(str), link="same_key", key=["ficha"])]),
    Row("MPI-D262", "name another column as --key", joined(keyed(lambda n: n + 0.5)), [joined(link="same_key", key=["ficha"])]),
    Row("MPI-D263", "make them of the same editions, with the same measure and options", lambda folder: merge_panels([panel_of(EDITIONS), panel_of(EDITIONS, "majority")]), [lambda folder: merge_panels([panel_of(EDITIONS), panel_of(EDITIONS)])]),
    Row("MPI-U111", "give one or more", lambda folder: merge_panels([]), [lambda folder: merge_panels([panel_of(EDITIONS)])]),
    Row("MPI-D264", "give those that are no longer in the register as `gone`, with the rows that they had", updated(after=rows(1, PARTS["after"] - {SOME})), [updated(before=rows(0, PARTS["before"] - {SOME}), after=rows(1, PARTS["after"] - {SOME}), gone=rows(0, PARTS["gone"] | {SOME}))]),
    Row("MPI-D264", "give those that were not in the register as `new`", updated(before=rows(0, PARTS["before"] - {SOME})), [updated(before=rows(0, PARTS["before"] - {SOME}), after=rows(1, PARTS["after"] - {SOME}), new=rows(1, PARTS["new"] | {SOME}))]),
    Row("MPI-D264", "give those that were not in the register as `new`, with the rows that they have", updated(**no_part() | {"before": rows(1, PARTS["new"]), "after": rows(1, PARTS["new"]), "register": rows(0, set(EDITIONS[0].homes.values()))}), [updated(**no_part() | {"new": rows(1, PARTS["new"]), "register": rows(0, set(EDITIONS[0].homes.values()))})]),
    Row("MPI-D264", "leave out those that were not in the register", updated(gone=rows(1, PARTS["new"]), new=None, register=rows(0, set(EDITIONS[0].homes.values()))), [updated(gone=None, new=None, register=rows(0, set(EDITIONS[0].homes.values())))]),
    Row("MPI-D264", "give each household once: as changed, gone or new", updated(gone=rows(0, PARTS["gone"] | {SOME})), [updated()]),
    Row("MPI-D265", "give the rows that they had when the profile was made, from the files that it was made of", updated(before={"persons": elsewhere(table(EDITIONS[0], PARTS["before"]))}), [updated()]),
    Row("MPI-E263", "give --before and --after, --new or --gone", updated(**no_part()), [updated(gone=None, new=None), updated(before=None, after=None, gone=None), updated(before=None, after=None, new=None)]),
    Row("MPI-E263", "give --before and --after, for the same households", updated(after=None), [updated()]),
    Row("MPI-E263", "update registers alone; if all are enumerated, write `census: true` in the survey's `design:`, and make the profile again", updated(profile=sample), [updated()]),
    Row("MPI-D051", "give it to `mpi follow`; in Python read it with mpi.Panel.read", lambda folder: DeprivationProfile.read(saved("panel", folder)), [lambda folder: Panel.read(saved("panel", folder))]),
    Row("MPI-D051", "make one of several with `mpi follow ... --save FILE.parquet`", lambda folder: Panel.read(saved("profile", folder)), [lambda folder: Panel.read(saved("panel", folder))]),
    Row("MPI-E260", "did you mean 'cedula'?", joined(key=["cedulla"]), [joined()]),
    Row("MPI-E260", "write one of", joined(key=["zzz"]), [joined()]),
    Row("MPI-E261", "give two or more, the earliest first", joined(lambda: rounds()[:1]), [joined()]),
    Row("MPI-E261", "give the data of each edition, in the same order", lambda folder: followed(of_households()[0], MEASURE, of_households()[1][:1], link="same_key"), [households(link="same_key")]),
    Row("MPI-E261", "write one of persons, same_key, same_head, majority, pooled_majority", joined(link="zzz"), [joined(), joined(link="same_key", key=["ficha"]), joined(link="same_head", head="jefe=1"), joined(link="majority"), joined(link="pooled_majority")]),
    Row("MPI-E261", "write one of earlier, later", joined(weights="zzz"), [joined(weights="earlier"), joined(weights="later")]),
    Row("MPI-E261", "name the column and its code: --head relation=1", joined(link="same_head"), [joined(link="same_head", head="jefe=1")]),
    Row("MPI-E261", "leave --head out", joined(head="jefe=1"), [joined()]),
    Row("MPI-E261", "write it as relation=1", joined(link="same_head", head="jefe"), [joined(link="same_head", head="jefe=1")]),
    Row("MPI-E261", "leave --member out; --key names the columns of persons", joined(link="majority", member=["cedula"]), [joined(link="majority", key=["cedula"])]),
    Row("MPI-E261", "follow its households by their own key: --link same_key", households(link="persons"), [households(link="same_key")]),
    Row("MPI-E261", "follow persons: --link persons", of_persons("same_key"), [of_persons("persons")]),
    Row("MPI-E262", "copy the survey file for the panel, and write strata and PSUs in its `design:` in place of `replicates:`", joined(designed(REPLICATED, REPLICATED, weight="peso")), [joined(designed({}, {}, weight="peso"))]),
    Row("MPI-E262", "copy the survey file for the panel, and leave `fpc:` out of its `design:`: errors are then too large rather than too small", joined(designed(CORRECTED, CORRECTED)), [joined(designed({}, {}))]),
    Row("MPI-E262", "copy the survey file for the panel, and leave `second_stage:` out of its `design:`: errors are then too large rather than too small", joined(designed(TWO_STAGES, TWO_STAGES)), [joined(designed({}, {}))]),
    Row("MPI-E262", "copy the survey file for the panel, and leave `calibration:` out of its `design:`: errors then take the weights as fixed", joined(designed(CALIBRATED, CALIBRATED, weight="peso")), [joined(designed({}, {}, weight="peso"))]),
    Row("MPI-E262", "copy the survey file for the panel, and write merged strata in its `design:`, or another `single_psu:`", joined(designed(COLLAPSED, COLLAPSED)), [joined(designed({}, {})), joined(designed({"single_psu": "certainty"}, {"single_psu": "certainty"}))]),
    Row("MPI-E262", "declare the same parts of the design in each survey file", joined(designed({"census": True}, {})), [joined(designed({"census": True}, {"census": True})), joined(designed({}, {}))]),
    Row("MPI-E261", "write one of movements, transitions, deprivations, change, chronic", tabled("zzz"), [tabled(name) for name in ("movements", "transitions", "deprivations", "change", "chronic")]),
    Row("MPI-E261", "leave it out, or ask for the table chronic", tabled("movements", tau="1/2"), [tabled("movements"), tabled("chronic", tau="1/2")]),
    Row("MPI-E261", "leave `between` out", tabled("chronic", between=("2020", "2021")), [tabled("chronic")]),
    Row("MPI-E261", "name two of 2020, 2021, in this order", tabled(between=("2021", "2020")), [tabled(between=("2020", "2021"))]),
    Row("MPI-E261", "write a fraction above 0 and up to 1, such as 1/2", tabled("chronic", tau="3/2"), [tabled("chronic", tau="1/2")]),
    Row("MPI-E007", "use unit=persons, or follow households: --link same_key or majority", tabled(unit="households"), [tabled(unit="persons"), tabled(link="same_key", unit="households"), tabled(link="majority", unit="households")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_remedy_works(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
