"""Points, linearised errors and intervals of every statistic, for any crossing of domains, from a profile.

Cells are added up to one row per domain and PSU; all statistics of all domains are then matrix operations on these
rows. The number of persons does not matter here, only the number of cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.counting import around, bits, scores
from mpi.errors import DataError, Fault, Notice, UsageError, counted, listed
from mpi.estimates.quantities import EVERYONE, INCLUDED, Quantities, Statistic, quantities
from mpi.estimates.table import AFTER, Estimates
from mpi.interval import korn_graubard_interval, logit_interval, t_interval
from mpi.measure import Cutoff, Measure
from mpi.profile import DeprivationProfile
from mpi.values import Text
from mpi.variance import (
    DegreesOfFreedomRule,
    ShareSquares,
    degrees_of_freedom,
    linearised_variance,
    share_variance,
    single_psu_strata,
)  # fmt: skip

Unit = Literal["persons", "households"]
By = Sequence[str | Sequence[str]]
FloatArray = NDArray[np.float64]
BLOCK = 4_000_000  # values of cells times quantities at once: 32 MB
EXCLUDED_WARNING = 0.05
NEAR = Fraction(1, 100)
NOTES = (
    "no unit", "nobody is poor", "census: no sampling error", "no degrees of freedom: no interval",
    "no interval at 0 or 1", "every stratum has a single PSU: no error", "the standard error is 0: no interval",
)  # fmt: skip
NOTE = {note: number for number, note in enumerate(NOTES, start=1)}


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Cells in the order of (domain, stratum, PSU), and where each such row begins.

    Attributes
    ----------
    order : int64, shape (c,)
        Cells in order; which pattern, weight and square each has follow it.
    starts : int64, shape (r,)
        First cell of each row; a row is one PSU in one domain, or all households of a stratum in one domain where
        every household is its own PSU.
    domain, stratum, psu : int64, shape (r,)
    which : int64, shape (c,)
        The distinct pattern of each ordered cell.
    weight, squares : float64, shape (c,)
        Sums of the unit's weights, and of their squares by household.
    """

    starts: NDArray[np.int64]
    domain: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    cell_domain: NDArray[np.int64]
    which: NDArray[np.int64]
    weight: FloatArray
    squares: FloatArray
    count: NDArray[np.int64]
    households: NDArray[np.int64]
    domains: int


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What one set of domains yields; all arrays have shape (domains, statistics) but those of counts (domains,)."""

    estimate: FloatArray
    variance: FloatArray
    deff: FloatArray
    n: NDArray[np.int64]
    n_poor: NDArray[np.int64]
    psus: NDArray[np.int64]
    df: NDArray[np.int64]
    share_df: int
    population: FloatArray


def estimate(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    by: str | By = (),
    k: str | Fraction | Cutoff | Sequence[str | Fraction | Cutoff] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedomRule | int = "domain",
) -> Estimates:
    """Estimates with their sampling errors, from a profile; the microdata are not read again.

    Parameters
    ----------
    profile : DeprivationProfile
    measure : Measure
        Its indicators must be the profile's; weights, dimensions and cutoffs may be others.
    by : str or sequence of str
        Domains. Each item is a table of its own: `"zona"`, or several crossed, `"zona:sexo"` or `("zona", "sexo")`.
        The total always comes first.
    k : str, Fraction or sequence, optional
        Cutoffs, as texts (`"1/3"`, `"4 of 15"`, a name of the measure); those of the measure if left out.
    unit : {"persons", "households"}
        What is counted.
    level : float
        Of the confidence intervals.
    df : {"domain", "design", "stata"} or int
        Degrees of freedom: PSUs less strata that hold a member of the domain; of the whole design; Stata's.

    Returns
    -------
    Estimates

    Raises
    ------
    UsageError
        If a domain, cutoff or unit does not fit the profile.
    DataError
        If a stratum has one PSU and the survey's design does not say what to do.

    References
    ----------
    Ratios and their linearisation: Alkire et al. (2015), chapter 8.2; Lumley (2010), Complex Surveys, chapter 2.
    """
    if profile.indicators != measure.names:
        text = f"the profile's indicators are not those of {measure.name}"
        raise UsageError(Fault("MPI-E005", None, text, "take the measure that the profile was made with"))
    if not 0 < level < 1:
        raise UsageError(Fault("MPI-E006", None, f"the confidence level {level} is not between 0 and 1"))
    sets = _sets(profile, by, unit, measure)
    texts = [k] if isinstance(k, str | Fraction | Cutoff) else list(k or measure.cutoffs)
    cutoffs = list({cutoff.text: cutoff for cutoff in map(measure.cutoff, texts)}.values())
    _check_singles(profile)
    pair = np.stack([profile.cells.pattern, profile.cells.unknown], axis=1)
    distinct, which = np.unique(pair, axis=0, return_inverse=True)
    pattern, unknown = distinct[:, 0].copy(), distinct[:, 1].copy()
    scored = scores(measure, pattern, unknown)
    table = quantities(measure, scored, cutoffs, bits(unknown, len(measure.indicators)))
    poor = np.stack([scored.poor(cutoff) for cutoff in cutoffs], axis=1)
    whole = _rows(profile, [], which.ravel(), unit)
    total = _estimated(profile, whole, whole, table, poor, df)
    parts = [_table(profile, measure, unit, cutoffs, table, total, [], whole, level, sets)]
    for names in sets:
        rows = _rows(profile, names, which.ravel(), unit)
        found = _estimated(profile, rows, whole, table, poor, df)
        parts.append(_table(profile, measure, unit, cutoffs, table, found, names, rows, level, sets))
    domains = _domain_columns(sets)
    notices = [*profile.notices, *_warnings(measure, cutoffs, table, total, profile, unit)]
    return Estimates(pa.concat_tables(parts).unify_dictionaries().combine_chunks(), domains, tuple(notices))


def _sets(profile: DeprivationProfile, by: str | By, unit: Unit, measure: Measure) -> list[list[str]]:
    items = [by] if isinstance(by, str) else list(by)
    sets = [item.split(":") if isinstance(item, str) else list(item) for item in items]
    if unit not in ("persons", "households"):
        raise UsageError(Fault("MPI-E007", None, f"the unit {unit!r} is not known", "count persons or households"))
    if unit == "households" and profile.identification == "person":
        text = f"{measure.name} identifies persons, so households cannot be counted"
        raise UsageError(Fault("MPI-E007", None, text, "use unit=persons"))
    for names in sets:
        for name in names:
            domain = profile.domains[profile.domain(name)]
            if unit == "households" and domain.level == "person":
                text = f"{name!r} differs between the members of a household, so households cannot be counted by it"
                raise UsageError(Fault("MPI-E007", None, text, "use unit=persons"))
        if len(set(names)) < len(names):
            raise UsageError(Fault("MPI-E002", None, f"a domain stands twice in {':'.join(names)}"))
    return sets


def _check_singles(profile: DeprivationProfile) -> None:
    sample = profile.sample
    singles = single_psu_strata(sample.psus)
    if sample.census or sample.single_psu != "fail" or not len(singles):
        return
    inside = np.isin(profile.cells.stratum, singles)
    names = listed([sample.strata[h] or "(the only one)" for h in singles.tolist()])
    weight = profile.cells.person_weight[inside].sum() / profile.cells.person_weight.sum()
    text = (f"{len(singles)} of {counted(len(sample.strata), 'stratum', 'strata')} have one PSU ({names}), with "
            f"{counted(int(profile.cells.households[inside].sum()), 'household')} and {weight:.1%} of the weight: "
            "variance has no estimate there")  # fmt: skip
    raise DataError(Fault("MPI-D039", None, text, "set `single_psu:` to centered, certainty or scaled in the survey's "
                          "design, or merge those strata"))  # fmt: skip


def _rows(profile: DeprivationProfile, names: Sequence[str], which: NDArray[np.int64], unit: Unit) -> _Rows:
    cells = profile.cells
    code, size = np.zeros(len(cells), np.int64), 1
    for name in names:
        place = profile.domain(name)
        size = len(profile.domains[place].labels)
        code = code * size + cells.domains[:, place]
    domains = len(profile.domains[profile.domain(names[0])].labels) if len(names) == 1 else 1
    if len(names) > 1:
        present, code = np.unique(code, return_inverse=True)
        domains = len(present)
    order = np.lexsort((cells.psu, cells.stratum, code))
    domain, stratum, psu = code[order], cells.stratum[order], cells.psu[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (domain[1:] != domain[:-1]) | (stratum[1:] != stratum[:-1]) | (psu[1:] != psu[:-1])
    starts = np.flatnonzero(new)
    persons = unit == "persons"
    return _Rows(
        starts, domain[starts], stratum[starts], psu[starts], domain, which[order],
        (cells.person_weight if persons else cells.household_weight)[order],
        (cells.person_squares if persons else cells.household_squares)[order],
        (cells.persons if persons else cells.households)[order], cells.households[order], domains,
    )  # fmt: skip


def _sums(rows: _Rows, values: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted sums of quantities over the cells of each row; values has shape (p, q), the result (r, q)."""
    if not len(rows.starts):
        return np.zeros((0, values.shape[1]))
    made = np.empty((len(rows.starts), values.shape[1]))
    width = max(1, BLOCK // max(1, len(rows.which)))
    for first in range(0, values.shape[1], width):
        part = values[:, first : first + width][rows.which]
        part *= weight[:, None]
        made[:, first : first + width] = np.add.reduceat(part, rows.starts, axis=0)
    return made


def _by_domain(rows: _Rows, values: NDArray[Any]) -> NDArray[Any]:
    """Sums of row values over each domain; shape (domains, q)."""
    made = np.zeros((rows.domains, *values.shape[1:]), values.dtype)
    if len(rows.domain):
        first = np.flatnonzero(np.diff(rows.domain, prepend=-1))
        made[rows.domain[first]] = np.add.reduceat(values, first, axis=0)
    return made


def _estimated(
    profile: DeprivationProfile, rows: _Rows, whole: _Rows, table: Quantities, poor: NDArray[np.bool_],
    df: DegreesOfFreedomRule | int,
) -> _Found:  # fmt: skip
    values = np.stack(table.columns, axis=1)
    included = values[:, INCLUDED] > 0
    counts = np.where(included[rows.which], rows.count, 0)
    n = _by_domain(rows, np.add.reduceat(counts, rows.starts)) if len(rows.starts) else np.zeros(rows.domains, np.int64)
    n_poor = _by_domain(rows, np.add.reduceat(rows.count[:, None] * poor[rows.which], rows.starts, axis=0))
    totals = _by_domain(rows, _sums(rows, values, rows.weight))
    estimates = np.full((rows.domains, len(table.statistics)), np.nan)
    variance, deff = estimates.copy(), estimates.copy()
    all_x = _by_domain(whole, _sums(whole, values, whole.weight))[0]
    for block in _blocks(table.statistics, len(rows.which)):
        y = totals[:, [table.statistics[s].y for s in block]]
        x = np.stack([_denominator(table.statistics[s], totals, all_x) for s in block], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            estimates[:, block] = np.where(x > 0, y / x, np.nan)
        if not profile.sample.census:
            variance[:, block] = _variances(profile, rows, whole, table, block, estimates[:, block], x, y)
            deff[:, block] = _deff(rows, table, block, estimates[:, block], x, variance[:, block], n, totals)
    present, drawn = _present(profile, rows, included)
    free = degrees_of_freedom(
        rows.domain, rows.stratum, present, domains=rows.domains, psus=profile.sample.psus, rule=df
    )
    all_present, _ = _present(profile, whole, included)
    share_df = degrees_of_freedom(
        whole.domain, whole.stratum, all_present, domains=1, psus=profile.sample.psus, rule=df
    )
    return _Found(estimates, variance, deff, n, n_poor, drawn, free, int(share_df[0]), totals[:, INCLUDED])


def _denominator(statistic: Statistic, totals: FloatArray, all_x: FloatArray) -> FloatArray:
    if statistic.sort == "total":
        return (totals[:, statistic.x] > 0).astype(np.float64)
    if statistic.sort == "share":
        return np.full(len(totals), all_x[statistic.x])
    return totals[:, statistic.x]


def _present(
    profile: DeprivationProfile, rows: _Rows, included: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """PSUs with an included member of positive weight: in each row, and in each domain."""
    households = np.where(included[rows.which] & (rows.count > 0), np.maximum(rows.households, 1), 0)
    found = np.add.reduceat(households, rows.starts) if len(rows.starts) else np.zeros(0, np.int64)
    if profile.sample.clustered:
        found = np.minimum(found, 1)
    return found, _by_domain(rows, found)


def _blocks(statistics: Sequence[Statistic], cells: int) -> Iterator[list[int]]:
    """Places of statistics that are computed together: shares apart, and not too many at once."""
    width = max(1, BLOCK // max(1, cells))
    for shares in (False, True):
        chosen = [i for i, s in enumerate(statistics) if (s.sort == "share") == shares]
        for first in range(0, len(chosen), width):
            yield chosen[first : first + width]


def _pair(table: Quantities, block: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """The quantities y and x of some statistics, shape (p, block) each; x is 0 for totals."""
    chosen = [table.statistics[s] for s in block]
    y = np.stack([table.columns[s.y] for s in chosen], axis=1)
    x = np.stack([table.columns[s.x] * (s.sort != "total") for s in chosen], axis=1)
    return y, x


def _variances(
    profile: DeprivationProfile, rows: _Rows, whole: _Rows, table: Quantities, block: Sequence[int], ratio: FloatArray,
    x_total: FloatArray, y_total: FloatArray,
) -> FloatArray:  # fmt: skip
    y, x = _pair(table, block)
    sample = profile.sample
    if table.statistics[block[0]].sort == "share":
        return _share_variances(profile, rows, whole, y, x)
    safe = np.where(x_total > 0, x_total, np.nan)
    usable = np.nan_to_num(np.where(np.isfinite(ratio), ratio, 0.0))
    z = (_sums(rows, y, rows.weight) - usable[rows.domain] * _sums(rows, x, rows.weight)) / safe[rows.domain]
    squares = None
    if not sample.clustered:
        squares = np.empty_like(z)
        for column in range(len(block)):
            residual = y[rows.which, column] - usable[rows.cell_domain, column] * x[rows.which, column]
            residual /= safe[rows.cell_domain, column]
            squares[:, column] = np.add.reduceat(rows.squares * residual**2, rows.starts)
    is_total = np.array([table.statistics[s].sort == "total" for s in block])
    scale = np.where(is_total, np.maximum(np.abs(y_total), 1.0), 1.0)
    found = linearised_variance(rows.domain, rows.stratum, np.nan_to_num(z), domains=rows.domains, psus=sample.psus,
                                single_psu=sample.single_psu, scale=scale,
                                squares=None if squares is None else np.nan_to_num(squares))  # fmt: skip
    return np.where(np.isnan(ratio), np.nan, found)


def _share_variances(
    profile: DeprivationProfile, rows: _Rows, whole: _Rows, y: FloatArray, x: FloatArray
) -> FloatArray:
    sample = profile.sample
    own, everyone = _sums(rows, y, rows.weight), _sums(whole, x, whole.weight)
    squares, matched = None, np.zeros_like(own)
    if sample.clustered:
        place = np.zeros(len(sample.psu_labels), np.int64)
        place[whole.psu] = np.arange(len(whole.psu))
        matched = everyone[place[rows.psu]]
    else:
        squares = ShareSquares(_sums(rows, y * y, rows.squares), _sums(rows, y * x, rows.squares),
                               _sums(whole, x * x, whole.squares))  # fmt: skip
    return share_variance(rows.domain, rows.stratum, own, matched, domains=rows.domains, psus=sample.psus,
                          population_stratum=whole.stratum, population_x=everyone, single_psu=sample.single_psu,
                          squares=squares)  # fmt: skip


def _deff(
    rows: _Rows, table: Quantities, block: Sequence[int], ratio: FloatArray, x_total: FloatArray, variance: FloatArray,
    n: NDArray[np.int64], totals: FloatArray,
) -> FloatArray:  # fmt: skip
    """Variance over that of a simple random sample of as many units of the domain (Kish 1965; R's `deff`)."""
    if table.statistics[block[0]].sort == "share":
        return np.full_like(variance, np.nan)
    y, x = _pair(table, block)
    population = totals[:, INCLUDED][:, None]
    usable = np.where(np.isfinite(ratio), ratio, 0.0)
    is_total = np.array([table.statistics[s].sort == "total" for s in block])
    mean = np.where(
        is_total, totals[:, [table.statistics[s].y for s in block]] / np.maximum(population, 1e-300), usable
    )
    x = np.where(is_total, table.columns[INCLUDED][:, None], x)
    moments = [_by_domain(rows, _sums(rows, q, rows.weight)) for q in (y * y, y * x, x * x)]
    spread = np.maximum(moments[0] - 2 * mean * moments[1] + mean**2 * moments[2], 0)
    size = n[:, None].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_unit = spread / population * np.where(is_total, population, population / x_total) ** 2
        simple = per_unit / (size - 1) * (population - size) / population
        return np.where((simple > 0) & (population > size) & (size > 1), variance / simple, np.nan)


def _domain_columns(sets: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in sets for name in names))


def _table(
    profile: DeprivationProfile, measure: Measure, unit: Unit, cutoffs: Sequence[Cutoff], table: Quantities,
    found: _Found, names: Sequence[str], rows: _Rows, level: float, sets: Sequence[Sequence[str]],
) -> pa.Table:  # fmt: skip
    """The rows of one set of domains: each domain's statistics one below the other."""
    shape = found.estimate.shape
    low, high, notes = _intervals(profile, table, found, level)
    se = np.sqrt(found.variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(found.estimate > 0, se / found.estimate, np.nan)
    columns: dict[str, pa.Array] = {
        "measure": _same(measure.name, shape), "survey": _same(profile.survey, shape),
        "period": _same(profile.period, shape), "unit": _same(unit, shape),
        "k": _words([None if s.k is None else cutoffs[s.k].text for s in table.statistics], shape),
        "statistic": _words([s.name for s in table.statistics], shape),
        "dimension": _words([s.dimension for s in table.statistics], shape),
        "indicator": _words([s.indicator for s in table.statistics], shape),
    }  # fmt: skip
    for name in _domain_columns(sets):
        columns[name] = _levels(profile, name, names, rows, shape)
    free = _free(table, found)
    k_of = np.array([0 if s.k is None else s.k for s in table.statistics])
    has_k = np.array([s.k is not None for s in table.statistics])
    values: dict[str, pa.Array] = {
        "estimate": _floats(found.estimate), "se": _floats(se), "ci_low": _floats(low), "ci_high": _floats(high),
        "cv": _floats(cv), "df": arrow.numbers(free.ravel(), _unless(profile.sample.census, free.size)),
        "deff": _floats(found.deff), "n": arrow.numbers(np.broadcast_to(found.n[:, None], shape).ravel()),
        "n_poor": arrow.numbers(found.n_poor[:, k_of].ravel(), np.broadcast_to(has_k, shape).ravel()),
        "psus": arrow.numbers(np.broadcast_to(found.psus[:, None], shape).ravel(),
                              _unless(profile.sample.census, free.size)),
        "population": _floats(np.broadcast_to(found.population[:, None], shape)),
        "reliability": _words([None] * shape[1], shape),
        "note": arrow.array_of(Text(notes.ravel(), ("", *NOTES), notes.ravel() > 0)),
    }  # fmt: skip
    return arrow.table(columns | {name: values[name] for name in AFTER})


def _free(table: Quantities, found: _Found) -> NDArray[np.int64]:
    shares = np.array([s.sort == "share" for s in table.statistics])
    return np.where(shares, found.share_df, found.df[:, None])


def _intervals(
    profile: DeprivationProfile, table: Quantities, found: _Found, level: float
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    shape = found.estimate.shape
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    notes = np.zeros(shape, np.int64)
    nothing = np.array([NOTE[s.nothing] for s in table.statistics])
    undefined = np.isnan(found.estimate)
    notes[undefined] = np.broadcast_to(nothing, shape)[undefined]
    notes[(notes == 0) & (found.n == 0)[:, None]] = NOTE["no unit"]
    if profile.sample.census:
        notes[notes == 0] = NOTE["census: no sampling error"]
        return low, high, notes
    free = _free(table, found).astype(np.float64)
    se = np.sqrt(found.variance)
    sort = np.broadcast_to(np.array([s.sort for s in table.statistics]), shape)
    usable = ~undefined & np.isfinite(se) & (free > 0)
    inside = usable & (sort != "total") & (found.estimate > 0) & (found.estimate < 1) & (se > 0)
    low[inside], high[inside] = logit_interval(found.estimate[inside], se[inside], free[inside], level)
    totals = usable & (sort == "total") & (se > 0)
    low[totals], high[totals] = t_interval(found.estimate[totals], se[totals], free[totals], level)
    edge = usable & (sort == "proportion") & ((found.estimate == 0) | (found.estimate == 1)) & (found.n > 1)[:, None]
    n = np.broadcast_to(found.n[:, None], shape).astype(np.float64)
    low[edge], high[edge] = korn_graubard_interval(
        found.estimate[edge], n[edge], found.variance[edge], free[edge], level
    )
    open_ = (notes == 0) & np.isnan(low)
    notes[open_ & ~np.isfinite(se)] = NOTE["every stratum has a single PSU: no error"]
    notes[open_ & np.isfinite(se) & (free <= 0)] = NOTE["no degrees of freedom: no interval"]
    rest = open_ & np.isfinite(se) & (free > 0)
    at_edge = (found.estimate <= 0) | (found.estimate >= 1)
    notes[rest & at_edge & (sort != "total")] = NOTE["no interval at 0 or 1"]
    notes[rest & ~(at_edge & (sort != "total"))] = NOTE["the standard error is 0: no interval"]
    return low, high, notes


def _levels(
    profile: DeprivationProfile, name: str, names: Sequence[str], rows: _Rows, shape: tuple[int, ...]
) -> pa.Array:
    labels = profile.domains[profile.domain(name)].labels or ("",)
    if name not in names:
        none = np.zeros(shape, np.int64).ravel()
        return arrow.array_of(Text(none, labels, none.astype(np.bool_)))
    codes = np.arange(rows.domains)
    if len(names) > 1:
        codes = _codes_of(profile, name, names)
    return arrow.array_of(Text(np.repeat(codes, shape[1]), labels))


def _codes_of(profile: DeprivationProfile, name: str, names: Sequence[str]) -> NDArray[np.int64]:
    """The code of one domain in each crossing that occurs."""
    code = np.zeros(len(profile.cells), np.int64)
    sizes = []
    for other in names:
        place = profile.domain(other)
        sizes.append(len(profile.domains[place].labels))
        code = code * sizes[-1] + profile.cells.domains[:, place]
    present = np.unique(code)
    for other, size in zip(reversed(names), reversed(sizes), strict=True):
        own, present = present % size, present // size
        if other == name:
            return own
    raise ValueError(f"{name} is not among {names}")


def _same(text: str, shape: tuple[int, ...]) -> pa.Array:
    return arrow.array_of(Text(np.zeros(shape[0] * shape[1], np.int64), (text,)))


def _words(words: Sequence[str | None], shape: tuple[int, ...]) -> pa.Array:
    labels = tuple(dict.fromkeys(word for word in words if word is not None)) or ("",)
    codes = np.array([0 if word is None else labels.index(word) for word in words], np.int64)
    known = np.array([word is not None for word in words])
    return arrow.array_of(Text(np.tile(codes, shape[0]), labels, None if known.all() else np.tile(known, shape[0])))


def _floats(values: FloatArray) -> pa.Array:
    flat = values.ravel()
    known = np.isfinite(flat)
    return arrow.numbers(np.where(known, flat, 0.0), None if known.all() else known)


def _unless(census: bool, size: int) -> NDArray[np.bool_] | None:
    return np.zeros(size, np.bool_) if census else None


def _warnings(
    measure: Measure,
    cutoffs: Sequence[Cutoff],
    table: Quantities,
    total: _Found,
    profile: DeprivationProfile,
    unit: Unit,
) -> list[Notice]:
    notices: list[Notice] = []
    excluded = next(i for i, s in enumerate(table.statistics) if s.name == "excluded")
    share = total.estimate[0, excluded]
    if share > EXCLUDED_WARNING:
        notices.append(Notice("MPI-N006", f"{share:.1%} of the {unit} are left out: an indicator is unknown for them"))
    for cutoff in cutoffs:
        below, above = around(measure, cutoff)
        if below is None or above == cutoff.k or not 0 < cutoff.k - below < NEAR:
            continue
        at = scores(measure, profile.cells.pattern, profile.cells.unknown)
        same = at.included & (at.units * below.denominator == below.numerator * at.base)
        number = int((profile.cells.persons if unit == "persons" else profile.cells.households)[same].sum())
        text = f"k={cutoff.text} lies just above the score {below}: {number:,} {unit} with that score are not poor"
        notices.append(Notice("MPI-N007", text))
    return notices


__all__ = ["EVERYONE", "estimate"]
