"""Several measures in one pass: each judges as it does alone, whatever names, levels and universes they share."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import mpi
from mpi.errors import ConfigError, UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.profile.marks import beside_name, marks_of, places_of
from mpi.specs.measure import Measure
from tests.support import village
from tests.support.loops import at_least_one

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
RENAMED = ("measure: village", "measure: other")
# The same names for other things: a derived variable, an indicator, the labels of a text.
OTHER = (RENAMED, ("minor: age < 18", "minor: age < 12"), ("COUNT() / rooms > 2", "COUNT() / rooms > 3"))
PERSONAL = (
    RENAMED,
    ("identification: household", "identification: person"),
    ("{eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived}", "{deprived: years < 6.5}"),
    ("{eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived}",
     "{eligible: minor, deprived: NOT attends, nobody: not_deprived}"),
    ("COUNT() / rooms > 2", "rooms < 2"),
)  # fmt: skip


@cache
def data() -> village.Tables:
    return village.tables(90, 3)


def flags(own: Measure, survey: Any = None) -> dict[tuple[Any, ...], tuple[bool | None, ...]]:
    """The deprivations of each unit under a measure alone, by its key."""
    rows = score(survey or village.survey(), own, data()).to_pylist()
    key = ("house", "person") if own.level == "person" else ("house",)
    return {tuple(row[name] for name in key): tuple(row[name] for name in own.names) for row in rows}


def weighted(first: Measure, second: Measure, *, persons: bool) -> dict[Any, int]:
    """How many units have each pair of deprivations, from the two scored apart."""
    one, other, found = flags(first), flags(second), dict[Any, int]()
    units = max(one, other, key=len)
    for key in units:
        pair = tuple(own[key] if key in own else own[key[:1]] for own in (one, other))
        size = sum(1 for row in data()["persons"]["house"].to_pylist() if row == key[0]) if persons else 1
        found[pair] = found.get(pair, 0) + size
    return found


def held(profile: DeprivationProfile, first: Measure, second: Measure, column: str) -> dict[Any, int]:
    """The same from the cells of the profile of both."""
    cells, found = profile.cells, dict[Any, int]()
    places = places_of(profile.marks)
    parts = [marks_of(cells.pattern, cells.unknown, places[beside_name(second.name, name)]) for name in second.names]
    for i, number in enumerate(getattr(cells, column).tolist()):
        bits = [(int(cells.pattern[i]) >> j & 1, int(cells.unknown[i]) >> j & 1) for j in range(len(first.names))]
        own = tuple(None if unknown else bool(bit) for bit, unknown in bits)
        others = tuple(bool(true[i]) if known[i] else None for true, known in parts)
        found[own, others] = found.get((own, others), 0) + number
    return {pair: number for pair, number in found.items() if number}


@pytest.mark.parametrize(
    ("first", "second", "persons"),
    [((), OTHER, False), ((), PERSONAL, True), (PERSONAL, (), True), (OTHER, (), False)],
    ids=["households", "persons beside households", "households beside persons", "the other way"],
)
def test_each_measure_judges_as_it_does_alone(first: Any, second: Any, persons: bool) -> None:
    one, other = village.measure(*first), village.measure(*second)
    made = mpi.deprivation_profile(village.survey(), one, data(), beside=other)
    wanted = weighted(one, other, persons=False)
    assert held(made, one, other, "persons" if persons else "households") == wanted
    assert len(wanted) > 20


def test_the_measure_itself_has_the_figures_that_it_has_alone() -> None:
    one, other = village.measure(), village.measure(*OTHER)
    alone = mpi.estimate(mpi.deprivation_profile(village.survey(), one, data()), one, by="region")
    beside = mpi.estimate(mpi.deprivation_profile(village.survey(), one, data(), beside=other), one, by="region")
    for name in ("estimate", "se", "n"):
        own, there = (np.array(table.table[name].to_pylist(), float) for table in (alone, beside))
        np.testing.assert_allclose(own, there, rtol=1e-12, equal_nan=True)


def test_the_kernels_and_numpy_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = village.measure(), village.measure(*OTHER)
    found = []
    for kernels in ("on", "off"):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        found.append(mpi.deprivation_profile(village.survey(), one, data(), beside=other))
    village.assert_same(*found)
    assert len(found[0].marks) == len(other.names)


def test_variables_of_a_measure_stand_in_place_of_those_of_their_names() -> None:
    own = "variables_for: {other: {years: years * 2, area: {column: area, codes: {1: rural, 2: urban}}}}\ndomains:"
    survey = village.survey(("domains:", own))
    plain, other = village.measure(), village.measure(RENAMED)
    assert flags(plain, survey) == flags(plain)
    assert flags(other, survey) != flags(plain)
    turned = village.survey(
        ("  years: years\n", "  years: years * 2\n"), ("codes: {1: urban, 2: rural}}", "codes: {1: rural, 2: urban}}")
    )
    assert flags(other, survey) == flags(plain, turned)
    made = mpi.deprivation_profile(survey, plain, data(), beside=other)
    assert held(made, plain, other, "households") == _pairs(flags(plain), flags(other, survey))


def _pairs(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key in at_least_one(one):
        found[one[key], other[key]] = found.get((one[key], other[key]), 0) + 1
    return found


def test_who_is_outside_the_universe_of_the_other_measure_is_marked() -> None:
    other = village.measure(RENAMED, ("k: 1/3", "k: 1/3\nuniverse: age >= 18"))
    made = mpi.deprivation_profile(village.survey(), village.measure(), data(), beside=other)
    true, known = marks_of(made.cells.pattern, made.cells.unknown, places_of(made.marks)[beside_name("other")])
    ages = [age for age in data()["persons"]["age"].to_pylist() if age != 99]
    assert int(made.cells.persons[true].sum()) == sum(age >= 18 for age in ages)
    assert int(made.cells.persons[known & ~true].sum()) == sum(age < 18 for age in ages)


def test_a_frame_has_variables_for_each_measure_too() -> None:
    table = data()["households"].append_column("deep", data()["households"]["rooms"])
    said: dict[str, Any] = {"k": "1", "variables": {"household": {"rooms": "number"}}}
    one = mpi.measure(["few"], rules={"few": "rooms < 3"}, name="one", **said)
    other = mpi.measure(["few"], rules={"few": "rooms < 2"}, name="two", **said)
    frame = mpi.survey(table, weight="weight", variables_for={"two": {"rooms": "deep - 1"}})
    made = mpi.deprivation_profile(frame, one, beside=other)
    true, known = marks_of(made.cells.pattern, made.cells.unknown, places_of(made.marks)[beside_name("two", "few")])
    own = (made.cells.pattern & np.uint64(1)) == 1
    assert (true == own)[known].all()
    assert true.any()
    assert (~true & known).any()


def test_what_cannot_be_beside_a_measure_is_refused() -> None:
    one = village.measure()
    with pytest.raises(UsageError, match="two measures are called 'village'"):
        mpi.deprivation_profile(village.survey(), one, data(), beside=one)
    many = [village.measure(("measure: village", f"measure: other{i}")) for i in range(16)]
    with pytest.raises(ConfigError, match="has room for 60 indicators"):
        mpi.deprivation_profile(village.survey(), one, data(), beside=many)
