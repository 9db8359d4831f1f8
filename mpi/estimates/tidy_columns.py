"""The tidy table of one set of domains: intervals, the reason for whatever is undefined, and Arrow columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Floats, Ints, Text
from mpi.estimates.basis import Basis
from mpi.estimates.computing import Estimated
from mpi.estimates.notes import NOBODY_BELOW, NOTES, undefined_replicates
from mpi.estimates.quantities import Quantities, of_kind
from mpi.estimates.rows import Rows
from mpi.estimates.tidy import AFTER
from mpi.inference.intervals import korn_graubard_interval, log_interval, logit_interval, t_interval
from mpi.profile import DeprivationProfile
from mpi.specs.reliability import FLOOR_METRICS, NOBODY, Reliability, Verdicts, judge, metrics_read
from mpi.vocabulary.options import STATISTIC_KINDS
from mpi.vocabulary.statistics import DEFINITIONS

NOTE = {note: number for number, note in enumerate(NOTES)}


def tidy_table(
    basis: Basis, found: Estimated, rows: Rows, names: Sequence[str], *, columns: Sequence[str], rules: Reliability
) -> pa.Table:
    """The estimates of g domains, each domain's s statistics one below the other.

    Parameters
    ----------
    basis : Basis
        The profile and the statistics.
    found, rows
        What the statistics come to in the domains of `rows`.
    names : sequence of str
        What the domains are crossed from.
    columns : sequence of str
        All domain columns of the result; null where not among `names`.
    rules : Reliability
        That fill `reliability`.
    """
    profile, statistics, domains = basis.profile, basis.table.statistics, rows.domains
    judged_by = {"estimate", *FLOOR_METRICS, *metrics_read(rules)}
    n_poor = found.n_poor.take([s.k or 0 for s in statistics], axis=1)
    metrics, reasons = _metrics(basis, found)
    metrics |= _metrics_of_rules(basis, found, n_poor, metrics, judged_by)
    made: dict[str, pa.Array] = {
        **{
            name: _words([word] * len(statistics), domains)
            for name, word in {
                "measure": basis.measure.name,
                "survey": profile.survey,
                "period": profile.period,
                "unit": basis.unit,
            }.items()
        },
        "k": _words([None if s.k is None else basis.cutoffs[s.k].text for s in statistics], domains),
        "statistic": _words([s.name for s in statistics], domains),
        "dimension": _words([s.dimension for s in statistics], domains),
        "indicator": _words([s.indicator for s in statistics], domains),
    }
    made |= {name: _levels(profile, name, names, rows, len(statistics)) for name in columns}
    kinds = np.broadcast_to(
        np.array([STATISTIC_KINDS.index(s.kind) for s in statistics], np.int64), found.n.shape
    ).ravel()
    if "kg_width" in judged_by or "kg_relative_width" in judged_by:
        metrics |= _korn_graubard(basis.table, found)
    # A census, or a census of some strata, has no error to judge; the share of unknown values is not judged either, nor
    # is that of the whole population in itself, which is 1 by definition.
    quality = np.array([s.of_data or (s.kind == "share" and not names) for s in statistics])
    quality = quality | profile.sample.census | found.enumerated
    sampled = np.full(found.n.shape, not profile.sample.census)
    about = {name: values for name, values in metrics.items() if name in judged_by}
    about |= {"estimate": np.where(quality, np.nan, found.estimate)}
    about["df"] = np.where(sampled, found.freedom, np.nan)  # whatever was requested: another rule would weaken it
    verdicts = judge(rules, {name: values.ravel() for name, values in about.items()}, kinds)
    drawn = sampled & (profile.sample.declared.replication is None)
    has_k = np.broadcast_to(np.array([s.k is not None for s in statistics]), found.n.shape)
    whole = {"df": (found.df, sampled), "n": (found.n, None), "psus": (found.psus, drawn), "n_poor": (n_poor, has_k)}
    values = {name: _floats(metrics[name]) for name in AFTER if name in metrics and name not in whole}
    values |= {name: _whole(*pair) for name, pair in whole.items()}
    judged = verdicts.level >= 0
    values["reliability"] = arrow.array_of(Text(np.maximum(verdicts.level, 0), verdicts.levels, judged))
    named = Text(verdicts.fired % len(verdicts.names), verdicts.names, judged & (verdicts.fired != NOBODY))
    values["reliability_rule"] = arrow.array_of(named)
    values["note"] = _notes(reasons, found, verdicts)
    return arrow.table(made | {name: values[name] for name in AFTER})


def _metrics(basis: Basis, found: Estimated) -> tuple[dict[str, Floats], Ints]:
    """The numbers of the table that are no counts, NaN for null, shape (g, s) each; codes into NOTES."""
    table, estimate = basis.table, found.estimate
    low, high, reasons = _intervals(basis.profile, table, found, basis.level)
    se = np.sqrt(found.variance)
    nearest_end = np.minimum(estimate, 1 - estimate)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_cv = se / (nearest_end * np.abs(np.log(nearest_end)))
        metrics = {
            "estimate": estimate,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "cv": np.where((estimate > 0) & (se > 0), se / estimate, np.nan),
            "log_cv": np.where(of_kind(table, "proportion") & (nearest_end > 0) & (se > 0), log_cv, np.nan),
            "deff": found.deff,
            "n_eff": np.where(found.deff > 0, found.n / found.deff, np.nan),
            "population": found.population,
        }
    return metrics, reasons


def _metrics_of_rules(
    basis: Basis, found: Estimated, n_poor: Ints, metrics: Mapping[str, Floats], wanted: Collection[str]
) -> dict[str, Floats]:
    """What else publication rules read, as far as these do; NaN where unknown, shape (g, s) each."""
    estimate, low, high = (metrics[name] for name in ("estimate", "ci_low", "ci_high"))
    unknown = np.full(estimate.shape, np.nan)
    has_k = np.array([s.k is not None for s in basis.table.statistics])
    made: dict[str, Callable[[], Floats]] = {
        "units": lambda: found.units.astype(np.float64),
        "n": lambda: found.n.astype(np.float64),
        "psus": lambda: unknown if basis.profile.sample.declared.replication else found.psus.astype(np.float64),
        "n_poor": lambda: np.where(has_k, n_poor, np.nan),
        "ci_width": lambda: high - low,
        "ci_relative_width": lambda: np.where(estimate > 0, (high - low) / estimate, np.nan),
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: make() for name, make in made.items() if name in wanted}


def _korn_graubard(table: Quantities, found: Estimated) -> dict[str, Floats]:
    """Width of the 95 % Korn-Graubard interval of proportions, absolute and relative; shape (g, s) each."""
    width = np.full(found.estimate.shape, np.nan)
    usable = of_kind(table, "proportion") & np.isfinite(found.variance) & (found.df > 0) & (found.n > 1)
    low, high = korn_graubard_interval(
        found.estimate[usable], found.n[usable], found.variance[usable], found.df[usable], 0.95
    )
    width[usable] = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"kg_width": width, "kg_relative_width": np.where(found.estimate > 0, width / found.estimate, np.nan)}


def _intervals(
    profile: DeprivationProfile, table: Quantities, found: Estimated, level: float
) -> tuple[Floats, Floats, Ints]:
    """Lower and upper ends, and the reason where something is missing, shape (g, s) each.

    Logit inside (0, 1), Korn-Graubard for proportions at 0 and 1, t for totals, on the log where t falls below 0.
    """
    estimate, df, n = found.estimate, found.df, found.n
    low, high = np.full(estimate.shape, np.nan), np.full(estimate.shape, np.nan)
    if profile.sample.census:
        return low, high, _reasons(profile, table, found, low)
    se = np.sqrt(found.variance)
    totals = np.broadcast_to(of_kind(table, "total"), estimate.shape)
    proportions = np.broadcast_to(of_kind(table, "proportion"), estimate.shape)
    usable = np.isfinite(se) & (df > 0) & ~found.enumerated
    inside = usable & ~totals & (estimate > 0) & (estimate < 1) & (se > 0)
    low[inside], high[inside] = logit_interval(estimate[inside], se[inside], df[inside], level)
    spread = usable & totals & (se > 0)
    low[spread], high[spread] = t_interval(estimate[spread], se[spread], df[spread], level)
    below = spread & (low < 0) & (estimate > 0)
    low[below], high[below] = log_interval(estimate[below], se[below], df[below], level)
    edge = usable & proportions & ((estimate == 0) | (estimate == 1)) & (n > 1)
    low[edge], high[edge] = korn_graubard_interval(estimate[edge], n[edge], found.variance[edge], df[edge], level)
    return low, high, _reasons(profile, table, found, low)


def _reasons(profile: DeprivationProfile, table: Quantities, found: Estimated, low: Floats) -> Ints:
    """Why a number is missing or must be read with care, as codes into NOTES; the first reason that applies."""
    se, sample = np.sqrt(found.variance), profile.sample
    edge = ((found.estimate <= 0) | (found.estimate >= 1)) & ~of_kind(table, "total")
    missing, alone = np.isnan(low), (found.freedom <= 0) & (found.psus == 1)
    drawn = sample.declared.replication is None
    lines = np.array([bool(s.lines) for s in table.statistics], np.bool_)
    line = np.array([any(part.area is not None for part in s.lines) for s in table.statistics], np.bool_)
    reasons = {
        "no unit": np.broadcast_to(found.everyone[:, None] == 0, low.shape),
        NOBODY_BELOW: _nobody_below(table, found) & ~line,
        "unknown for every unit": found.n == 0,
        "no income is known": np.isnan(found.estimate) & line,
        "nobody is poor": np.isnan(found.estimate),
        "census: no sampling error": np.full(low.shape, sample.census),
        "every unit of its strata was drawn: no sampling error": found.enumerated,
        "one PSU: its variance has no estimate": alone & (drawn and sample.unit == "PSU"),
        "one household: its variance has no estimate": alone & (drawn and sample.unit == "household"),
        "no degrees of freedom: the variance has no estimate": found.freedom <= 0,
        "incomes do not vary: an income line has no error": np.isnan(se) & np.isfinite(found.estimate) & lines,
        "too few replicates are defined: no error": np.isnan(se) & (found.undefined > 0),
        "0 or 1 in the whole sample: its standard error of 0 is no precision": edge & ~missing & (se <= 0),
        "no interval at 0 or 1": missing & edge,
        "the standard error is 0 by arithmetic, which is no precision": se <= 0,
    }
    return np.select(list(reasons.values()), [NOTE[reason] for reason in reasons], 0).astype(np.int64)


def _nobody_below(table: Quantities, found: Estimated) -> NDArray[np.bool_]:
    """Whether a figure of an analysis is undefined where scores are known, and not because nobody is poor; (g, s).

    Figures of analyses have denominators of their own; those of statistics are everybody, the known, or the poor.
    """
    own = np.array([s.name not in DEFINITIONS for s in table.statistics], np.bool_)
    cutoff = np.array([-1 if s.k is None else s.k for s in table.statistics], np.int64)
    with_poor = np.ones(found.n.shape, np.bool_)
    with_poor[:, cutoff >= 0] = found.n_poor[:, cutoff[cutoff >= 0]] > 0
    undefined = own & np.isnan(found.estimate) & (found.included[:, None] > 0)
    undefined &= with_poor | (found.n == 0)
    return undefined


def _notes(reasons: Ints, found: Estimated, verdicts: Verdicts) -> pa.Array:
    """What a reader of each row should know: why a number is missing, replicates left out, the rule that fired."""
    most, sets = int(found.undefined.max(initial=0)) + 1, len(verdicts.reasons)
    # The last two reasons belong to negative codes.
    joint = (reasons.ravel() * most + found.undefined.ravel()) * sets + verdicts.fired % sets
    present = np.flatnonzero(np.bincount(joint, minlength=1))
    texts = []
    for number in present.tolist():
        rest, rule = divmod(number, sets)
        reason, undefined = divmod(rest, most)
        remarks = [NOTES[reason], undefined_replicates(undefined) if undefined else "", verdicts.reasons[rule]]
        texts.append("; ".join(text for text in remarks if text))
    labels = tuple(dict.fromkeys(texts))
    place = np.zeros(int(joint.max(initial=0)) + 1, np.int64)
    place[present] = [labels.index(text) for text in texts]
    code = place[joint]
    return arrow.array_of(Text(code, labels, np.array([label != "" for label in labels], np.bool_)[code]))


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


def _floats(values: Floats) -> pa.Array:
    flat = values.ravel()
    known = np.isfinite(flat)
    return arrow.numbers(np.where(known, flat, 0.0), None if known.all() else known)


def _whole(values: Ints, known: NDArray[np.bool_] | None = None) -> pa.Array:
    return arrow.numbers(values.ravel(), None if known is None else known.ravel())
