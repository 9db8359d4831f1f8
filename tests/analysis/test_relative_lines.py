"""Relative income lines: exact loops, formulas of the literature written anew, replicates of a simulation, refusals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isclose, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.errors import ConfigError, DataError, UsageError
from mpi.pipeline import incomes
from mpi.pipeline.incomes import Incomes, Window, incomes_of, keys_of
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.vocabulary.options import Unit
from tests.support import village
from tests.support.kernels import cache_of
from tests.support.loops import at_least_one

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
N = 156
RNG = np.random.default_rng(8)
INCOME = pa.array(np.round(RNG.gamma(2, 100, N)) - 40, mask=RNG.random(N) < 0.05)
WAGE_RNG = np.random.default_rng(3)
DATA = {name: table if name == "persons" else table.append_column("income", INCOME)
        for name, table in village.tables(N, 3).items()}  # fmt: skip
SURVEY = village.survey(("  rooms: rooms", "  rooms: rooms\n  income: income\n  region: region"))
LINE = "line: {income: income, relative: 0.6}"
AROPE = {"arope": "income_poor OR rooms < 2 OR poor", "not": "NOT (income_poor OR rooms < 2 OR poor)"}
Rows = Sequence[Mapping[str, Any]]
Test = Callable[[Mapping[str, Any], float], bool | None]  # of a household, by its line


def measure(lines: str = LINE, classes: Mapping[str, str] = AROPE, *more: tuple[str, str]) -> Measure:
    text = f"missing: exclude\nlines: {{{lines}}}\nincome_poor: income < line\nclasses:\n"
    text += "".join(f'  {name}: "{rule}"\n' for name, rule in classes.items())
    return village.measure(
        ("missing: exclude\n", text), ("wall: text", "wall: text, income: number, region: text"), *more
    )


def rows() -> list[dict[str, Any]]:
    """Every household with its score, its members' ages and its income, from the tables anew; null is unknown."""
    own = village.measure()
    weights = dict(zip(own.names, own.weights, strict=True))
    ages: dict[int, list[int]] = {}
    for person in DATA["persons"].to_pylist():
        ages.setdefault(person["house"], []).append(person["age"])
    found = []
    for row, of in zip(score(SURVEY, measure(), DATA).to_pylist(), DATA["households"].to_pylist(), strict=True):
        flags = {name: row[name] for name in own.names}
        sure = None not in flags.values()
        total = sum((weights[name] for name, flag in flags.items() if flag), Fraction(0)) if sure else None
        adults = sum(18 <= age < 99 for age in ages[of["house"]])  # 99 is unknown
        found.append({**of, "score": total, "persons": len(ages[of["house"]]), "adults": adults})
    return found


ROWS = rows()


def median(own: Rows, base: str = "persons", p: Fraction = Fraction(1, 2)) -> float:
    """The smallest income with a share of the weight of persons or more."""
    pairs = sorted((r["income"], Fraction(r["weight"]) * r[base]) for r in own if r["income"] is not None)
    whole, reached = sum((w for _, w in pairs), Fraction(0)), Fraction(0)
    for income, w in pairs:
        reached += w
        if w and reached >= p * whole:
            return float(income)
    raise AssertionError


def kernel(own: Rows, base: str) -> float:
    """h of the kernel: the standard deviation of incomes times N^-0.2."""
    w = [r["weight"] * r[base] for r in own]
    y = [r["income"] for r in own]
    n = math.fsum(w)
    mean = math.fsum(a * b for a, b in zip(w, y, strict=True)) / n
    return sqrt(math.fsum(a * (b - mean) ** 2 for a, b in zip(w, y, strict=True)) / n) * n**-0.2


def density(at: float, income: float, h: float) -> float:
    return math.exp(-0.5 * ((at - income) / h) ** 2) / (sqrt(2 * math.pi) * h)


def line_values(own: Rows, base: str = "persons", p: float = 0.5) -> tuple[float, dict[int, float], float]:
    """The line, what each household adds to it (0.6 w z), and h."""
    known = [r for r in own if r["income"] is not None]
    q = median(known, base, Fraction(p))
    h = kernel(known, base)
    nf = math.fsum(r["weight"] * r[base] * density(q, r["income"], h) for r in known)
    moved = {r["house"]: -0.6 * r["weight"] * r[base] * ((r["income"] <= q) - p) / nf for r in known}
    return 0.6 * q, moved, h


def twin(y: Test, x: Test, unit: Unit, inside: Callable[[Any], bool], *, base: str = "persons", by: bool = False,
         total: bool = False, fixed: bool = False) -> tuple[float, float]:  # fmt: skip
    """A share (or total) of a domain with its error, written from the formulas, household by household."""
    areas = sorted({r["region"] for r in ROWS}) if by else [None]
    lines = {a: line_values([r for r in ROWS if a in (None, r["region"])], base) for a in areas}
    size = "persons" if unit == "persons" else None
    w = {r["house"]: r["weight"] * (r[size] if size else 1) for r in ROWS}

    def of(test: Test, r: Mapping[str, Any], line: float) -> float:
        return float(bool(test(r, line)) and inside(r))

    def own(r: Mapping[str, Any]) -> tuple[float, dict[int, float], float]:
        return lines[r["region"] if by else None]

    above = math.fsum(w[r["house"]] * of(y, r, own(r)[0]) for r in ROWS)
    below = 1.0 if total else math.fsum(w[r["house"]] * of(x, r, own(r)[0]) for r in ROWS)
    estimate = above / below
    u = {r["house"]: w[r["house"]] * (of(y, r, own(r)[0]) - (0 if total else estimate * of(x, r, own(r)[0]))) / below
         for r in ROWS}  # fmt: skip
    for a in areas if not fixed else []:
        line, moved, h = lines[a]
        slope = 0.0
        for r in ROWS:
            if r["income"] is None or (by and r["region"] != a):
                continue
            just_below, just_above = ({**r, "income": line - 1e9}, {**r, "income": line + 1e9})
            step = of(y, just_below, line) - of(y, just_above, line)
            step -= 0 if total else estimate * (of(x, just_below, line) - of(x, just_above, line))
            slope += w[r["house"]] * step * density(line, r["income"], h) / below
        for house, value in moved.items():
            u[house] += slope * value
    return estimate, between_psus(u)


def between_psus(u: Mapping[int, float]) -> float:
    """The standard error of a sum of values of households."""
    psus: dict[tuple[int, int], float] = {}
    for r in ROWS:
        place = r["stratum"], r["segment"]
        psus[place] = psus.get(place, 0.0) + u.get(r["house"], 0.0)
    variance = 0.0
    for stratum in {h for h, _ in psus}:
        z = [value for (h, _), value in psus.items() if h == stratum]
        mean = math.fsum(z) / len(z)
        variance += len(z) / (len(z) - 1) * math.fsum((one - mean) ** 2 for one in z)
    return sqrt(variance)


def is_known(r: Mapping[str, Any], _: float) -> bool:
    return r["score"] is not None and r["income"] is not None


def poor(r: Mapping[str, Any], line: float) -> bool:
    return is_known(r, line) and r["score"] >= Fraction(1, 3)


def income_poor(r: Mapping[str, Any], line: float) -> bool:
    return is_known(r, line) and r["income"] < line


def arope_known(r: Mapping[str, Any], line: float) -> bool:
    parts = (None if r["income"] is None else r["income"] < line, None if r["rooms"] is None else r["rooms"] < 2)
    if r["score"] is None:
        return False
    return poor_score(r) or True in parts or None not in parts


def poor_score(r: Mapping[str, Any]) -> bool:
    return r["score"] is not None and r["score"] >= Fraction(1, 3)


def arope(r: Mapping[str, Any], line: float) -> bool:
    few, low = r["rooms"] is not None and r["rooms"] < 2, r["income"] is not None and r["income"] < line
    return arope_known(r, line) and (poor_score(r) or few or low)


GROUPS: dict[str, Test] = {
    "both": lambda r, c: poor(r, c) and income_poor(r, c),
    "only_multidimensional": lambda r, c: poor(r, c) and not income_poor(r, c),
    "only_income": lambda r, c: income_poor(r, c) and not poor(r, c),
    "neither": lambda r, c: is_known(r, c) and not poor(r, c) and not income_poor(r, c),
    "multidimensional": poor,
    "income": income_poor,
    "either": lambda r, c: poor(r, c) or income_poor(r, c),
}


def wanted(row: Mapping[str, Any], unit: Unit, *, base: str = "persons", by: bool = False) -> tuple[float, float]:
    """What a row of the crossing is."""
    region = row["region"]
    name = row["figure"].removesuffix("_line_fixed")
    options: dict[str, Any] = {"base": base, "by": by, "fixed": name != row["figure"], "total": name == "number"}

    def inside(r: Any) -> bool:
        return region in (None, r["region"])

    if name == "missed_by_income":
        return twin(GROUPS["only_multidimensional"], poor, unit, inside, **options)
    if name == "missed_by_multidimensional":
        return twin(GROUPS["only_income"], income_poor, unit, inside, **options)
    return twin(GROUPS[row["group"]], is_known, unit, inside, **options)


@pytest.mark.parametrize("unit", ["persons", "households"])
@pytest.mark.parametrize(("lines", "base", "by"), [
    (LINE, "persons", False),
    ("line: {income: income, relative: 60%, of: median, base: age >= 18}", "adults", False),
    ("line: {income: income, relative: 3/5, by: region}", "persons", True),
])  # fmt: skip
def test_the_crossing_is_that_of_the_formulas(lines: str, base: str, by: bool, unit: Unit) -> None:
    own = measure(lines)
    table = mpi.analyse(village.profile(DATA, of=SURVEY, by=own), own, "crossing", by="region", unit=unit)
    met = set()
    for row in at_least_one(r for r in table if r["figure"] != "line"):
        estimate, se = wanted(row, unit, base=base, by=by)
        assert isclose(row["estimate"], estimate, rel_tol=1e-11), row
        assert isclose(row["se"] or 0.0, se, rel_tol=1e-8, abs_tol=1e-12), row
        met.add(row["figure"])
    assert {"share_line_fixed", "missed_by_income_line_fixed", "number"} <= met
    for row in at_least_one(r for r in table if r["figure"] == "line"):
        line, moved, _ = line_values([r for r in ROWS if row["area"] in (None, r["region"])], base)
        assert row["line"] == "line"
        assert row["region"] is None  # one row of the whole, not one of each domain
        assert isclose(row["estimate"], line, rel_tol=1e-14)
        assert isclose(row["se"], between_psus(moved), rel_tol=1e-8)
        assert row["ci_low"] < line < row["ci_high"]
    assert len([r for r in table if r["figure"] == "line"]) == (3 if by else 1)


@pytest.mark.parametrize("unit", ["persons", "households"])
def test_a_class_that_reads_the_line_has_its_error(unit: Unit) -> None:
    own = measure()
    table = mpi.analyse(village.profile(DATA, of=SURVEY, by=own), own, "classes", unit=unit, by="region")
    for row in at_least_one(r for r in table if r["class"] == "arope" and r["figure"] in ("share", "number")):
        estimate, se = twin(arope, arope_known, unit, lambda r, of=row["region"]: of in (None, r["region"]),
                            total=row["figure"] == "number")  # fmt: skip
        assert isclose(row["estimate"], estimate, rel_tol=1e-11)
        assert isclose(row["se"], se, rel_tol=1e-8)
    shares = [r["estimate"] for r in table if r["figure"] == "share" and r["region"] is None]
    assert isclose(sum(shares), 1, rel_tol=1e-12)


def test_a_figure_without_the_line_is_as_with_a_line_that_is_given() -> None:
    own = measure()
    profile = village.profile(DATA, of=SURVEY, by=own)
    (found,) = profile.lines
    given_ = village.measure(
        ("missing: exclude\n", f"missing: exclude\nincome_poor: income < {found.value[0]!r}\n"),
        ("wall: text", "wall: text, income: number"),
    )
    table = mpi.analyse(profile, own, "crossing", by="region")
    other = mpi.analyse(village.profile(DATA, of=SURVEY, by=given_), given_, "crossing", by="region")
    fixed = {(r["figure"], r["group"], r["region"]): r for r in table}
    for row in at_least_one(other):
        key = row["figure"], row["group"], row["region"]
        assert isclose(fixed[key]["estimate"], row["estimate"], rel_tol=1e-12)
        name = f"{row['figure']}_line_fixed", row["group"], row["region"]
        alike = fixed[name] if name in fixed else fixed[key] if row["group"] == "multidimensional" else None
        if alike is not None:
            assert isclose(alike["se"] or 0.0, row["se"] or 0.0, rel_tol=1e-9), key


def test_a_universe_keeps_the_line_of_everybody() -> None:
    own = measure(LINE, AROPE, ("dimensions:", "universe: area = 'urban'\ndimensions:"))
    profile = village.profile(DATA, of=SURVEY, by=own)
    assert profile.lines == village.profile(DATA, of=SURVEY, by=measure()).lines
    table = mpi.analyse(profile, own, "crossing")
    for row in at_least_one(r for r in table if r["group"] == "income" and r["figure"] != "number"):
        estimate, se = twin(income_poor, is_known, "persons", lambda r: r["area"] == 1,
                            fixed=row["figure"] == "share_line_fixed")  # fmt: skip
        assert isclose(row["estimate"], estimate, rel_tol=1e-11)
        assert isclose(row["se"], se, rel_tol=1e-8)
    plain = village.measure(("dimensions:", "universe: area = 'urban'\ndimensions:"))
    one, other = mpi.estimate(profile, own, by="region"), mpi.estimate(
        village.profile(DATA, of=village.survey(), by=plain), plain, by="region"
    )  # fmt: skip
    for name in ("estimate", "se", "df", "n", "psus"):
        mine, theirs = (np.array(t.table[name].to_pylist(), float) for t in (one, other))
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-14)


def test_incomes_of_persons() -> None:
    data = dict(DATA)
    n = len(data["persons"])
    data["persons"] = data["persons"].append_column("wage", pa.array(np.round(WAGE_RNG.gamma(2, 50, n))))
    survey = village.survey(("  rooms: rooms", "  rooms: rooms\n  wage: wage"))
    own = village.measure(
        ("identification: household", "identification: person"),
        ("MEAN(years) < 6.5, nobody: deprived", "years < 6.5, nobody: deprived"),
        ("ANY(NOT attends)", "NOT attends"),
        ("missing: exclude\n", "missing: exclude\nlines: {line: {income: wage, relative: 0.6, base: age >= 18}}\n"
                               "income_poor: wage < line\n"),
        ("{age: number", "{wage: number, age: number"),
    )  # fmt: skip
    (line,) = village.profile(data, of=survey, by=own).lines
    weight = {r["house"]: Fraction(r["weight"]) for r in ROWS}
    pairs = sorted(
        (p["wage"], weight[p["house"]]) for p in data["persons"].to_pylist() if 18 <= p["age"] < 99
    )  # fmt: skip
    sums = list(itertools.accumulate(w for _, w in pairs))
    wage = pairs[next(i for i, reached in enumerate(sums) if 2 * reached >= sums[-1])][0]
    assert line.at == (wage,)
    assert line.persons == (sum(w > 0 for _, w in pairs),)
    assert line.tied == (sum(w > 0 and own == wage for own, w in pairs),)


@pytest.mark.parametrize("variance", ["jackknife", "bootstrap"])
def test_replicates_move_the_line(variance: Any) -> None:
    own = measure()
    profile = village.profile(DATA, of=SURVEY, by=own)
    one, other = (mpi.analyse(profile, own, "crossing", variance=v, replicates=3000) for v in ("design", variance))
    for a, b in at_least_one(zip(one, other, strict=True)):
        assert a["estimate"] == b["estimate"]
        if a["figure"] in ("share", "line"):
            assert isclose(a["se"], b["se"], rel_tol=0.15), a


def test_errors_are_those_of_repeated_samples() -> None:
    """The mean estimated variance over that of the estimates, in a simulation: with the line's error near 1."""
    rng = np.random.default_rng(1)
    own = village.measure(
        ("missing: exclude\n", f"missing: not_deprived\nlines: {{{LINE}}}\nincome_poor: income < line\n"),
        ("wall: text", "wall: text, income: number"),
    )
    base = village.tables(804, 2)
    drawn = []
    for _ in range(60):
        psu = np.arange(804) // 4
        effect = rng.normal(0, 0.35, 201)[psu]
        income = np.round(np.exp(5 + effect + rng.normal(0, 0.6, 804)), 2)
        table = base["households"].set_column(base["households"].schema.get_field_index("weight"), "weight",
                                              pa.array(np.ones(804)))  # fmt: skip
        data = {**base, "households": table.append_column("income", pa.array(income))}
        made = mpi.analyse(village.profile(data, of=village.survey(
            ("  rooms: rooms", "  rooms: rooms\n  income: income")), by=own), own, "crossing")  # fmt: skip
        drawn.append({(r["figure"], r["group"]): r for r in made})
    for key in (("share", "income"), ("line", None)):
        points = np.array([one[key]["estimate"] for one in drawn])
        errors = np.array([one[key]["se"] for one in drawn])
        ratio = np.sqrt((errors**2).mean()) / points.std(ddof=1)
        assert 0.75 < ratio < 1.35, (key, ratio)


class TestQuantile:
    """Exact quantiles in bounded memory."""

    @given(
        st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 5), st.sampled_from("ab")), min_size=1, max_size=60),
        st.sampled_from([Fraction(1, 2), Fraction(2, 5), Fraction(9, 10)]),
        st.sampled_from([4, 16, 10_000]),
        st.integers(1, 7),
    )
    @settings(max_examples=150, deadline=None)
    def test_is_that_of_fractions(self, data: Any, p: Fraction, most: int, spans: int) -> None:
        before, incomes.MOST = incomes.MOST, most
        try:
            found = self.read(data, p, spans)
        finally:
            incomes.MOST = before
        for area in {a for _, w, a in data if w}:
            own = sorted((Fraction(y, 7), Fraction(w)) for y, w, a in data if a == area and w)
            sums = list(itertools.accumulate(w for _, w in own))
            y = own[next(i for i, reached in enumerate(sums) if reached >= p * sums[-1])][0]
            assert found[area] == (float(y), sum(1 for one, _ in own if one == y))
        assert set(found) == {a for _, w, a in data if w}

    @staticmethod
    def read(data: Any, p: Fraction, spans: int) -> dict[str, tuple[float, int]]:
        window: Window | None = None
        for _ in range(40):
            whole = Incomes(window=window)
            for i in range(spans):
                part, own = Incomes(window=window), data[i::spans]
                code = np.array([{"b": 0, "a": 1}[a] for _, _, a in own], np.int64)
                weight = np.array([w for _, w, _ in own], np.float64)
                part.add(code, ("b", "a"), np.array([float(Fraction(y, 7)) for y, _, _ in own], np.float64), weight,
                         np.ones(len(own), np.int64))  # fmt: skip
                whole.absorb(part)
            window = whole.narrowed(p)
            if window is None:
                found = whole.quantiles(p) if whole.places else []
                return {area: found[place] for area, place in whole.places.items()}
        raise AssertionError("the window does not narrow")

    def test_keys_are_in_the_order_of_incomes(self) -> None:
        values = np.array([-np.finfo(float).max, -5.5, -1e-300, 0.0, 5e-324, 0.1, 1 / 3, 7.0, 1e300])
        keys = keys_of(values)
        assert (np.diff(keys.astype(object)) > 0).all()
        np.testing.assert_array_equal(incomes_of(keys), values)
        assert keys_of(np.array([-0.0]))[0] == keys_of(np.array([0.0]))[0]

    def test_decimal_weights_that_add_up_to_half_are_half(self) -> None:
        one = Incomes()
        one.add(
            np.zeros(3, np.int64), ("",), np.array([1.0, 2.0, 3.0]), np.array([0.3, 0.1, 0.2]), np.ones(3, np.int64)
        )
        assert one.quantiles(Fraction(1, 2)) == [(1.0, 1)]


def test_kernels_spans_and_files_give_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.write(tmp_path, DATA, rows=50)
    own, made = measure("line: {income: income, relative: 0.6, by: region}"), []
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path / "cache")["XDG_CACHE_HOME"])
    for kernels, threads in (("off", 1), ("on", 1), ("on", 3)):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        made.append(mpi.deprivation_profile(SURVEY, own, tmp_path, threads=threads))
    village.small_spans(monkeypatch)
    made.append(mpi.deprivation_profile(SURVEY, own, tmp_path, threads=2))
    for one in made[1:]:
        village.assert_same(one, made[0])
    assert [one.lines == made[0].lines for one in made[1:3]] == [True] * 2
    (cut,), (whole,) = made[3].lines, made[0].lines  # other spans: sums in another order
    assert (cut.at, cut.value, cut.persons, cut.tied) == (whole.at, whole.value, whole.persons, whole.tied)
    np.testing.assert_allclose(cut.bandwidth, whole.bandwidth, rtol=1e-14)


def test_profiles_keep_their_lines(tmp_path: Path) -> None:
    own = measure()
    profile = village.profile(DATA, of=SURVEY, by=own)
    profile.write(tmp_path / "p.parquet")
    read = DeprivationProfile.read(tmp_path / "p.parquet")
    assert read.lines == profile.lines
    for analysis in ("crossing", "classes"):
        assert mpi.analyse(read, own, analysis).table.equals(mpi.analyse(profile, own, analysis).table)
    with pytest.raises(UsageError, match=r"MPI-E110.*income line"):
        mpi.analyse(read, measure("line: {income: income, relative: 0.5}"), "crossing")
    with pytest.raises(UsageError, match="MPI-E015"):
        read.filter(region="01")
    first = {**DATA, "households": DATA["households"].slice(0, 80)}
    first["persons"] = first["persons"].filter(pa.compute.less(first["persons"]["house"], 100 + 7 * 80))
    with pytest.raises(DataError, match=r"MPI-D050.*relative income lines"):
        profile + village.profile(first, of=SURVEY, by=own)


def test_without_incomes_there_is_no_line() -> None:
    households = DATA["households"]
    none = pa.nulls(N, pa.float64())
    data = {**DATA, "households": households.set_column(households.schema.get_field_index("income"), "income", none)}
    own = measure()
    table = mpi.analyse(village.profile(data, of=SURVEY, by=own), own, "crossing")
    for row in at_least_one(table):
        assert row["estimate"] is None or (row["figure"], row["estimate"]) == ("number", 0.0), row
        assert row["note"]
    (line,) = [r for r in table if r["figure"] == "line"]
    assert line["note"] == "no income is known"


def test_incomes_that_do_not_vary_give_the_line_no_error() -> None:
    households = DATA["households"]
    same = pa.array(np.full(N, 100.0))
    data = {**DATA, "households": households.set_column(households.schema.get_field_index("income"), "income", same)}
    own = measure()
    table = mpi.analyse(village.profile(data, of=SURVEY, by=own), own, "crossing")
    (line,) = [r for r in table if r["figure"] == "line"]
    assert (line["estimate"], line["se"]) == (60.0, None)
    (share,) = [r for r in table if (r["figure"], r["group"]) == ("share", "income")]
    assert (share["estimate"], share["se"]) == (0.0, None)
    assert share["note"] == line["note"] == "incomes do not vary: an income line has no error"


@pytest.mark.parametrize(
    ("lines", "income", "code"),
    [
        ("line: {income: income, relative: 0}", "income < line", "MPI-M013"),
        ("line: {income: income, relative: 0.6, of: 1.5}", "income < line", "MPI-M013"),
        ("line: {income: income, relative: 0.6, of: mean}", "income < line", "MPI-C007"),
        ("line: {income: income}", "income < line", "MPI-C009"),
        ("line: {income: incomes, relative: 0.6}", "income < line", "MPI-R006"),
        ("line: {income: wall, relative: 0.6}", "income < line", "MPI-R013"),
        ("line: {income: age, relative: 0.6}", "income < line", "MPI-R008"),
        ("line: {income: income, relative: 0.6}", "income < line * 2", "MPI-M013"),
        ("line: {income: income, relative: 0.6}", "rooms < line", "MPI-M013"),
        ("line: {income: income, relative: 0.6}", "income = line", "MPI-M013"),
        ("income: {income: income, relative: 0.6}", "income < 3", "MPI-R015"),
        ("a: {income: income, relative: 0.6, by: region}, line: {income: income, relative: 0.6, by: wall}",
         "income < line", "MPI-M013"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_are_refused(lines: str, income: str, code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        village.measure(
            ("missing: exclude\n", f"missing: exclude\nlines: {{{lines}}}\nincome_poor: {income}\n"),
            ("wall: text", "wall: text, income: number, region: text"),
        )
    assert code in {fault.code for fault in refused.value.faults}, refused.value


def test_an_indicator_does_not_read_a_relative_line() -> None:
    with pytest.raises(ConfigError, match="MPI-R006"):
        measure(LINE, AROPE, ("COUNT() / rooms > 2", "income < line"))


def test_replicate_weights_and_calibration_move_the_line() -> None:
    """JKn weights of the file have the errors of the design's strata and PSUs; a calibration lowers them."""
    rng, n, psus = np.random.default_rng(7), 800, 80
    psu = np.arange(n) // 10
    stratum = psu // 20
    income = np.exp(6 + 0.4 * rng.normal(size=psus)[psu] + 0.6 * rng.normal(size=n))
    weight = rng.uniform(50, 150, n)
    columns = {"stratum": stratum, "segment": psu, "weight": weight, "before": weight, "one": np.ones(n)}
    columns |= {"members": rng.integers(1, 7, n), "income": income, "rich": (income > 500).astype(np.int64)}
    columns |= {"water": rng.random(n) < 0.3, "school": rng.random(n) < 0.4}
    for r in range(psus):
        columns[f"r{r}"] = weight * np.where(psu == r, 0.0, np.where(stratum == r // 20, 20 / 19, 1.0))
    frame = pa.table(columns)
    own = mpi.load_measure(OF_FRAMES)
    designed = {"weight": "weight", "members": "members"}
    strata = {"stratum": "stratum", "psu": "segment"}
    replicates = {"columns": "r0..r79", "method": "JKn", "weights": "combined", "rscales": ["0.95"] * psus}
    calibration = {"variables": ["one", "rich"], "design_weight": "before", "level": "household"}
    found = [
        mpi.analyse(mpi.deprivation_profile(mpi.survey(frame, **designed, **options), own), own, "crossing")
        for options in (
            strata,
            {"design": {"replicates": replicates}},
            {**strata, "design": {"calibration": calibration}},
        )
    ]
    for a, b, c in at_least_one(zip(*found, strict=True)):
        assert isclose(a["estimate"], b["estimate"], rel_tol=1e-12)
        if a["figure"] != "number":
            assert isclose(a["se"], b["se"], rel_tol=0.02), a
        if a["figure"] == "line":
            assert 0 < c["se"] < 0.8 * a["se"]


OF_FRAMES = {
    "measure": "of_frames",
    "title": "Water and schooling",
    "identification": "household",
    "k": "1/2",
    "missing": "exclude",
    "variables": {"household": {"income": "number", "water": "truth", "school": "truth"}},
    "lines": {"line": {"income": "income", "relative": "0.6"}},
    "income_poor": "income < line",
    "dimensions": {
        "water": {"indicators": {"water": {"deprived": "water"}}},
        "schooling": {"indicators": {"school": {"deprived": "school"}}},
    },
}
