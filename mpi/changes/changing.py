"""Changes between rounds: absolute, relative, a year, on the log scale; in sequence and in total.

Errors come from the joint variance of both rounds: independent samples add up, samples that share PSUs share errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.changes.figures import Figures, figures
from mpi.changes.joint import joint_variance_of
from mpi.changes.rounds import breaks_between, relation, time_of, timeless, under
from mpi.columns import arrow
from mpi.columns.values import Floats, Text, where_label
from mpi.errors import Notice, counted, listed
from mpi.errors.logs import now, tell
from mpi.estimates import By, Estimates, Request, Tidy, check_statistic, contrast_table, estimates_of
from mpi.estimates.contrasts import ADJUSTMENTS, check_adjust
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import K, Measure
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import RELIABILITY_LEVELS, Adjust, DegreesOfFreedom, Rounds, Unit

CHANGES = ("absolute", "absolute_per_year", "relative", "relative_per_year", "log")
NOTES = ("", "neither round has an estimate", "one of the rounds has no estimate", "the first estimate is 0",
         "the second estimate is 0", "the years between the rounds are not known",
         "no sampling error", "one of the rounds has no standard error",
         "one of the rounds has a standard error of 0: no test",
         "no degrees of freedom: no interval", "the change does not vary: no interval")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Changes(Tidy):
    """Changes as a tidy table; supports the Arrow protocol.

    Attributes
    ----------
    table : pyarrow.Table
        Columns `measure, unit, k, statistic, dimension, indicator`, one for each domain, `change` (one of
        `mpi.CHANGES`), `span` (`sequence`: from one round to the next; `total`: from the first to the last), `from`,
        `to` (periods), `years`, `before`, `after` (estimates), `estimate` (the change), `se, ci_low, ci_high, t, df, p,
        p_adjusted, reliability` (the worse of both estimates), `note`. What is undefined is null.
    domains, notices
        As in `Estimates`.
    rounds : {"independent", "same_psu", "rotating", "panel"}
        How the samples were taken to relate.
    """

    rounds: Rounds

    def __repr__(self) -> str:
        return f"Changes: {len(self):,} rows, domains: {', '.join(self.domains) or 'none'}"


def changes_of(
    profiles: Sequence[DeprivationProfile],
    measure: Measure,
    rules: Sequence[Reliability],
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    rounds: Rounds | None = None,
    harmonised: bool = False,
    adjust: Adjust = "none",
    statistic: str | Sequence[str] | None = None,
) -> Changes:
    """Changes of every estimate between rounds, whose estimates are judged by the rules of precision of each round.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile
        The oldest first, see `in_order`.
    rules : sequence of Reliability
        One for each profile.
    measure, by, k, unit, level, df, rounds, harmonised, adjust, statistic
        As for `mpi.change`.

    Raises
    ------
    UsageError, DataError
        As `mpi.change`.
    """
    check_adjust(adjust)
    wanted, began = _wanted(statistic), now()
    how = relation(profiles, rounds)
    ordered, notices = under(profiles, measure, harmonised=harmonised)
    found = [
        estimates_of(profile, Request(measure=measure, rules=own, by=by, k=k, unit=unit, level=level, df=df))
        for profile, own in zip(ordered, rules, strict=True)
    ]
    made = _between(ordered, found, how=how, adjust=adjust, wanted=wanted, notices=notices)
    rows, periods = counted(len(made), "row"), ", ".join(profile.period or profile.survey for profile in ordered)
    told = phrase("{rows} of changes of {measure} between {periods}", rows=rows, measure=measure.name, periods=periods)
    tell("changes", told, since=began)
    return made


def changes_between(
    profiles: Sequence[DeprivationProfile],
    estimates: Sequence[Estimates],
    *,
    rounds: Rounds | None = None,
    adjust: Adjust = "none",
) -> Changes:
    """Changes between rounds whose estimates are there already.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile
        The oldest first, see `in_order`.
    estimates : sequence of Estimates
        Of each of them, whole, by its own design: of one measure, by whose rules all rounds were judged, with the same
        cutoffs, domains and options.
    rounds, adjust
        As for `mpi.change`.

    Raises
    ------
    UsageError, DataError
        As `mpi.change`.
    """
    check_adjust(adjust)
    return _between(profiles, estimates, how=relation(profiles, rounds), adjust=adjust)


def _wanted(statistic: str | Sequence[str] | None) -> list[str]:
    """The statistics that are asked for; none: all of them."""
    wanted = [statistic] if isinstance(statistic, str) else list(statistic or ())
    for name in wanted:
        check_statistic(name)
    return wanted


def _between(
    ordered: Sequence[DeprivationProfile],
    found: Sequence[Estimates],
    *,
    how: Rounds,
    adjust: Adjust,
    wanted: Sequence[str] = (),
    notices: Sequence[Notice] = (),
) -> Changes:
    """The changes from one round to the next, and from the first to the last."""
    notices = list(notices)
    if lost := timeless(ordered):
        text = phrase(
            "the time of {names} is not known: rounds in the order given, no changes per year", names=listed(lost)
        )
        notices.append(Notice("MPI-N121", text))
    spans = [("sequence", i, i + 1) for i in range(len(ordered) - 1)] if len(ordered) > 2 else []  # noqa: PLR2004
    spans.append(("total", 0, len(ordered) - 1))
    parts = []
    for span, first, last in spans:
        breaks = breaks_between(ordered, first, last)
        notices += [Notice("MPI-N012", text) for text in breaks]
        parts += _Pair(
            before=ordered[first],
            after=ordered[last],
            first=found[first],
            last=found[last],
            span=span,
            how=how,
            breaks=tuple(breaks),
        ).tables()
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    if wanted:
        table = table.take(arrow.numbers(np.flatnonzero(_among(table, "statistic", wanted))))
    table = _corrected(table, adjust)
    columns = found[0].domains
    notices += [notice for one in found for notice in one.notices]
    return Changes(table, columns, tuple(dict.fromkeys(notices)), how)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Pair:
    """Two rounds and their estimates."""

    before: DeprivationProfile
    after: DeprivationProfile
    first: Estimates
    last: Estimates
    span: str
    how: Rounds
    breaks: tuple[str, ...]

    @property
    def years(self) -> float:
        """Between the rounds; NaN where the time of one is not known."""
        before, after = time_of(self.before), time_of(self.after)
        return float("nan") if before is None or after is None else after - before

    def tables(self) -> list[pa.Table]:
        """The changes of each set of domains."""
        joint = None
        # A census has no error that could go together with another.
        if self.how != "independent" and not (self.before.sample.census or self.after.sample.census):
            joint = joint_variance_of(self.before, self.after, self.first.basis, self.last.basis)
        made = []
        for number, names in enumerate(self.first.basis.sets):
            own = figures(self.first, self.last, number)
            variances, df = _independent(own) if joint is None else joint(number, own)
            variances[np.isnan(own.variance_before + own.variance_after)] = np.nan  # what a round lacks, both lack
            made.append(self.table(names, own, variances, df))
        return made

    def table(self, names: Sequence[str], own: Figures, variances: Floats, df: NDArray[np.int64]) -> pa.Table:
        """The changes of one set: five rows for each of the s statistics of each of the g domains."""
        basis, kinds = self.first.basis, len(CHANGES)
        statistics, domains = basis.table.statistics, len(own.labels)
        value, se, reason = _changes(own, variances, self.years)
        for text, holds in {
            "one of the rounds has a standard error of 0: no test": own.flat[..., None],
            "no degrees of freedom: no interval": (df <= 0)[..., None],
            "the change does not vary: no interval": se == 0,
        }.items():
            reason = np.where((reason == 0) & np.isfinite(se) & holds, NOTES.index(text), reason)
        freedom = np.repeat(df.ravel(), kinds)
        tested = [
            contrast_table(
                value[..., i].ravel(),
                se[..., i].ravel() ** 2,
                df.ravel(),
                level=basis.level,
                adjust="none",
                flat=own.flat.ravel(),
            )
            for i in range(kinds)
        ]
        made: dict[str, pa.Array] = {
            name: _words([word] * len(statistics), domains)
            for name, word in {"measure": basis.measure.name, "unit": basis.unit}.items()
        }
        made["k"] = _words([None if s.k is None else basis.cutoffs[s.k].text for s in statistics], domains)
        for name in ("statistic", "dimension", "indicator"):
            words = [s.name if name == "statistic" else getattr(s, name) for s in statistics]
            made[name] = _words(words, domains)
        for name in self.first.domains:
            levels = [label[names.index(name)] if name in names else None for label in own.labels]
            made[name] = _coded(levels, np.repeat(np.arange(domains), len(statistics) * kinds))
        rows = domains * len(statistics) * kinds
        made["change"] = _coded(CHANGES, np.tile(np.arange(kinds), rows // kinds))
        for name, word in {"span": self.span, "from": self.before.period, "to": self.after.period}.items():
            made[name] = _coded([word], np.zeros(rows, np.int64))
        made["years"] = _floats(np.full(rows, self.years))
        made["before"], made["after"] = (_floats(np.repeat(y.ravel(), kinds)) for y in (own.before, own.after))
        for name in ("estimate", "se", "ci_low", "ci_high", "t"):
            made[name] = _floats(_woven([table[name] for table in tested]))
        made["df"] = arrow.numbers(freedom, np.isfinite(se).ravel())
        for name in ("p", "p_adjusted"):
            made[name] = _floats(_woven([table[name] for table in tested]))
        worse = np.where(np.isnan(value.ravel()), -1, np.repeat(own.reliability.ravel(), kinds))
        made["reliability"] = arrow.array_of(Text(np.maximum(worse, 0), RELIABILITY_LEVELS, worse >= 0))
        made["note"] = self.notes(reason.ravel())
        return arrow.table(made)

    def notes(self, reason: NDArray[np.int64]) -> pa.Array:
        """Why a number is missing, and the breaks of the series."""
        texts = ["; ".join(text for text in (note, *self.breaks) if text) for note in NOTES]
        return _coded([text or None for text in texts], reason)


def _among(table: pa.Table, name: str, words: Sequence[str]) -> NDArray[np.bool_]:
    """Where a column of texts holds one of some words; shape (rows,)."""
    return where_label(arrow.text_column(table, name), words)


def _corrected(table: pa.Table, adjust: Adjust) -> pa.Table:
    """The table with the p-values of each kind of change corrected for their number."""
    p = np.array(table["p"].to_numpy(), np.float64)
    kind = np.arange(len(p)) % len(CHANGES)
    for number in range(len(CHANGES)):
        p[kind == number] = ADJUSTMENTS[adjust](p[kind == number])
    return table.set_column(table.column_names.index("p_adjusted"), "p_adjusted", _floats(p))


def _independent(own: Figures) -> tuple[Floats, NDArray[np.int64]]:
    """Variances of y2 - y1 and of y2 - (y2 / y1) y1, shape (g, s, 2), and df, of independent samples."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(own.before > 0, own.after / own.before, np.nan)
    variances = np.stack(
        [own.variance_before + own.variance_after, slope**2 * own.variance_before + own.variance_after], axis=-1
    )
    return variances, own.df_before + own.df_after


def _changes(own: Figures, variances: Floats, years: float) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Changes, standard errors and codes into NOTES, shape (g, s, 5) each; NaN where undefined.

    All gradients but the absolute one point along (-y2 / y1, 1).
    """
    before, after = own.before, own.after
    absolute, along = np.sqrt(variances[..., 0]), np.sqrt(variances[..., 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(before > 0, after / before, np.nan)
        yearly = ratio ** (1 / years) + 0 * years  # 1 to any power is 1, also to that of unknown years
        value = np.stack(
            [
                after - before,
                (after - before) / years,
                ratio - 1,
                yearly - 1,
                np.where(ratio > 0, np.log(ratio), np.nan),
            ],
            axis=-1,
        )
        gone = after <= 0
        se = np.stack(
            [
                absolute,
                absolute / years,
                np.where(gone, np.nan, along / before),
                np.where(gone, np.nan, yearly / years * along / after),
                np.where(gone, np.nan, along / after),
            ],
            axis=-1,
        )
    relative, yearly_kind = np.array([False, False, True, True, True]), np.array([False, True, False, True, False])
    missing = np.isnan(before + after)[..., None]
    reasons = {
        "neither round has an estimate": np.broadcast_to((np.isnan(before) & np.isnan(after))[..., None], value.shape),
        "one of the rounds has no estimate": np.broadcast_to(missing, value.shape),
        "the first estimate is 0": relative & (before <= 0)[..., None],
        "the second estimate is 0": relative & gone[..., None],
        "the years between the rounds are not known": np.broadcast_to(yearly_kind & np.isnan(years), value.shape),
        "one of the rounds has no standard error": np.isnan(se) & own.sampled,
        "no sampling error": np.isnan(se),
    }
    reason = np.select(list(reasons.values()), [NOTES.index(text) for text in reasons], 0)
    return value, np.where(np.isnan(value), np.nan, se), reason.astype(np.int64)


def _words(words: Sequence[str | None], domains: int) -> pa.Array:
    """One word a statistic, for each domain and kind of change."""
    kinds = len(CHANGES)
    return _coded(words, np.tile(np.repeat(np.arange(len(words)), kinds), domains))


def _coded(words: Sequence[str | None], which: NDArray[np.int64]) -> pa.Array:
    """The words at some places; None becomes null."""
    labels = tuple(dict.fromkeys(word for word in words if word is not None)) or ("",)
    place: Mapping[str, int] = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if word is None else place[word] for word in words], np.int64)
    known = np.array([word is not None for word in words], np.bool_)
    return arrow.array_of(Text(codes[which], labels, None if known.all() else known[which]))


def _woven(columns: Sequence[pa.ChunkedArray]) -> Floats:
    """Columns of the kinds of change, row by row; NaN for null."""
    values = [np.array(column.to_numpy(), np.float64) for column in columns]
    return np.stack(values, axis=1).ravel()


def _floats(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    return arrow.numbers(np.where(known, values, 0.0), None if known.all() else known)
