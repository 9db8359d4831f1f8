"""The rankings of a publication as tidy tables: robustness, dominance and weights, of groups that may be ranked.

Comes in: a profile, what a study asks of a ranking, and the groups whose figures are shown precisely enough. Goes out:
one row a figure, of alternatives, pairs of groups and groups. No other group takes part, so that nothing follows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from mpi.analysis.dominance import dominance
from mpi.analysis.robustness import alternatives, alternatives_of
from mpi.analysis.weight_draws import weight_draws
from mpi.analysis.weight_orders import weight_orders
from mpi.columns import arrow
from mpi.columns.values import Text
from mpi.errors import Notice
from mpi.estimates import Request
from mpi.estimates.derived import FIGURES, Derived
from mpi.language import template
from mpi.profile import DeprivationProfile
from mpi.specs.analyses import AnalysisSpec
from mpi.vocabulary.options import RELIABILITY_LEVELS

POINT = template("a point, without a sampling error")
TIED = template("the order of the pair rests on a tie, or no pair is left")
CENSUS = template("census: no sampling error")
NONE = template("not defined: too few groups, or ties throughout")
KEYS: Mapping[str, tuple[str, ...]] = {
    "robustness": ("figure", "alternative", "k", "weights", "without", "missing", "first", "second"),
    "dominance": ("figure", "verdict", "first", "second"),
    "weights": ("figure", "first", "second"),
    "orders": ("figure", "how", "first", "second"),
}
Entry: TypeAlias = Mapping[str, Any]
PAIR = ("first", "second")


def ranked(profile: DeprivationProfile, request: Request, spec: AnalysisSpec, groups: Collection[str]) -> Derived:
    """A ranking of the groups of a domain.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
    spec : AnalysisSpec
        Of a ranking, by one domain.
    groups : collection of str
        The codes that take part.

    Raises
    ------
    UsageError, DataError
        As the ranking itself.
    """
    rows, notices = MAKERS[spec.name](profile, request, spec, groups)
    return _table(profile, request, KEYS[spec.name], rows, notices)


def no_ranking(profile: DeprivationProfile, request: Request, spec: AnalysisSpec) -> Derived:
    """The table of a ranking without any group."""
    return _table(profile, request, KEYS[spec.name], (), ())


def _robustness(
    profile: DeprivationProfile, request: Request, spec: AnalysisSpec, groups: Collection[str]
) -> tuple[list[Entry], Sequence[Notice]]:
    asked, by = spec.ranking, spec.by[0][0]
    variants = alternatives(request.measure, spec.k, asked.weights, asked.without, asked.missing)
    found = alternatives_of(
        profile, _plain(request, by), variants, by=by, statistic=asked.statistic or "M0", groups=set(groups)
    )
    census = profile.sample.census
    rows: list[Entry] = []
    for one in found.alternatives.to_pylist():
        keys = {name: one[name] for name in KEYS["robustness"][1:6]}
        figures = {
            "kept_share": _share(one["kept"], one["pairs"]),
            "kept_significantly_share": None if census else _share(one["kept_significantly"], one["significant"]),
            "tau_b": one["tau_b"],
            "spearman": one["spearman"],
        }
        rows += [_point(figure, value, keys, NONE) for figure, value in figures.items()]
    for one in found.pairs.to_pylist():
        keys = {name: one[name] for name in PAIR}
        error = {"se": one["se"], "p": one["p"], "p_adjusted": one["p"]}
        note = CENSUS if census else None
        rows.append({"figure": "difference", **keys, "estimate": one["difference"], **error, "note": note})
        turned = None if not one["alternatives"] else 1 - one["kept"] / one["alternatives"]
        rows.append(_point("turned", turned, keys, TIED))
    return rows, found.notices


def _dominance(
    profile: DeprivationProfile, request: Request, spec: AnalysisSpec, groups: Collection[str]
) -> tuple[list[Entry], Sequence[Notice]]:
    asked = spec.ranking
    found = dominance(
        profile, request.measure, by=spec.by[0][0], statistic=asked.statistic or "H", lowest=asked.lowest,
        highest=asked.highest, unit=request.unit, level=request.level, df=request.df,
    )  # fmt: skip
    pairs = _of_groups(found.pairs.to_pylist(), groups)
    verdicts = [
        "neither" if one["dominates"] is None else "significant" if one["significant"] else "not_significant"
        for one in pairs
    ]
    rows: list[Entry] = [
        _point("pair_share", _share(verdicts.count(verdict), len(pairs)), {"verdict": verdict}, NONE)
        for verdict in ("significant", "not_significant", "neither")
    ]
    for one, verdict in zip(pairs, verdicts, strict=True):
        order = PAIR if one["dominates"] != "second" else PAIR[::-1]  # the poorer first
        keys = {"verdict": verdict, "first": one[order[0]], "second": one[order[1]]}
        if one["dominates"] is not None:
            note = None if one["least_t"] is not None else CENSUS
            tested = {"df": one["df"], "p": one["p"], "p_adjusted": one["p"], "note": note}
            rows.append({"figure": "least_t", **keys, "estimate": one["least_t"], **tested})
        else:
            rows.append(_point("least_t", None, keys, template("the curves cross, or are equal")))
    return rows, found.notices


def _weights(
    profile: DeprivationProfile, request: Request, spec: AnalysisSpec, groups: Collection[str]
) -> tuple[list[Entry], Sequence[Notice]]:
    asked, by = spec.ranking, spec.by[0][0]
    domains, pairs = weight_draws(
        profile, request.measure, by=by, statistic=asked.statistic or "M0", draws=asked.draws, seed=asked.seed,
        unit=request.unit,
    )  # fmt: skip
    rows: list[Entry] = []
    figures = {"median": "median", "p5": "p5", "p95": "p95", "own": "estimate"}
    for one in domains.to_pylist():
        if one[by] in groups:
            rows += [_point(figure, one[column], {"first": one[by]}) for figure, column in figures.items()]
    for one in _of_groups(pairs.to_pylist(), groups):
        keys = {name: one[name] for name in PAIR}
        rows += [_point(figure, one[figure], keys) for figure in ("first_higher", "equal", "second_higher")]
        rows.append(_point("contested", min(one["first_higher"], one["second_higher"]), keys))
    return rows, ()


def _orders(
    profile: DeprivationProfile, request: Request, spec: AnalysisSpec, groups: Collection[str]
) -> tuple[list[Entry], Sequence[Notice]]:
    asked = spec.ranking
    found = weight_orders(
        profile, request.measure, by=spec.by[0][0], statistic=asked.statistic or "M0", over=asked.over,
        norm=asked.norm, draws=asked.draws, seed=asked.seed, unit=request.unit,
    )  # fmt: skip
    rows: list[Entry] = []
    for one in _of_groups(found.pairs.to_pylist(), groups):
        keys = {"how": one["how"], **{name: one[name] for name in PAIR}}
        figures = {
            name: one[name] for name in ("first_higher", "equal", "second_higher", "holds", "holds_low", "holds_high")
        }
        rows += [_point(figure, value, keys) for figure, value in figures.items()]
        rows.append(_point("turned", 1 - one["holds"], keys))
        near = {**keys, "how": one["nearest_how"]}
        rows.append(_point("nearest", one["nearest"], near, template("no weights that turn the order were found")))
    return rows, ()


MAKERS: Mapping[str, Callable[..., tuple[list[Entry], Sequence[Notice]]]] = {
    "robustness": _robustness,
    "dominance": _dominance,
    "weights": _weights,
    "orders": _orders,
}


def _plain(request: Request, by: str) -> Request:
    """Without reliability rules: a ranking has no figures that they judge."""
    return Request(
        measure=request.measure, rules=request.rules, by=by, unit=request.unit, df=request.df, adjust=request.adjust
    )


def _of_groups(pairs: Iterable[Entry], groups: Collection[str]) -> list[Entry]:
    return [one for one in pairs if one["first"] in groups and one["second"] in groups]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _point(figure: str, value: float | None, keys: Mapping[str, str | None], reason: str = POINT) -> Entry:
    """A row without a sampling error; `reason` is said where there is no value."""
    return {"figure": figure, **keys, "estimate": value, "note": POINT if value is not None else reason}


def _table(
    profile: DeprivationProfile, request: Request, keys: Sequence[str], rows: Sequence[Entry], notices: Sequence[Notice]
) -> Derived:
    about = {"measure": request.measure.name, "survey": profile.survey, "period": profile.period, "unit": request.unit}
    made: dict[str, pa.Array] = {name: _texts([text] * len(rows)) for name, text in about.items()}
    made |= {name: _texts([one.get(name) for one in rows]) for name in keys}
    if "k" not in keys:
        made["k"] = _texts([None] * len(rows))
    for name in FIGURES:
        own = [one.get(name) for one in rows]
        made[name] = _texts(own) if name == "note" else _numbers(own, whole=name in ("df", "n", "n_poor"))
    none = np.zeros(len(rows), np.int64)
    made["reliability"] = arrow.array_of(Text(none, RELIABILITY_LEVELS, none > 0))
    return Derived(arrow.table(made), (), tuple(notices))


def _numbers(values: Sequence[float | None], *, whole: bool) -> pa.Array:
    known = np.array([value is not None for value in values], np.bool_)
    kind = np.int64 if whole else np.float64
    return arrow.numbers(np.array([0 if value is None else value for value in values], kind), known)


def _texts(values: Sequence[str | None]) -> pa.Array:
    labels = tuple(dict.fromkeys(value for value in values if value is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if value is None else place[value] for value in values], np.int64)
    return arrow.array_of(Text(codes, labels, np.array([value is not None for value in values], np.bool_)))
