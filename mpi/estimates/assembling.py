"""The tidy table of one set of domains: intervals, the reason for whatever is undefined, and Arrow columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.estimates.quantities import Quantities, sorts
from mpi.estimates.rows import FloatArray, Rows
from mpi.estimates.sampling import Estimated
from mpi.estimates.table import AFTER
from mpi.interval import korn_graubard_interval, logit_interval, t_interval
from mpi.measure import Cutoff
from mpi.profile import DeprivationProfile
from mpi.values import Text

NOTES = (
    "", "no unit", "unknown for every unit", "nobody is poor", "census: no sampling error",
    "every stratum has a single PSU: no error", "no degrees of freedom: no interval",
    "no interval at 0 or 1", "the standard error is 0: no interval",
)  # fmt: skip
NOTE = {note: number for number, note in enumerate(NOTES)}
Codes = NDArray[np.int64]


def tidy_table(
    profile: DeprivationProfile, table: Quantities, found: Estimated, rows: Rows, names: Sequence[str], *, measure: str,
    unit: str, cutoffs: Sequence[Cutoff], level: float, columns: Sequence[str],
) -> pa.Table:  # fmt: skip
    """The estimates of g domains, each domain's s statistics one below the other.

    Parameters
    ----------
    profile : DeprivationProfile
    table, found, rows
        The statistics and what they come to in the domains of `rows`.
    names : sequence of str
        What the domains are crossed from.
    measure, unit : str
        Repeated in every row.
    cutoffs : sequence of Cutoff
    level : float
        Of the intervals.
    columns : sequence of str
        All domain columns of the result; null where not among `names`.
    """
    statistics, domains = table.statistics, rows.domains
    low, high, notes = _intervals(profile, table, found, level)
    se = np.sqrt(found.variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(found.estimate > 0, se / found.estimate, np.nan)
    made: dict[str, pa.Array] = {
        **{name: _words([word] * len(statistics), domains) for name, word in {
            "measure": measure, "survey": profile.survey, "period": profile.period, "unit": unit}.items()},
        "k": _words([None if s.k is None else cutoffs[s.k].text for s in statistics], domains),
        "statistic": _words([s.name for s in statistics], domains),
        "dimension": _words([s.dimension for s in statistics], domains),
        "indicator": _words([s.indicator for s in statistics], domains),
    }  # fmt: skip
    made |= {name: _levels(profile, name, names, rows, len(statistics)) for name in columns}
    sampled = np.full(found.n.shape, not profile.sample.census)
    has_k = np.array([s.k is not None for s in statistics])
    n_poor = found.n_poor[:, [s.k or 0 for s in statistics]]
    values: dict[str, pa.Array] = {
        "estimate": _floats(found.estimate), "se": _floats(se), "ci_low": _floats(low), "ci_high": _floats(high),
        "cv": _floats(cv), "df": _whole(found.df, sampled), "deff": _floats(found.deff), "n": _whole(found.n),
        "n_poor": _whole(n_poor, np.broadcast_to(has_k, n_poor.shape)), "psus": _whole(found.psus, sampled),
        "population": _floats(found.population), "reliability": _words([None] * len(statistics), domains),
        "note": arrow.array_of(Text(notes.ravel(), NOTES, notes.ravel() > 0)),
    }  # fmt: skip
    return arrow.table(made | {name: values[name] for name in AFTER})


def _intervals(
    profile: DeprivationProfile, table: Quantities, found: Estimated, level: float
) -> tuple[FloatArray, FloatArray, Codes]:
    """Lower and upper ends, and the reason where something is missing, shape (g, s) each.

    Logit inside (0, 1), Korn-Graubard for proportions at 0 and 1, t for totals.
    """
    estimate, df, n = found.estimate, found.df, found.n
    low, high = np.full(estimate.shape, np.nan), np.full(estimate.shape, np.nan)
    if profile.sample.census:
        return low, high, _notes(table, found, low, census=True)
    se = np.sqrt(found.variance)
    totals = np.broadcast_to(sorts(table, "total"), estimate.shape)
    proportions = np.broadcast_to(sorts(table, "proportion"), estimate.shape)
    usable = np.isfinite(se) & (df > 0)
    inside = usable & ~totals & (estimate > 0) & (estimate < 1) & (se > 0)
    low[inside], high[inside] = logit_interval(estimate[inside], se[inside], df[inside], level)
    spread = usable & totals & (se > 0)
    low[spread], high[spread] = t_interval(estimate[spread], se[spread], df[spread], level)
    edge = usable & proportions & ((estimate == 0) | (estimate == 1)) & (n > 1)
    low[edge], high[edge] = korn_graubard_interval(estimate[edge], n[edge], found.variance[edge], df[edge], level)
    return low, high, _notes(table, found, low, census=False)


def _notes(table: Quantities, found: Estimated, low: FloatArray, *, census: bool) -> Codes:
    """Why a number is missing, as codes into NOTES; the first reason that holds."""
    se = np.sqrt(found.variance)
    edge = ((found.estimate <= 0) | (found.estimate >= 1)) & ~sorts(table, "total")
    missing = np.isnan(low)
    reasons = {
        "no unit": np.broadcast_to(found.everyone[:, None] == 0, low.shape),
        "unknown for every unit": found.n == 0,
        "nobody is poor": np.isnan(found.estimate),
        "census: no sampling error": np.full(low.shape, census),
        "every stratum has a single PSU: no error": missing & np.isnan(se),
        "no degrees of freedom: no interval": missing & (found.df <= 0),
        "no interval at 0 or 1": missing & edge,
        "the standard error is 0: no interval": missing,
    }
    return np.select(list(reasons.values()), [NOTE[reason] for reason in reasons], 0).astype(np.int64)


def _levels(profile: DeprivationProfile, name: str, names: Sequence[str], rows: Rows, statistics: int) -> pa.Array:
    """A domain column: the level in each row, null where the rows are not by this domain."""
    labels = profile.domains[profile.domain(name)].labels or ("",)
    if name not in names:
        none = np.zeros(rows.domains * statistics, np.int64)
        return arrow.array_of(Text(none, labels, none.astype(np.bool_)))
    return arrow.array_of(Text(np.repeat(rows.codes[:, list(names).index(name)], statistics), labels))


def _words(words: Sequence[str | None], domains: int) -> pa.Array:
    """One word a statistic, repeated for each domain; None becomes null."""
    labels = tuple(dict.fromkeys(word for word in words if word is not None)) or ("",)
    codes = np.array([0 if word is None else labels.index(word) for word in words], np.int64)
    known = np.array([word is not None for word in words])
    return arrow.array_of(Text(np.tile(codes, domains), labels, None if known.all() else np.tile(known, domains)))


def _floats(values: FloatArray) -> pa.Array:
    flat = values.ravel()
    known = np.isfinite(flat)
    return arrow.numbers(np.where(known, flat, 0.0), None if known.all() else known)


def _whole(values: Codes, known: NDArray[np.bool_] | None = None) -> pa.Array:
    return arrow.numbers(values.ravel(), None if known is None else known.ravel())
