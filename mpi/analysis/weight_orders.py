"""Which of two domains is poorer under which weights: shares of all weights, and the nearest that turn their order.

References: Alkire et al. (2015), chapter 8; Yalonetzky (2012), ECINEQ 257, on orders under any weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.analysis.robustness import check_ranked, nullable
from mpi.analysis.weight_draws import BLOCK, GRAINS, check_draws, check_summed, drawn_weights, shares_of_patterns
from mpi.analysis.weight_nearest import Nearest, Search, nearest, tried, within
from mpi.analysis.weight_regions import ROUNDING, Places, Question, volumes
from mpi.columns.values import Floats
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates.rows import check_unit
from mpi.inference.distributions import beta_quantile
from mpi.language import phrase
from mpi.profile import DeprivationProfile, fitted
from mpi.specs.measure import K, Measure
from mpi.vocabulary.options import NORMS, OVER, Norm, Over, Unit

CUT_AXES = 6  # more axes have more pieces than can be judged
LINES = 1_000  # of the draws, along which nearer weights are looked for
EXACT_KINDS, EXACT_PIECES = 32, 100_000
FEW_PAIRS, BOUNDING_PIECES, MANY_PAIRS_PIECES = 50, 20_000, 5_000  # some three seconds, either way


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WeightOrders:
    """Orders of two domains each, under all weights that add up to 1.

    Attributes
    ----------
    statistic, domain, over : str
    pairs : pyarrow.Table
        `first`, `second`; `poorer` under the measure's own weights (`first`, `second`; null: neither); `first_higher`,
        `equal`, `second_higher`: shares of all weights; `holds`, `holds_low`, `holds_high`: the share in which the own
        order holds, and its bounds; `how` they are known (`exact`; `bounded`: for certain, the shares are of draws;
        `drawn`: by 99 % Clopper-Pearson intervals of draws, where these are narrower); `nearest`: the distance of the
        own weights to the nearest that turn the order (null: none found); `nearest_low`: none nearer turn it;
        `nearest_how` (`exact`, `bounded`).
    weights : pyarrow.Table
        Of pairs whose order turns: `first`, `second`, `axis` (the indicator or dimension), `own`, `nearest`.
    """

    statistic: str
    domain: str
    over: str
    pairs: pa.Table
    weights: pa.Table

    def __repr__(self) -> str:
        everywhere = sum(one == 1 for one in self.pairs["holds_low"].to_pylist())
        return (
            f"WeightOrders: {self.statistic} by {self.domain}, {everywhere:,} of {self.pairs.num_rows:,} pairs of "
            f"domains keep their order under all weights of {self.over}"
        )


@public
def weight_orders(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    by: str,
    statistic: str = "M0",
    k: K | None = None,
    over: Over = "indicators",
    norm: Norm = "l2",
    pieces: int | None = None,
    draws: int = 10_000,
    seed: int = 0,
    unit: Unit = "persons",
) -> WeightOrders:
    """In which share of all weights each of two domains is poorer, and the nearest weights that turn their order.

    Points, without sampling errors.

    Parameters
    ----------
    profile, measure, by, statistic, k, draws, seed, unit
        As for `weight_draws`.
    over : {"indicators", "dimensions"}
        Whose weights vary, from 0 to 1; those of the indicators within a dimension keep their proportions.
    norm : {"l2", "l1", "linf"}
        The distance between weights, in all of them: Euclidean, sum or largest of the changes.
    pieces : int, optional
        How many pieces the weights are cut into at most, where there are 6 axes or fewer: enough of them make shares
        and distances exact. Left out, 100,000 for up to 32 kinds of households (all sets of five indicators; these are
        exact), else 20,000, or 5,000 for more than 50 pairs; 0: draws alone. With more axes shares are of draws,
        whatever is given.

    Returns
    -------
    WeightOrders

    Raises
    ------
    UsageError
        As `weight_draws`.

    Notes
    -----
    Poor is who scores k or more (`>`: more). The distance is the infimum over weights that turn the order strictly; it
    is 0 where a household scores k under the measure's own weights and the next weights lose it. Exact shares carry the
    rounding of floats, 1e-12.

    References
    ----------
    Shares of simplices: Varsi (1973), SIAM Journal on Applied Mathematics 24, 436-439.
    """
    columns = ("first", "second", "poorer", "holds", "how", "nearest", "axis", "own")
    check_ranked(profile, by, statistic, columns)
    check_unit(profile, measure, unit)
    check_draws(draws, seed)
    if pieces is not None and pieces < 0:
        text = phrase("{pieces} pieces of the weights are fewer than none", pieces=pieces)
        raise UsageError(Fault("MPI-E211", None, text, phrase("leave pieces out, or give 0 for draws alone, or more")))
    check_summed(measure)
    _check_named("over", over, OVER)
    _check_named("norm", norm, NORMS)
    profile = fitted(profile, measure)
    cutoff = measure.cutoffs[0] if k is None else measure.cutoff(k)
    codes, shares, found = shares_of_patterns(profile, measure, by, unit)
    figures = shares @ (found.poor(cutoff) * (1.0 if statistic == "H" else found.score))
    axes, own, deprived = _axes(measure, found.deprived, over)
    distinct, which = np.unique(deprived, axis=0, return_inverse=True)
    merged = np.zeros((len(distinct), len(codes)))
    np.add.at(merged, which.reshape(-1), shares.T)
    first, second = np.triu_indices(len(codes), 1)
    question = Question(
        deprived=distinct,
        shares=np.ascontiguousarray(merged.T),
        k=float(cutoff.k),
        poor_at_k=not cutoff.strict,
        counted=statistic == "H",
        first=first,
        second=second,
    )
    gap = figures[first] - figures[second]
    sign = np.where(np.abs(gap) <= ROUNDING, 0, np.sign(gap)).astype(np.int64)
    drawn = drawn_weights(np.random.default_rng(seed), draws, len(axes)).T / GRAINS
    if pieces is None:
        bounding = BOUNDING_PIECES if len(first) <= FEW_PAIRS else MANY_PAIRS_PIECES
        pieces = EXACT_PIECES if len(distinct) <= EXACT_KINDS else bounding
    columns_of = _shares(question, sign, drawn, pieces)
    turned = np.where(sign > 0, columns_of["second_higher"], columns_of["first_higher"])
    always = (np.array(columns_of["how"]) == "exact") & (turned == 0)  # nothing turns the order
    search = Search(question=question, own=own, sign=np.where(always, 0, sign), norm=norm)
    near, how = _nearest(search, sign, drawn[:LINES], pieces)
    named = {"first": [codes[i] for i in first.tolist()], "second": [codes[i] for i in second.tolist()]}
    poorer = [{1: "first", -1: "second", 0: None}[one] for one in sign.tolist()]
    told = {
        "nearest": nullable(np.where(np.isfinite(near.distance), near.distance, np.nan)),
        "nearest_low": nullable(np.where(np.isfinite(near.at_least) & (sign != 0), near.at_least, np.nan)),
        "nearest_how": pa.array(how, pa.string()),
    }
    pairs = pa.table({**named, "poorer": pa.array(poorer, pa.string()), **columns_of, **told})
    return WeightOrders(statistic=statistic, domain=by, over=over, pairs=pairs, weights=_turned(named, axes, own, near))


def _check_named(option: str, value: str, names: Sequence[str]) -> None:
    if value not in names:
        text = phrase("{option} is {value!r}", option=option, value=value)
        raise UsageError(Fault("MPI-E213", None, text, phrase("write one of {names}", names=", ".join(names))))


def _axes(measure: Measure, deprived: NDArray[np.bool_], over: Over) -> tuple[list[str], Floats, Floats]:
    """What has a weight, the own weights, shape (d,), and how far each pattern is deprived there, shape (p, d)."""
    scored = [j for j, one in enumerate(measure.indicators) if not one.monitor]
    weight = {j: measure.indicators[j].weight for j in scored}
    if over == "indicators":
        names = [measure.indicators[j].name for j in scored]
        return names, np.array([float(weight[j]) for j in scored]), deprived[:, scored].astype(np.float64)
    names, own, columns = [], [], []
    for dimension in measure.dimensions:
        inside = [j for j in scored if measure.indicators[j].dimension == dimension.name]
        total = sum((weight[j] for j in inside), Fraction(0))
        if not total:
            continue
        parts = [weight[j] / total for j in inside]
        base = lcm(*(one.denominator for one in parts))
        names.append(dimension.name)
        own.append(float(total))
        columns.append(deprived[:, inside] @ np.array([int(one * base) for one in parts]) / base)
    return names, np.array(own), np.column_stack(columns)


def _shares(question: Question, sign: Places, drawn: Floats, pieces: int) -> dict[str, Floats | list[str]]:
    """The columns of shares of all weights."""
    signs = _signs_drawn(question, drawn)
    points = {way: (signs == way).mean(axis=0) for way in (1, 0, -1)}
    holds = np.where(sign > 0, points[1], np.where(sign < 0, points[-1], points[0]))
    number = len(drawn)
    met = np.rint(holds * number)
    low = np.where(met > 0, beta_quantile(0.005, np.maximum(met, 1), number - met + 1), 0.0)
    high = np.where(met < number, beta_quantile(0.995, met + 1, np.maximum(number - met, 1)), 1.0)
    how = np.full(len(sign), "drawn", dtype=object)
    if question.deprived.shape[1] <= CUT_AXES:
        found = volumes(question, pieces)
        exact = found.undecided == 0  # every piece was judged
        parts = {1: found.first_higher, 0: found.equal, -1: found.second_higher}
        sure = np.where(sign > 0, parts[1], np.where(sign < 0, parts[-1], parts[0]))
        most = np.where(exact, sure, np.minimum(sure + found.undecided, 1.0))
        certain = exact | (most - sure <= high - low)
        points = {way: np.where(exact, parts[way], points[way]) for way in points}
        holds = np.where(exact, sure, np.clip(holds, sure, most))
        low, high = np.where(certain, sure, np.maximum(low, sure)), np.where(certain, most, np.minimum(high, most))
        how = np.where(exact, "exact", np.where(certain, "bounded", "drawn")).astype(object)
    return {
        "first_higher": points[1],
        "equal": points[0],
        "second_higher": points[-1],
        "holds": holds,
        "holds_low": low,
        "holds_high": high,
        "how": how.tolist(),
    }


def _signs_drawn(question: Question, drawn: Floats) -> NDArray[np.int8]:
    """Which group of each pair is higher under drawn weights: 1, 0 or -1; shape (draws, n)."""
    made = np.empty((len(drawn), len(question.first)), np.int8)
    step = max(1, BLOCK // max(1, len(question.deprived)))
    for first in range(0, len(drawn), step):
        score = drawn[first : first + step] @ question.deprived.T
        poor = score >= question.k if question.poor_at_k else score > question.k
        figures = np.where(poor, 1.0 if question.counted else score, 0.0) @ question.shares.T
        gap = figures[:, question.first] - figures[:, question.second]
        made[first : first + step] = np.where(np.abs(gap) <= ROUNDING, 0, np.sign(gap))
    return made


def _nearest(search: Search, sign: Places, lines: Floats, pieces: int) -> tuple[Nearest, list[str | None]]:
    """The nearest weights that turn each order, and how surely they are: no search, nothing turns it for certain."""
    axes = len(search.own)
    found = tried(search, np.vstack([np.eye(axes), lines]))
    at_least = np.where(search.sign == 0, np.inf, np.minimum(within(search), found.distance))
    found = Nearest(distance=found.distance, at_least=at_least, weights=found.weights)
    if axes <= CUT_AXES:
        found = nearest(search, found, pieces)
    exact = found.distance <= found.at_least + ROUNDING
    how = np.where(exact, "exact", "bounded").tolist()
    return found, [one if way else None for one, way in zip(how, sign.tolist(), strict=True)]


def _turned(named: dict[str, list[str]], axes: Sequence[str], own: Floats, near: Nearest) -> pa.Table:
    """The nearest weights that turn each order, by axis."""
    which = np.flatnonzero(np.isfinite(near.distance))
    return pa.table(
        {
            "first": pa.array([named["first"][i] for i in which.tolist() for _ in axes], pa.string()),
            "second": pa.array([named["second"][i] for i in which.tolist() for _ in axes], pa.string()),
            "axis": pa.array(list(axes) * len(which), pa.string()),
            "own": np.tile(own, len(which)),
            "nearest": near.weights[which].reshape(-1),
        }
    )
