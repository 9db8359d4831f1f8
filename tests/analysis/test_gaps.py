"""Poverty gaps against loops over households in exact fractions, identities, and errors in every design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.estimates.derived import Derived
from mpi.profile import DeprivationProfile
from tests.support.loops import at_least_one
from tests.support.wells import WEIGHTS, only, surveyed, tables, wells

ZERO, ONE = Fraction(0), Fraction(1)
TABLES = tables(households=75)
POWERS = (0, 1, 2, 3)
NAMES = ("schooling", "crowding", "money")
Z = Mapping[tuple[str, str], Fraction]


@dataclass(frozen=True)
class Home:
    """A household, exactly: its gaps, weight, place, members."""

    gaps: Mapping[str, Fraction]
    weight: Fraction
    members: int
    place: tuple[str, str]
    zone: str

    def score(self) -> Fraction:
        return sum((Fraction(WEIGHTS[name]) for name in NAMES if self.gaps[name] > 0), ZERO)


def homes(data: Mapping[str, pa.Table]) -> list[Home]:
    """The households, judged by loops over their members."""
    adults: dict[int, list[Fraction]] = {}
    for row in data["persons"].to_pylist():
        adults.setdefault(row["hid"], [])
        if row["age"] >= 18:
            adults[row["hid"]].append(Fraction(row["years"]))
    found = []
    for row in data["households"].to_pylist():
        years = adults[row["hid"]]
        mean = sum(years, ZERO) / len(years) if years else ONE  # of nobody, 1 year
        crowded = Fraction(row["members"], row["rooms"])
        income, line = Fraction(row["income"]), Fraction(row["line"])
        distance = {"schooling": (6 - mean) / 6, "crowding": (crowded - 3) / 5, "money": (line - income) / line}
        gaps = {name: max(ZERO, gap) for name, gap in distance.items()}
        place = (str(row["stratum"]), str(row["psu"]))
        found.append(Home(gaps, Fraction(row["w"]), row["members"], place, row["zone"]))
    return found


HOMES = homes(TABLES)


def figure(above: list[Fraction], below: list[Fraction], places: list[tuple[str, str]]) -> tuple[Fraction, Fraction]:
    """A ratio of weighted sums, and its variance between the PSUs of each stratum, exactly."""
    total, base = sum(above, ZERO), sum(below, ZERO)
    ratio = total / base
    by_psu: dict[tuple[str, str], Fraction] = dict.fromkeys(places, ZERO)
    for y, x, place in zip(above, below, places, strict=True):
        by_psu[place] += (y - ratio * x) / base
    variance = ZERO
    for stratum in {one for one, _ in by_psu}:
        sums = [z for (own, _), z in by_psu.items() if own == stratum]
        mean = sum(sums, ZERO) / len(sums)
        variance += Fraction(len(sums), len(sums) - 1) * sum(((z - mean) ** 2 for z in sums), ZERO)
    return ratio, variance


def quantities(home: Home, k: Fraction, alpha: int) -> dict[tuple[str, str | None], tuple[Fraction, Fraction]]:
    """What a household adds to the numerator and denominator of each figure at a cutoff and power."""
    poor = ONE if home.score() >= k else ZERO
    raised = {name: poor * gap**alpha if gap > 0 else ZERO for name, gap in home.gaps.items()}
    part = {name: Fraction(WEIGHTS[name]) * raised[name] for name in NAMES}
    total = sum(part.values(), ZERO)
    average = {1: "average_gap", 2: "average_severity"}.get(alpha, "average_power")
    found: dict[tuple[str, str | None], tuple[Fraction, Fraction]] = {("M_alpha", None): (total, ONE)}
    for name in NAMES:
        found["contribution", name] = (part[name], ONE)
        found["share", name] = (part[name], total)
    if alpha:
        found[average, None] = (total, poor * home.score())
        found |= {(average, name): (raised[name], poor if home.gaps[name] > 0 else ZERO) for name in NAMES}
    return found


@pytest.mark.parametrize("unit", ["persons", "households"])
def test_every_figure_and_its_error_equal_those_of_loops_in_fractions(unit: Any) -> None:
    made = mpi.analyse(surveyed(wells(), TABLES), wells(), "gaps", by="zone", unit=unit, powers=["0", "1", "2", "3"])
    compared = 0
    for row in made.rows():
        own = [home for home in HOMES if row["zone"] in (None, home.zone)]
        named = (row["figure"], row["indicator"])
        above, below = [], []
        for home in HOMES:  # those outside the domain are in the design
            y, x = quantities(home, Fraction(row["k"]), int(row["alpha"]))[named]
            weight = home.weight * (home.members if unit == "persons" else 1) * (home in own)
            above.append(weight * y)
            below.append(weight * x)
        estimate, variance = figure(above, below, [home.place for home in HOMES])
        assert row["estimate"] == pytest.approx(float(estimate), rel=1e-12, abs=1e-15)
        assert row["se"] == pytest.approx(math.sqrt(variance), rel=1e-9, abs=1e-13)
        compared += 1
    assert compared == 3 * 2 * (4 + 4 * 3 * 2 + 3 + 3 * 3)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_figures_add_up_and_m0_is_that_of_the_estimates(seed: int) -> None:
    data, measure = tables(seed, 60), wells()
    held = surveyed(measure, data)
    made = mpi.analyse(held, measure, "gaps", by="zone")
    estimates = mpi.estimate(held, measure, by="zone", statistics=["H", "A", "M0", "population_share"])
    for zone in (None, "r", "u"):
        for k in ("1/4", "1/2"):
            at = {"k": k, "zone": zone}
            m0 = only_estimate(estimates, "M0", at)
            own = [only(made, "M_alpha", alpha=alpha, **at) for alpha in "012"]
            assert own[0]["estimate"] == pytest.approx(m0["estimate"], abs=1e-15)
            assert own[0]["se"] == pytest.approx(m0["se"], rel=1e-9, abs=1e-15)
            if m0["estimate"]:  # M1 = H A G, M2 = H A S
                product = only_estimate(estimates, "H", at)["estimate"] * only_estimate(estimates, "A", at)["estimate"]
                for alpha, average in ((1, "average_gap"), (2, "average_severity")):
                    mean = only(made, average, alpha=str(alpha), indicator=None, **at)["estimate"]
                    assert own[alpha]["estimate"] == pytest.approx(product * mean, rel=1e-12)
            for alpha in range(3):
                parts = [
                    row for row in made.rows()
                    if row["figure"] == "contribution" and {**at, "alpha": str(alpha)}.items() <= row.items()
                ]  # fmt: skip
                assert len(parts) == 3
                assert math.fsum(row["estimate"] for row in parts) == pytest.approx(own[alpha]["estimate"], abs=1e-14)
    for alpha in "012":  # the total is the mean of the zones
        for k in ("1/4", "1/2"):
            whole = only(made, "M_alpha", alpha=alpha, k=k, zone=None)["estimate"]
            of_zones = [
                only(made, "M_alpha", alpha=alpha, k=k, zone=zone)["estimate"]
                * only_estimate(estimates, "population_share", {"k": None, "zone": zone})["estimate"]
                for zone in ("r", "u")
            ]
            assert whole == pytest.approx(math.fsum(of_zones), rel=1e-12, abs=1e-15)


def only_estimate(made: Any, statistic: str, where: Mapping[str, str | None]) -> Any:
    (found,) = [row for row in made.rows() if row["statistic"] == statistic and where.items() <= row.items()]
    return found


STEPS = 4
STEPPED = {
    "deprived": "income < 8",
    "gap": {"achievement": "income", "cutoff": 8, "bound": 0},
}  # with incomes of 0, 2, 4 and 6, the gap is the mean of four flags of lower cutoffs
FLAGS = {f"below_{step}": {"deprived": f"income < {8 - 2 * step}", "weight": "monitor"} for step in range(1, STEPS)}


def stepped() -> Any:
    """A measure with a gap of four steps, and three monitored flags that tell the steps apart."""
    return mpi.load_measure({
        "measure": "stepped", "title": "Stepped", "identification": "household", "k": "1/4", "missing": "exclude",
        "variables": {"household": {"income": "number", "rooms": "number"}},
        "dimensions": {
            "money": {"indicators": {"money": STEPPED, **FLAGS}},
            "other": {"indicators": {"rooms": {"deprived": "rooms < 2", "gap": "ordinal"}}},
        },
    })  # fmt: skip


KNOWN: Mapping[str, Mapping[str, object]] = {
    "clustered": {"weight": "w", "stratum": "stratum", "psu": "psu"},
    "households are PSUs": {"weight": "w", "stratum": "stratum"},
    "simple": {"weight": "w"},
    "centred": {"weight": "w", "stratum": "single", "psu": "psu", "single_psu": "centered"},
    "one stage corrected": {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": {"count": "psus"}},
    "two stages": {
        "weight": "w", "stratum": "stratum", "psu": "psu", "fpc": {"count": "psus"},
        "second_stage": {"fpc": {"count": "homes"}},
    },
    "replicates": {"weight": "w", "replicates": {"method": "bootstrap", "columns": "r1..r20", "weights": "combined"}},
    "calibrated": {
        "weight": "w", "stratum": "stratum", "psu": "psu",
        "calibration": {"level": "household", "design_weight": "w0", "variables": ["one", "members"]},
    },
    "calibrated without PSUs": {
        "weight": "w", "stratum": "stratum",
        "calibration": {"level": "household", "design_weight": "w0", "variables": ["one", "members"]},
    },
}  # fmt: skip


def designed(seed: int = 3) -> dict[str, pa.Table]:
    """The tables with what every design reads."""
    rng = np.random.default_rng(seed)
    n = 200
    place = np.arange(n) * 25 // n
    columns = {
        "income": rng.choice([0, 2, 4, 6, 9, 12, 15], n),
        "single": np.minimum(place, 21) // 7 + (place >= 24),
        "psus": np.full(n, 11),
        "homes": np.full(n, 40),
        "w0": rng.integers(8, 40, n) / 8,
        "one": np.ones(n, np.int64),
        **{f"r{i}": rng.integers(0, 40, n) / 8 for i in range(1, 21)},
    }
    return tables(seed, n, **columns)


COMPARED = (
    ("M1", "M_alpha", "1", None),
    ("M2", "M_alpha", "2", None),
    ("G", "average_gap", "1", "money"),
    ("S", "average_severity", "2", "money"),
)


@pytest.mark.parametrize("unit", ["persons", "households"])
@pytest.mark.parametrize("design", KNOWN)
def test_errors_in_every_design_are_those_of_flags_that_add_up_to_the_gap(design: str, unit: Any) -> None:
    measure, variables = stepped(), {"income": "income", "rooms": "rooms"}
    held = surveyed(measure, designed(), design=KNOWN[design], variables=variables)
    made = mpi.analyse(held, measure, "gaps", by="zone", unit=unit, powers=["1", "2"])
    names = ["money", *FLAGS]
    linear = " + ".join(f"censored_headcount[{name}]" for name in names)
    # Of gaps 1, 3/4, 1/2 and 1/4 the squares are 16, 9, 4 and 1 sixteenths: the flags add 1, 3, 5 and 7.
    squared = " + ".join(f"{2 * i + 1} * censored_headcount[{name}]" for i, name in enumerate(names))
    asked = {
        "M1": f"0.5 * ({linear}) / 4 + 0.5 * censored_headcount[rooms]",
        "M2": f"0.5 * ({squared}) / 16 + 0.5 * censored_headcount[rooms]",
        "G": f"({linear}) / 4 / censored_headcount[money]",
        "S": f"({squared}) / 16 / censored_headcount[money]",
    }
    flags = mpi.derive(held, measure, asked, by="zone", unit=unit)
    for zone in (None, "u", "r"):
        for name, figure, alpha, indicator in COMPARED:
            if design == "replicates" and indicator:
                continue  # of a ratio of figures an expression has the delta method, an estimate its replicates
            found = only(made, figure, alpha=alpha, indicator=indicator, zone=zone)
            want = only(flags, name, zone=zone)
            assert found["estimate"] == pytest.approx(want["estimate"], rel=1e-12)
            assert found["se"] == pytest.approx(want["se"], rel=1e-8)
            assert found["df"] == want["df"]
    assert any("1 by definition" in notice.text for notice in made.notices)


@pytest.mark.parametrize("way", ["jackknife", "bootstrap"])
def test_errors_are_near_those_of_replicates(way: Any) -> None:
    held = surveyed(wells(), tables(5, 400))
    linear, repeated = (mpi.analyse(held, wells(), "gaps", variance=one) for one in ("design", way))
    for one, other in at_least_one(zip(linear.rows(), repeated.rows(), strict=True)):
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-12)
        assert one["se"] == pytest.approx(other["se"], rel=0.12 if way == "jackknife" else 0.3)


def sorted_rows(made: Derived) -> list[Any]:
    return [tuple(row.values()) for row in made.rows()]


def near(one: Derived, other: Derived) -> None:
    for mine, theirs in zip(one.rows(), other.rows(), strict=True):
        assert (mine["figure"], mine["zone"], mine["n"]) == (theirs["figure"], theirs["zone"], theirs["n"])
        for name in ("estimate", "se"):
            assert mine[name] == pytest.approx(theirs[name], rel=1e-10, abs=1e-14)


def test_profiles_add_are_saved_and_keep_domains(tmp_path: Path) -> None:
    measure, data = wells(), tables(4)
    whole = surveyed(measure, data)
    made = mpi.analyse(whole, measure, "gaps", by="zone", powers=["1/2", "2"])
    whole.write(tmp_path / "whole.parquet")
    again = DeprivationProfile.read(tmp_path / "whole.parquet")
    assert again.amounts == whole.amounts == ("gap schooling", "gap crowding", "gap money")
    assert sorted_rows(mpi.analyse(again, measure, "gaps", by="zone", powers=["1/2", "2"])) == sorted_rows(made)
    first = [i < 100 for i in data["households"]["hid"].to_pylist()]
    parts = []
    for keep in (first, [not one for one in first]):
        ids = pa.array([i for i, one in zip(data["households"]["hid"].to_pylist(), keep, strict=True) if one])
        of = {name: table.filter(pa.compute.is_in(table["hid"], ids)) for name, table in data.items()}
        parts.append(surveyed(measure, of))
    near(mpi.analyse(parts[0] + parts[1], measure, "gaps", by="zone", powers=["1/2", "2"]), made)
    urban = mpi.analyse(whole.filter(zone="u"), measure, "gaps", powers=["2"])
    for row in at_least_one(urban.rows()):
        same = only(made, row["figure"], alpha="2", k=row["k"], zone="u", indicator=row["indicator"])
        assert (row["estimate"], row["se"]) == (pytest.approx(same["estimate"]), pytest.approx(same["se"]))


def test_other_weights_fewer_indicators_and_another_order_need_no_new_profile() -> None:
    measure, data = wells(), tables(6)
    held = surveyed(measure, data)
    heavier = measure.with_weights({"money": "3/5"})
    near_rows(mpi.analyse(held, heavier, "gaps"), mpi.analyse(surveyed(heavier, data), heavier, "gaps"))
    fewer = measure.without("crowding")
    near_rows(mpi.analyse(held, fewer, "gaps"), mpi.analyse(surveyed(fewer, data), fewer, "gaps"))
    plain = wells({name: {"gap": None} for name in NAMES})
    estimates, own = (mpi.estimate(one, plain) for one in (held, surveyed(plain, data)))
    for mine, theirs in at_least_one(zip(estimates.rows(), own.rows(), strict=True)):
        assert mine == theirs  # gaps are dropped where the measure has none


def near_rows(one: Derived, other: Derived) -> None:
    for mine, theirs in zip(one.rows(), other.rows(), strict=True):
        assert (mine["figure"], mine["indicator"]) == (theirs["figure"], theirs["indicator"])
        assert mine["estimate"] == pytest.approx(theirs["estimate"], rel=1e-11)
        assert mine["se"] == pytest.approx(theirs["se"], rel=1e-8)


@pytest.mark.parametrize("kernels", ["on", "off"])
def test_threads_and_kernels_change_nothing(kernels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    measure, data = wells(), tables(7, 300)
    monkeypatch.setenv("MPI_KERNELS", "off")
    plain = surveyed(measure, data)
    monkeypatch.setenv("MPI_KERNELS", kernels)
    other = surveyed(measure, data)
    assert other.cells.amounts is not None
    assert plain.cells.amounts is not None
    np.testing.assert_array_equal(other.cells.amounts, plain.cells.amounts)
    np.testing.assert_array_equal(other.cells.person_weight, plain.cells.person_weight)


def test_a_measure_of_persons_and_a_universe_have_the_gaps_of_those_inside() -> None:
    data = tables(8, 60)
    measure = mpi.load_measure({
        "measure": "people", "title": "People", "identification": "person", "k": "1", "missing": "exclude",
        "universe": "age >= 18", "variables": {"person": {"age": "number", "years": "number"}},
        "dimensions": {"school": {"indicators": {
            "years": {"deprived": "years < 6", "gap": {"achievement": "years", "cutoff": 6, "bound": 0}}}}},
    })  # fmt: skip
    held = surveyed(measure, data, variables={"age": "age", "years": "years"})
    weight = dict(zip(data["households"]["hid"].to_pylist(), data["households"]["w"].to_pylist(), strict=True))
    rows = [row for row in data["persons"].to_pylist() if row["age"] >= 18]
    gaps = [max(0.0, (6 - row["years"]) / 6) for row in rows]
    whole = math.fsum(weight[row["hid"]] for row in rows)
    m1 = math.fsum(weight[row["hid"]] * gap for row, gap in zip(rows, gaps, strict=True)) / whole
    assert only(mpi.analyse(held, measure, "gaps"), "M_alpha", alpha="1")["estimate"] == pytest.approx(m1, rel=1e-12)
