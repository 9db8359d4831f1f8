"""What figures would be if deprivations were closed, reduced or raised: before, after and their paired change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from mpi.analysis.asked import answer
from mpi.columns import arrow
from mpi.columns.values import Floats, Text
from mpi.errors import Fault, Notice, UsageError, listed, nearest
from mpi.errors.arguments import public
from mpi.estimates import By, Request
from mpi.estimates.basis import Basis
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.policies.asking import Asked, actions_of, asked, domains_of
from mpi.policies.draws import check_drawable, drawn, households_apart, variance_by_row
from mpi.policies.effects import STATISTICS, After, plan_of, quantities_of
from mpi.policies.outcomes import Outcomes, outcomes_of
from mpi.profile import DeprivationProfile
from mpi.specs.actions import Action
from mpi.specs.measure import K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import RELIABILITY_LEVELS, Adjust, DegreesOfFreedom, PlanState, Unit, Variance

READING = phrase("accounting, not impact")
MINIMUM = 1e-4  # share of those whom an action could reach, unknown under its condition, that is told


@public
def what_if(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    actions: str | Action | Sequence[str | Action],
    *,
    state: PlanState = "before",
    draw: int | None = None,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    statistics: str | Sequence[str] | None = None,
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    adjust: Adjust = "none",
    reliability: str | Path | Reliability | None = None,
) -> Derived:
    """What H, A, M0, headcounts and numbers would be under a plan, and their change with its error.

    It is accounting, not impact: nothing is known of how a programme works, of who would take part, or of what else
    would change. The microdata are not read again.

    Parameters
    ----------
    profile, measure, by, k, unit, level, df, variance, replicates, seed, reliability
        As for `mpi.estimate`. The profile holds the domains that actions name.
    actions : str, Action, or a sequence of them
        In their order: `"close water"`, `"reduce sanitation by 1/2 in zone=2 if poor"`, `"raise employment by 10%"`.
        `reduce` lifts each deprived household under the condition with that probability, `raise` lets each that is not
        deprived fall; households, indicators and actions are independent, members of a household share the draw.
    state : {"before", "so_far"}
        What conditions look at: the data before the plan, or what the actions before have made of them.
    draw : int, optional
        Seed of one draw, whose figures are given; the expectation, which is exact, if left out.
    statistics : str or sequence of str, optional
        Some of `H`, `A`, `M0`, `poor`, `censored_headcount`, `poor_and_deprived`, `uncensored_headcount`, `deprived`.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of the changes, for their number.

    Returns
    -------
    Derived
        By figure, cutoff, indicator and domain the rows `before`, `after` and `change` of the column `moment`. A after
        is the ratio of expectations. `se` is the error of the sample, of the change the paired one; `spread` the
        standard deviation over draws, null where it is not known: the profile counts persons apart.

    Raises
    ------
    UsageError
        If an action does not fit the measure or the profile, with all that is wrong; or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.

    References
    ----------
    Alkire et al. (2015), chapter 5.5.3, for critical deprivations; ratios and their linearisation, chapter 8.2.
    """
    check_adjust(adjust)
    plan = actions_of([actions] if isinstance(actions, str | Action) else actions)
    wanted = _wanted(statistics)
    made = profile_for(profile, measure, [*([by] if isinstance(by, str) else by), *domains_of(plan)])
    request = Request(
        measure=measure,
        rules=rules_for(made, reliability),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
        adjust=adjust,
    )
    return changed_by(made, request, plan, state=state, draw=draw, wanted=wanted)


def changed_by(
    profile: DeprivationProfile,
    request: Request,
    actions: Sequence[Action],
    *,
    state: PlanState = "before",
    draw: int | None = None,
    wanted: Collection[str] = STATISTICS,
) -> Derived:
    """The table of a plan; see `what_if`."""
    measure, cutoffs = request.measure, cutoffs_of(request.measure, request.k)
    rows = asked(profile, measure, actions, state=state)
    expected = outcomes_of(measure, cutoffs[0], rows.start, actions, state)
    notices = [accounting(), *unsure_notices(rows, expected, actions, request.unit)]
    own, outcomes = rows, expected
    if draw is not None:
        check_drawable(rows.profile)
        own, outcomes = drawn(rows, expected, draw)
    after = After(measure, outcomes, len(own.start.pattern))
    made = answer(own.profile, request, lambda patterns: plan_of(patterns, after, wanted), distinct=own.distinct)
    spread = _spread(made, rows, After(measure, expected, len(rows.start.pattern)), wanted)
    return with_reading(made, notices, spread)


def accounting() -> Notice:
    """What every output of a plan says."""
    text = phrase(
        "accounting, not impact: what the figures would be if these deprivations changed and nothing else did"
    )
    return Notice("MPI-N250", text)


def with_reading(made: Derived, notices: Sequence[Notice], spread: pa.Array | None = None) -> Derived:
    """A table that says in each row how it is to be read, with its notices."""
    table = made.table
    order = pa.array(_order(made))
    reading = arrow.array_of(Text(np.zeros(len(table), np.int64), (str(READING),)))
    table = table.add_column(table.column_names.index("unit") + 1, "reading", reading)
    if spread is not None:
        table = table.add_column(table.column_names.index("note"), "spread", spread)
    table = _judged(arrow.taken(table, order.to_numpy()))
    return replace(made, table=table, notices=(*notices, *made.notices))


def _judged(table: pa.Table) -> pa.Table:
    """Changes are as reliable as the less reliable of both moments, which stand before them."""
    if "moment" not in table.column_names:
        return table
    place = table.column_names.index("reliability")
    marks, moments = table["reliability"].to_pylist(), table["moment"].to_pylist()
    for i, moment in enumerate(moments):
        if moment == "change":
            known = [mark for mark in marks[i - 2 : i] if mark is not None]
            marks[i] = max(known, key=RELIABILITY_LEVELS.index) if known else None
    severity = np.array([-1 if mark is None else RELIABILITY_LEVELS.index(mark) for mark in marks], np.int64)
    column = arrow.array_of(Text(np.maximum(severity, 0), RELIABILITY_LEVELS, severity >= 0))
    return table.set_column(place, "reliability", column)


def _order(made: Derived) -> list[int]:
    """Rows by domain, then by figure, its moments one after the other."""
    table = made.table
    keys = [name for name in ("figure", "k", "indicator") if name in table.column_names]
    places: list[dict[tuple[object, ...], int]] = [{}, {}]
    found = []
    columns = [[table[name].to_pylist() for name in names] for names in (made.domains, keys)]
    for i in range(len(table)):
        own = [tuple(column[i] for column in part) for part in columns]
        found.append(tuple(place.setdefault(one, len(place)) for place, one in zip(places, own, strict=True)))
    return sorted(range(len(found)), key=found.__getitem__)


def unsure_notices(rows: Asked, outcomes: Outcomes, actions: Sequence[Action], unit: Unit) -> list[Notice]:
    """Whom an action could reach, but for a condition that is unknown."""
    cells = rows.profile.cells
    weight = cells.person_weight if unit == "persons" else cells.household_weight
    by_row = np.bincount(rows.distinct.which, weight, len(rows.start.pattern))
    found = []
    for number, one in enumerate(actions):
        share = float(by_row[outcomes.unsure[number]].sum() / by_row.sum()) if by_row.any() else 0.0
        if share > MINIMUM:
            text = phrase(
                "{action}: its condition is unknown for {share:.1%} of all, who stay as they are",
                action=one.text,
                share=share,
            )
            found.append(Notice("MPI-N251", text))
    return found


def _wanted(statistics: str | Sequence[str] | None) -> tuple[str, ...]:
    if statistics is None:
        return STATISTICS
    names = (statistics,) if isinstance(statistics, str) else tuple(statistics)
    if strange := [name for name in names if name not in STATISTICS] or ([""] if not names else []):
        text = phrase("a plan has no figure {name!r}", name=strange[0])
        remedy = nearest(strange[0], STATISTICS) or phrase(
            "there are {names}", names=listed(STATISTICS, len(STATISTICS))
        )
        raise UsageError(Fault("MPI-E004", None, text, remedy))
    return names


def _spread(made: Derived, rows: Asked, after: After, wanted: Collection[str]) -> pa.Array:
    """The standard deviation over draws of every row; null before, and where households are not told apart."""
    table, basis = made.table, made.basis
    if basis is None or not households_apart(rows.profile):
        return pa.nulls(len(table), pa.float64())
    keys = ("figure", "k", "indicator")
    quantities = quantities_of(after.measure, after.scored, basis.cutoffs, wanted)
    found: dict[tuple[object, ...], float] = {}
    for number, names in enumerate(basis.sets):
        deviations = _deviations(basis, rows, after, names, [(one.above, one.below, one.kind) for one in quantities])
        labels = basis.labels(number)
        for one, values in zip(quantities, deviations, strict=True):
            own = dict(one.keys)
            for label, value in zip(labels, values.tolist(), strict=True):
                place = tuple(sorted(zip(names, label, strict=True)))
                found[one.name, own["k"], own["indicator"], place] = value
    columns = {name: table[name].to_pylist() for name in (*keys, "moment", *made.domains)}
    spread: list[float | None] = []
    for i in range(len(table)):
        place = tuple(sorted((name, columns[name][i]) for name in made.domains if columns[name][i] is not None))
        value = found.get((*(columns[name][i] for name in keys), place), np.nan)
        spread.append(None if columns["moment"][i] == "before" or np.isnan(value) else value)
    return pa.array(spread, pa.float64())


def _deviations(
    basis: Basis, asked_rows: Asked, after: After, names: Sequence[str], quantities: Sequence[tuple[object, ...]]
) -> list[Floats]:
    """Of each quantity, by domain: the root of the summed squares of weights times the variance of a household."""
    from mpi.estimates.rows import rows_of

    rows = rows_of(basis.profile, names, asked_rows.distinct.which, basis.unit)
    found = []
    for above, below, kind in quantities:
        y, x = (np.asarray(after.each(one), np.float64) for one in (above, below))  # type: ignore[arg-type]
        totals = [
            np.bincount(rows.cell_domain, rows.weight * after.outcomes.mean(one, after.rows)[rows.which], rows.domains)
            for one in (y, x)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.zeros(rows.domains) if kind == "total" else totals[0] / totals[1]
            scale = np.ones(rows.domains) if kind == "total" else totals[1]
        # y - R x is linear in R: three moments serve all domains.
        yy, xx = (variance_by_row(after.outcomes, one, after.rows) for one in (y, x))
        yx = (variance_by_row(after.outcomes, y + x, after.rows) - yy - xx) / 2
        sums = [np.bincount(rows.cell_domain, rows.squares * one[rows.which], rows.domains) for one in (yy, yx, xx)]
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = sums[0] - 2 * ratio * sums[1] + ratio**2 * sums[2]
            found.append(np.sqrt(np.maximum(variance, 0.0)) / scale)
    return found
