"""Spread of deprivation: against the households counted one by one, and what may not be shown of it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.analysis.score_distribution import bundles, co_deprivation, hide_small, score_distribution
from mpi.errors import UsageError
from mpi.specs.measure import Cutoff
from tests.support.province import MEASURE, profile, province, rows_of

RTOL = 1e-12  # sums of the same numbers in another order
UNITS = [("persons", "person_weight"), ("households", "w")]


@pytest.mark.parametrize(("unit", "weight"), UNITS)
def test_scores_are_counted_as_household_by_household(unit: str, weight: str) -> None:
    table = province(3)
    rows = rows_of(table)
    found = score_distribution(profile(table), MEASURE, unit).to_pylist()
    assert [Fraction(row["score"]) for row in found] == sorted({Fraction(x) for x in rows["score"].tolist()})
    for row in found:
        own = rows["score"] == row["value"]
        assert row["share"] == pytest.approx(rows[weight][own].sum() / rows[weight].sum(), rel=RTOL)
        assert (row["persons"], row["households"]) == (rows["members"][own].sum(), own.sum())
    assert sum(row["share"] for row in found) == pytest.approx(1, rel=RTOL)


@pytest.mark.parametrize(("unit", "weight"), UNITS)
def test_bundles_are_the_exact_deprivations_of_the_poor_the_commonest_first(unit: str, weight: str) -> None:
    table = province(4)
    rows = rows_of(table)
    expected: Counter[str] = Counter()
    for i in np.flatnonzero(rows["poor"]).tolist():
        expected[" ".join(name for name in "abc" if rows[name][i])] += rows[weight][i]
    found = bundles(profile(table), MEASURE, "1/2", unit=unit).to_pylist()
    assert [row["indicators"] for row in found] == [name for name, _ in expected.most_common()]
    for row in found:
        assert row["share"] == pytest.approx(expected[row["indicators"]] / expected.total(), rel=RTOL)
    assert len(bundles(profile(table), MEASURE, "1/2", unit=unit, most=2)) == 2


def test_pairs_are_the_poor_deprived_in_both() -> None:
    table = province(5)
    rows = rows_of(table)
    weight = rows["person_weight"]
    found = {(row["first"], row["second"]): row for row in co_deprivation(profile(table), MEASURE, "1/2").to_pylist()}
    assert len(found) == 6
    for (a, b), row in found.items():
        both = rows["poor"] & rows[a] & rows[b]
        assert row["share"] == pytest.approx(weight[both].sum() / weight.sum(), rel=RTOL)
        assert row["households"] == both.sum()
        least = min(found[a, a]["share"], found[b, b]["share"])
        assert row["redundancy"] == pytest.approx(row["share"] / least, rel=RTOL)


def test_nobody_poor_gives_no_bundle_and_no_redundancy() -> None:
    table = province(6, a=[False] * 160, b=[False] * 160, c=[False] * 160)
    assert len(bundles(profile(table), MEASURE, "1/2")) == 0
    pairs = co_deprivation(profile(table), MEASURE, "1/2").to_pylist()
    assert {row["share"] for row in pairs} == {0.0} and {row["redundancy"] for row in pairs} == {None}


def test_small_rows_lose_their_numbers_and_what_they_are_about() -> None:
    table = pa.table(
        {"indicators": ["a b", "c", "a"], "share": [0.6, 0.3, 0.1], "persons": [60, 30, 8], "households": [20, 9, 9]}
    )
    found = hide_small(table, persons=10, households=5).to_pylist()
    assert found[2] == {"indicators": None, "share": None, "persons": None, "households": None, "standing": "hidden"}
    assert [row["standing"] for row in found] == ["unjudged", "unjudged", "hidden"]
    assert hide_small(table, persons=0, households=0)["share"].to_pylist() == [0.6, 0.3, 0.1]
    assert hide_small(table, persons=0, households=10)["standing"].to_pylist() == ["unjudged", "hidden", "hidden"]


def test_one_hidden_score_takes_another_one_with_it() -> None:
    table = pa.table(
        {
            "score": ["0", "1/4", "1/2"],
            "value": [0.0, 0.25, 0.5],
            "share": [0.7, 0.28, 0.02],
            "persons": [70, 28, 2],
            "households": [30, 12, 1],
        }
    )
    found = hide_small(table, persons=10, households=5).to_pylist()
    assert [row["share"] for row in found] == [0.7, None, None]
    assert [row["value"] for row in found] == [0.0, 0.25, 0.5]


def score_table(persons: Sequence[int]) -> pa.Table:
    """Scores of 0, 1/8, 2/8 and so on, with five households for each ten persons."""
    size, total = len(persons), max(sum(persons), 1)
    return pa.table(
        {
            "score": [str(Fraction(i, 8)) for i in range(size)],
            "value": [i / 8 for i in range(size)],
            "share": [n / total for n in persons],
            "persons": list(persons),
            "households": [-(-n // 2) for n in persons],
        }
    )


@given(
    persons=st.lists(st.integers(0, 40), min_size=1, max_size=9),
    places=st.lists(st.integers(1, 8), max_size=3, unique=True),
    strict=st.booleans(),
)
def test_no_difference_of_published_cutoffs_gives_a_hidden_score(
    persons: list[int], places: list[int], strict: bool
) -> None:
    """An intruder takes the shown scores between two cutoffs from the difference of their headcounts."""
    cutoffs = [Cutoff(Fraction(i, 8), strict=strict and i < 8) for i in places]
    found = hide_small(score_table(persons), persons=10, households=5, cutoffs=cutoffs).to_pylist()
    hidden = [row["standing"] == "hidden" for row in found]
    assert all(gone for n, gone in zip(persons, hidden, strict=True) if 0 < n < 10)
    for low, high in itertools.combinations([None, *sorted(cutoffs, key=lambda c: c.k), None], 2):
        inside = [
            i for i in range(len(persons)) if (low is None or poor(low, i)) and (high is None or not poor(high, i))
        ]
        left = [persons[i] for i in inside if hidden[i]]
        whole = sum(n > 0 for n in (persons[i] for i in inside))
        assert not left or len(left) == whole or (len(left) > 1 and sum(left) >= 10)


def poor(cutoff: Cutoff, eighths: int) -> bool:
    return Fraction(eighths, 8) > cutoff.k or (Fraction(eighths, 8) == cutoff.k and not cutoff.strict)


def test_a_score_alone_between_cutoffs_takes_its_neighbour_with_it() -> None:
    table = score_table([50, 30, 3, 20, 4, 25])
    plain = hide_small(table, persons=10, households=5).to_pylist()
    assert [row["standing"] for row in plain].count("hidden") == 3  # 3 + 4 are still few
    found = hide_small(table, persons=10, households=5, cutoffs=[Cutoff(Fraction(1, 2))]).to_pylist()
    assert [row["persons"] for row in found] == [50, 30, None, None, None, None]


def test_a_pair_is_hidden_where_nearly_all_with_one_have_the_other() -> None:
    table = pa.table(
        {
            "first": ["a", "a", "b"],
            "second": ["a", "b", "b"],
            "share": [0.5, 0.49, 0.6],
            "redundancy": [1.0, 0.98, 1.0],
            "persons": [100, 98, 120],
            "households": [50, 48, 60],
        }
    )
    assert hide_small(table, persons=5, households=1)["share"].to_pylist() == [0.5, None, 0.6]
    assert hide_small(table, persons=2, households=1)["share"].to_pylist() == [0.5, 0.49, 0.6]


def test_what_is_no_unit_or_no_table_of_these_gives_no_number() -> None:
    """An unknown unit would else count households, and a table of other numbers lose none of them."""
    own, other = profile(province(3)), pa.table({"n": [1, 2]})
    for made in (
        score_distribution,
        lambda *given: bundles(*given[:2], "1/2", unit=given[2]),
        lambda *given: co_deprivation(*given[:2], "1/2", unit=given[2]),
    ):
        with pytest.raises(UsageError, match="MPI-E007 the unit 'dwellings' is not known"):
            made(own, MEASURE, "dwellings")
    with pytest.raises(UsageError, match="MPI-E211"):
        bundles(own, MEASURE, "1/2", most=0)
    with pytest.raises(UsageError, match="MPI-E212"):
        hide_small(other, persons=5, households=5)
    with pytest.raises(UsageError, match="MPI-E211"):
        hide_small(score_distribution(own, MEASURE), persons=-1, households=5)
