"""Disclosure control of panels: groups as a whole, table by table, and an intruder who reads all tables together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

import mpi
from mpi.disclosure import protect
from mpi.disclosure.publishable import Publishable
from mpi.estimates.derived import Derived
from mpi.following.panel import Panel
from mpi.following.protecting import protect_movements
from mpi.following.seen import Course
from mpi.following.tables import fitted_panel
from mpi.specs.disclosure import Disclosure
from mpi.specs.microdata import Microdata
from tests.disclosure.test_protecting import RULES as USUAL
from tests.support import followed as twin
from tests.support.intruder import Span
from tests.support.loops import at_least_one

MEASURE = twin.measure()
RULES = replace(USUAL, persons=5, households=0, numerator=3, all_or_none=0, numerators=("poor", "indicators"))
NAMES = ("movements", "change", "chronic", "transitions", "deprivations")
BY = ["area", "region"]
OPEN = mpi.load_disclosure("none")


def edition(ledger: twin.Ledger, period: str) -> Microdata:
    """An edition whose areas lie in two regions."""
    own = twin.microdata(ledger, period).table
    region = pa.array(["east" if int(code[:2]) % 2 else "west" for code in own["area"].to_pylist()])
    table = own.append_column("region", region)
    return mpi.survey(
        table, weight=None, household="ficha", domains=["area", "region"], design={"census": True},
        name="register", period=period,
    )  # fmt: skip


@cache
def panel_of(seed: int, number: int = 2, areas: int = 6, houses: int = 250) -> Panel:
    ledgers = twin.editions(seed, number=number, houses=houses, areas=areas)
    rounds = [edition(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    return mpi.follow(rounds, MEASURE, key=["cedula"], domains=["area", "region"])


@cache
def tables_of(seed: int, number: int = 2, areas: int = 6, houses: int = 250) -> dict[str, list[Derived]]:
    panel = panel_of(seed, number, areas, houses)
    periods = panel.periods
    spans: list[tuple[str, str] | None] = [None, *(pairwise(periods) if number > 2 else ())]
    return {
        name: [
            mpi.movements(panel, MEASURE, name, by=BY, between=None if name == "chronic" else span)  # type: ignore[arg-type]
            for span in (spans[:1] if name == "chronic" else spans)
        ]
        for name in NAMES
    }


def groups(table: Publishable, *, hidden: bool) -> set[tuple[str | None, ...]]:
    return {
        tuple(row[name] for name in table.domains) for row in table.rows() if (row["standing"] == "hidden") == hidden
    }


def test_a_group_is_hidden_as_a_whole_in_a_table_and_in_the_finer_ones() -> None:
    shown = protect_movements(panel_of(1), MEASURE, tables_of(1), RULES)
    assert list(shown) == list(NAMES)
    before: set[tuple[str | None, ...]] = set()
    some = 0
    for table in at_least_one(shown.values()):
        gone, open_ = groups(table, hidden=True), groups(table, hidden=False)
        assert not gone & open_
        if open_:  # else the table is not shown at all, and the finer ones are as if it were none
            assert before <= gone
            before = gone
            some += 1
        for row in table.rows():
            if row["standing"] == "hidden":
                assert (row["estimate"], row["se"], row["n"], row["n_poor"], row["note"]) == (None,) * 5
    assert some > 1
    assert before


def test_without_rules_nothing_is_hidden() -> None:
    shown = protect_movements(panel_of(3), MEASURE, tables_of(3), OPEN)
    assert all(not groups(table, hidden=True) for table in at_least_one(shown.values()))


def test_one_who_left_alone_hides_his_area() -> None:
    """Of every area in which one or two persons left or fell, no number of movements is shown."""
    panel, tables = panel_of(3), tables_of(3)
    shown = protect_movements(panel, MEASURE, {"movements": tables["movements"]}, RULES)["movements"]
    gone = groups(shown, hidden=True)
    few = {
        tuple(row[name] for name in shown.domains)
        for row in tables["movements"][0].rows()
        if row["figure"] in ("left", "fell", "ongoing", "never", "new_poor", "gone_poor") and 0 < row["estimate"] < 3
    }
    assert few
    assert few <= gone


def test_what_a_table_of_an_edition_hides_is_hidden() -> None:
    ledgers = twin.editions(3, houses=250, areas=6)
    profile = mpi.deprivation_profile(edition(ledgers[0], "2020"), MEASURE)
    estimates = mpi.estimate(profile, MEASURE, by=["area"])
    strict = replace(RULES, persons=90)
    (beside,) = protect([estimates], strict)
    gone = {row["area"] for row in beside.rows() if row["standing"] == "hidden"} - {None}
    assert gone
    shown = protect_movements(panel_of(3), MEASURE, {"movements": tables_of(3)["movements"]}, RULES, [beside])
    hidden = {row["area"] for row in shown["movements"].rows() if row["standing"] == "hidden"}
    assert gone <= hidden


def _columns(one: Derived) -> list[NDArray[np.int64]]:
    """Whatever a table adds up, by sequence: numerators and denominators, also those that only formulas read."""
    basis = one.basis
    assert basis is not None
    places = sorted({i for figure in basis.table.statistics for i in (figure.y, figure.x)})
    return [np.rint(np.asarray(basis.table.values(i), np.float64) * 60).astype(np.int64) for i in places]


class Thief:
    """An intruder whose unknowns are the units of each sequence in each group that no table tells apart."""

    def __init__(self, panel: Panel) -> None:
        cells = panel.held.cells
        self.names = [one.name for one in panel.domains]
        codes = [[one.labels[i] for i in cells.domains[:, place].tolist()] for place, one in enumerate(panel.domains)]
        self.atoms = sorted(set(zip(*codes, strict=True)))
        self.sequences = np.unique(cells.pattern).astype(np.int64)
        self.numbers = np.zeros((len(self.atoms), len(self.sequences)), np.int64)
        atom = [self.atoms.index(own) for own in zip(*codes, strict=True)]
        np.add.at(self.numbers, (atom, np.searchsorted(self.sequences, cells.pattern.astype(np.int64))), cells.persons)
        self.known = Span([], [])

    def form(self, where: Sequence[str | None], column: NDArray[np.int64], domains: Sequence[str]) -> NDArray[np.int64]:
        asked = dict(zip(domains, where, strict=True))
        inside = [
            all(asked.get(name) in (None, code) for name, code in zip(self.names, own, strict=True))
            for own in self.atoms
        ]
        return np.outer(np.array(inside, np.int64), column).ravel()

    def read(self, tables: Sequence[Derived], shown: Publishable) -> None:
        for where in groups(shown, hidden=False) - groups(shown, hidden=True):
            for one in tables:
                for column in _columns(one):
                    self.known.add(self.form(where, column, shown.domains))

    def count(self, form: NDArray[np.int64]) -> int:
        return int(form @ self.numbers.ravel())


def small_sets(panel: Panel, name: str) -> list[NDArray[np.int64]]:
    """The sets of units of which few must not be told: who left, fell, stayed poor, came or went poor; bands."""
    course = Course(MEASURE, fitted_panel(panel, MEASURE).sequences)
    found = []
    for cutoff in MEASURE.cutoffs:
        first, last = course.first.poor(cutoff), course.last.poor(cutoff)
        both = course.followed
        found += [both & first & last, both & first & ~last, both & ~first & last]
        found += [course.new & last, course.gone & first]
    if name == "transitions":
        edges = [0.0, 0.2 - 1e-9, 1 / 3 - 1e-9, 0.5 - 1e-9, 1.1]
        bands = [
            [one.known & (one.score >= low) & (one.score < high) for low, high in pairwise(edges)]
            for one in (course.first, course.last)
        ]
        found += [course.followed & a & b for a in bands[0] for b in bands[1]]
    return [one.astype(np.int64) for one in found]


def found_out(panel: Panel, tables: dict[str, list[Derived]], rules: Disclosure) -> tuple[int, int]:
    """How many small numbers of hidden groups an intruder finds out, of how many."""
    shown = protect_movements(panel, MEASURE, tables, rules)
    thief = Thief(panel)
    for name, table in shown.items():
        thief.read(tables[name], table)
    sought = []
    for name in ("movements", "transitions"):
        for where in groups(shown[name], hidden=True):
            forms = [thief.form(where, own, shown[name].domains) for own in small_sets(panel, name)]
            sought += [form for form in forms if 0 < thief.count(form) < RULES.numerator]
    return sum(form in thief.known for form in sought), len(sought)


@pytest.mark.parametrize("seed", [1, 6, 8])
def test_an_intruder_who_reads_all_tables_finds_no_small_number_of_a_hidden_group(seed: int) -> None:
    found, sought = found_out(panel_of(seed), tables_of(seed), RULES)
    assert sought > 10
    assert found == 0


def test_the_intruder_would_find_what_is_not_protected() -> None:
    """The test above can fail: where one area alone is hidden, the total and the others tell it."""
    panel, tables = panel_of(1), tables_of(1)["movements"]
    area = panel.domains[0].labels[0]
    thief = Thief(panel)
    for where in groups(protect_movements(panel, MEASURE, {"movements": tables}, OPEN)["movements"], hidden=False):
        if where[0] != area and where[1] is None:
            for column in _columns(tables[0]):
                thief.known.add(thief.form(where, column, BY))
    sets = at_least_one(small_sets(panel, "movements"))
    assert all(thief.form((area, None), own, BY) in thief.known for own in sets)


def test_an_intruder_who_reads_three_editions() -> None:
    found, sought = found_out(panel_of(5, 3, 5, 200), tables_of(5, 3, 5, 200), RULES)
    assert (found, sought > 0) == (0, True)
