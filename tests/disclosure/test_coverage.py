"""Coverage of programmes under disclosure control: groups with few recipients, and an intruder who reads it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import mpi
from mpi.disclosure import protect, protect_analyses
from mpi.disclosure.publishable import Publishable
from mpi.profile import DeprivationProfile
from mpi.profile.marks import Mark, bit_of
from mpi.specs.disclosure import Disclosure
from tests.disclosure.test_analyses import groups, renamed
from tests.disclosure.test_protecting import HEAVY, MEASURE, RULES, SOUGHT, House, profile_of, town
from tests.support.intruder import Form, Intruder
from tests.support.loops import at_least_one

MONITOR = replace(MEASURE.indicators[0], name="r", weight=Fraction(0), monitor=True)
WITH_RECEIPT = replace(MEASURE, indicators=(*MEASURE.indicators, MONITOR))  # a fifth flag, which no score counts
PROGRAMME = (Mark("programme r", "household", ""),)


def received(houses: Sequence[House]) -> DeprivationProfile:
    """The profile of households that receive the programme if they have the letter r."""
    made = profile_of(houses, WITH_RECEIPT)
    fifth = np.uint64(1) << np.uint64(4)
    receives = (made.cells.pattern & fifth) != 0
    pattern = (made.cells.pattern & ~fifth) | np.where(receives, bit_of(0), np.uint64(0))
    return replace(made, indicators=MEASURE.names, cells=replace(made.cells, pattern=pattern), marks=PROGRAMME)


def published(
    houses: Sequence[House], tables: Sequence[str], by: Sequence[str], rules: Disclosure
) -> tuple[tuple[Publishable, ...], Publishable]:
    profile = received(houses)
    made = [mpi.estimate(profile, MEASURE, by=list(tables))]
    asked = [mpi.analyse(profile, MEASURE, name, by=list(by)) for name in ("coverage", "programmes")]
    return protect(made, rules), protect_analyses(made, asked, rules)[0]


def test_few_recipients_among_the_poor_hide_a_group_that_tables_show() -> None:
    houses = [*town("A", 8, 9), *town("B", 8, 9), *town("C", 9, 9), *town("D", 9, 8), House({"town": "B"}, "cdr")]
    houses += [replace(house, lacks=f"{house.lacks}r") for code in "ACD" for house in town(code, 4, 5)]
    tables, analysis = published(houses, ["town"], ["town"], RULES)
    assert groups(tables[0], hidden=True) == set()
    assert ("B",) in groups(analysis, hidden=True)
    assert len(groups(analysis, hidden=True)) > 1  # the sum over the others would tell it
    assert (None,) in groups(analysis, hidden=False)
    held = [row for row in analysis.rows() if row["standing"] == "hidden"]
    assert {(row["estimate"], row["se"], row["n"]) for row in at_least_one(held)} == {(None, None, None)}


@cache
def columns() -> tuple[NDArray[np.int64], list[Form]]:
    """Flags of the patterns with receipt, and whatever the analysis adds up of them."""
    names = [*MEASURE.names, "r"]
    every = [House({"P": "x"}, "".join(n for i, n in enumerate(names) if bits >> i & 1)) for bits in range(32)]
    made = [mpi.analyse(received(every), MEASURE, name).basis for name in ("coverage", "programmes")]
    bases = [one for one in made if one is not None]
    assert [len(one.profile.cells) for one in bases] == [len(every)] * 2
    flags = (bases[0].scored.words[:, None] >> np.array([0, 1, 2, 3, 63], np.uint64) & np.uint64(1)).astype(np.int64)
    values = [
        np.rint(np.asarray(basis.table.values(i), np.float64) * 100).astype(np.int64)
        for basis in bases
        for i in sorted({i for figure in basis.table.statistics for i in (figure.y, figure.x)})
    ]
    return flags, values


def found_out(houses: Sequence[House], by: Sequence[str], rules: Disclosure) -> tuple[int, int]:
    """How many hidden figures, and counts of few recipients, an intruder finds out, and how many he seeks."""
    tables = [*by, *(one for one in ("P", "S") if one not in by)]
    shown, analysis = published(houses, tables, by, rules)
    atoms = [dict(one) for one in {tuple(sorted(house.domains.items())) for house in houses}]
    intruder = Intruder(WITH_RECEIPT, atoms, shown[0].domains)
    for table in shown:
        intruder.read(table)
    flags, values = columns()
    place = [int(np.flatnonzero((intruder.patterns == own).all(axis=1))[0]) for own in flags]
    weighted = intruder.weighted["persons"]
    for codes in groups(analysis, hidden=False) - groups(analysis, hidden=True):
        where = dict.fromkeys(intruder.domains) | dict(zip(analysis.domains, codes, strict=True))
        for own in values:
            column = np.zeros(len(intruder.patterns), np.int64)
            column[place] = own
            weighted.add(intruder.form(where, column))
    sought = [row for t in shown for row in t.rows() if row["standing"] == "hidden" and row["statistic"] in SOUGHT]
    small = few(intruder, houses, analysis, rules)
    return sum(map(intruder.knows, sought)) + sum(form in weighted for form in small), len(sought) + len(small)


def few(intruder: Intruder, houses: Sequence[House], analysis: Publishable, rules: Disclosure) -> list[Form]:
    """Of each hidden group recipients and poor recipients, where they are some but too few."""
    made = []
    score, receives = intruder.patterns @ intruder.weights / intruder.base, intruder.patterns[:, 4] == 1
    for codes in groups(analysis, hidden=True):
        where = dict.fromkeys(intruder.domains) | dict(zip(analysis.domains, codes, strict=True))
        inside = [one for one in houses if all(c is None or one.domains[n] == c for n, c in where.items())]
        for own in (receives, receives & (score > 0.3 - 1e-9), ~receives & (score > 0.3 - 1e-9)):
            counted = {tuple(p): int(c) for p, c in zip(intruder.patterns.tolist(), own, strict=True)}
            number = sum(one.members * counted[tuple(int(n in one.lacks) for n in "abcdr")] for one in inside)
            if 0 < number < rules.numerator:
                made.append(intruder.form(where, own.astype(np.int64)))
    return made


TOWNS = st.lists(
    st.builds(
        lambda p, q, lacks, members, weight: House({"p": p, "q": q}, lacks, members, weight),
        st.sampled_from("xyz"), st.sampled_from("uv"), st.sampled_from(["", "r", "ab", "abr", "cd", "cdr", "d", "dr"]),
        st.integers(1, 4), st.integers(1, 3),
    ), min_size=12, max_size=40,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(TOWNS, st.sampled_from([("P",), ("P", "S"), ("P", "Q"), ("P:Q", "P"), ("S",)]))
def test_an_intruder_who_reads_all_finds_nothing_hidden(houses: list[House], by: tuple[str, ...]) -> None:
    assert found_out(renamed(houses), list(by), RULES)[0] == 0


def test_the_intruder_would_find_few_recipients_that_are_not_hidden() -> None:
    """The test above can fail: he finds the few recipients of a town where only the tables are protected."""
    houses = renamed([House({"p": p, "q": "u"}, lacks) for p in "xyz" for lacks in
                      [HEAVY] * 8 + [""] * 12 + ["cdr"] * (1 if p == "y" else 6) + ["r"] * 5])  # fmt: skip
    found, sought = found_out(houses, ["P"], RULES)
    assert (found, sought > 0) == (0, True)
    _, hidden = published(houses, ["P", "S"], ["P"], RULES)
    _, open_ = published(houses, ["P", "S"], ["P"], mpi.load_disclosure("none"))
    assert ("y",) in groups(hidden, hidden=True)
    told = {row["estimate"] for row in open_.rows() if row["P"] == "y" and row["figure"] == "recipients_poor"}
    assert 1 in told
