"""What charts and maps show, in a sentence: the text alternative of each picture, and text for the report.

Comes in: the same figures as the chart. Goes out: a text in English or Spanish, made from the estimates and their
intervals alone. What is hidden or undefined is said to be so, never told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from mpi.charts.changes import change_points, signed, verdict
from mpi.charts.domains import ranking
from mpi.charts.marks import dimension_title, indicator_title, named
from mpi.charts.phrases import NO_BREAK, NONE_OF, SAID, interval, listed, percent, quoted, quoted_title, sentence, the
from mpi.charts.reading import NONE, Point, view, words
from mpi.charts.shapley import ShapleyParts, shapley_by
from mpi.charts.spread import rows_of
from mpi.measure import Measure
from mpi.publishable import Publishable
from mpi.robustness import RankRobustness, dominates
from mpi.wording import Language, figure, form_of

Names = Mapping[str, str] | None


def say_level(
    figures: Publishable, *, statistic: str = "H", where: Mapping[str, str] | None = None, period: str | None = None,
    k: str | None = None, unit: str | None = None, name: str = "", level: float = 0.95, language: Language = "en",
) -> str:  # fmt: skip
    """A statistic of one group with its interval, such as `H was 12.3 % (95 % CI 11.2 to 13.4) in 2025`."""
    own = view(figures, where=where, period=period, k=k, unit=unit)
    said = _level(own.point(statistic), statistic, own.unit, own.period, language=language, level=level)
    return sentence([f"{name}: {said}" if name else said])


def _level(point: Point, statistic: str, unit: str, period: str, *, language: Language, level: float) -> str:
    what = the(statistic, unit, language)
    key = "was" if point.drawn else point.standing
    key = key if key in ("was", "hidden") else "undefined"
    value = quoted(point, statistic, language, level=level) if point.drawn else ""
    return SAID[key][language].format(what=what, value=value, period=period)


def say_series(
    figures: Publishable, *, statistic: str = "H", changes: Publishable | None = None,
    where: Mapping[str, str] | None = None, k: str | None = None, unit: str | None = None, level: float = 0.95,
    language: Language = "en",
) -> str:  # fmt: skip
    """The last figure of a series, and how it changed since the first if the changes are given."""
    periods = words(figures, "period")
    own = view(figures, where=where, period=periods[-1], k=k, unit=unit)
    parts = [_level(own.point(statistic), statistic, own.unit, own.period, language=language, level=level)]
    if changes is not None and not where and len(periods) > 1:
        change = change_points(changes, statistic, k=own.k, unit=own.unit).get(None, NONE)
        if change.drawn:
            parts.append(_change(change, statistic, periods[0], periods[-1], language=language, level=level))
    return sentence(parts)


def _change(change: Point, statistic: str, first: str, last: str, *, language: Language, level: float) -> str:
    if change.low is None:
        return SAID["unknown"][language].format(first=first, last=last)
    key = verdict(change)
    value = change.value or 0.0
    size = signed(value, statistic, language) if key == "same" else figure(abs(value), form_of(statistic), language)
    unit = {"en": " points", "es": " puntos"}[language] if form_of(statistic) == "percent" else ""
    return SAID[key][language].format(
        size=size + unit, first=first, last=last, ci=interval(change, statistic, language, level=level, change=True)
    )


def say_ranked(
    figures: Publishable, *, domain: str, statistic: str = "H", names: Names = None,
    where: Mapping[str, str] | None = None, period: str | None = None, k: str | None = None, unit: str | None = None,
    level: float = 0.95, language: Language = "en",
) -> str:  # fmt: skip
    """The highest and the lowest of a domain, whether their intervals overlap, and how many are not shown.

    Of the ranked dots, the map, the heatmap and incidence against intensity.
    """
    own = view(figures, domain=domain, where=where, period=period, k=k, unit=unit)
    rows = ranking(own.points(statistic))
    shown = [(named(names, code, language), point) for code, point in rows if point.drawn]
    parts = [_extremes(shown, statistic, own.unit, own.period, language=language, level=level)]
    if shown and len(shown) < len(rows):
        parts.append(SAID["lost"][language].format(count=len(rows) - len(shown), all=len(rows)))
    return sentence(parts)


def _extremes(
    shown: Sequence[tuple[str, Point]], statistic: str, unit: str, period: str, *, language: Language, level: float
) -> str:
    if not shown:
        return SAID["nothing"][language]
    what = the(statistic, unit, language)
    ends = [f"{name}, {quoted(point, statistic, language, level=level)}" for name, point in (shown[0], shown[-1])]
    if len(shown) == 1:
        return SAID["only"][language].format(what=what, period=period, high=ends[0])
    text = SAID["highest"][language].format(what=what, period=period, high=ends[0], low=ends[1])
    first, last = shown[0][1], shown[-1][1]
    if first.low is None or last.high is None:
        return text
    return f"{text}; {SAID['overlap' if first.low <= last.high else 'apart'][language]}"


def say_indicators(
    figures: Publishable,
    measure: Measure,
    *,
    statistic: str = "censored_headcount",
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    name: str = "",
    level: float = 0.95,
    language: Language = "en",
) -> str:
    """The most and the least frequent deprivation: of censored headcounts, and of a sheet with the uncensored ones."""
    own = view(figures, where=where, period=period, k=k, unit=unit)
    points: dict[str | None, Point] = {
        one.name: own.point(statistic, indicator=one.name) for one in measure.indicators if not one.monitor
    }
    rows = ranking(points)
    shown = [(quoted_title(indicator_title(measure, str(indicator), language), language), point)
             for indicator, point in rows if point.drawn]  # fmt: skip
    parts = [_extremes(shown, statistic, own.unit, own.period, language=language, level=level)]
    if shown and len(shown) < len(rows):
        parts.append(SAID["lost"][language].format(count=len(rows) - len(shown), all=len(rows)))
    return sentence([f"{name}: {parts[0]}" if name else parts[0], *parts[1:]])


def say_contributions(
    figures: Publishable, measure: Measure, *, where: Mapping[str, str] | None = None, period: str | None = None,
    k: str | None = None, unit: str | None = None, level: float = 0.95, language: Language = "en",
) -> str:  # fmt: skip
    """The dimensions that contribute most and least to M0; nothing if a part is not shown."""
    own = view(figures, where=where, period=period, k=k, unit=unit)
    points: dict[str | None, Point] = {
        one.name: own.point("percentage_contribution", dimension=one.name) for one in measure.dimensions
    }
    rows = ranking(points)
    if not rows or not all(point.drawn for _, point in rows):
        return sentence([SAID["nothing"][language]])
    (first, most), (last, least) = rows[0], rows[-1]
    return sentence([SAID["largest"][language].format(
        first=quoted_title(dimension_title(measure, str(first), language), language), period=own.period,
        last=quoted_title(dimension_title(measure, str(last), language), language),
        value=quoted(most, "percentage_contribution", language, level=level),
        low=quoted(least, "percentage_contribution", language, level=level),
    )])  # fmt: skip


def say_changes(
    changes: Publishable, *, statistic: str = "H", domain: str | None = None, measure: Measure | None = None,
    k: str | None = None, unit: str | None = None, span: str = "total", level: float = 0.95, language: Language = "en",
) -> str:  # fmt: skip
    """How the total changed, and in how many domains or indicators the figure fell, rose, or did neither."""
    unit = unit or words(changes, "unit")[0]
    table = changes.only(statistic, span=span).table
    first, last = (next(iter(table[name].combine_chunks().unique().to_pylist()), "") for name in ("from", "to"))
    parts = []
    if measure is None:
        total = change_points(changes, statistic, k=k, unit=unit, span=span).get(None, NONE)
        if total.drawn:
            moved = _change(total, statistic, first, last, language=language, level=level)
            parts.append(f"{the(statistic, unit, language)}: {moved}")
        found = (
            list(change_points(changes, statistic, domain=domain, k=k, unit=unit, span=span).values()) if domain else []
        )
    else:
        found = [
            change_points(changes, statistic, indicator=one.name, k=k, unit=unit, span=span).get(None, NONE)
            for one in measure.indicators
        ]
    known = [verdict(point) for point in found if point.low is not None]
    if known:
        parts.append(
            SAID["moved"][language].format(
                first=first,
                last=last,
                what=the(statistic, unit, language),
                falls=known.count("fall") or NONE_OF[language],
                rises=known.count("rise") or NONE_OF[language],
                same=known.count("same") or NONE_OF[language],
                all=len(known),
            )
        )
    if len(known) < len(found):
        parts.append(SAID["lost"][language].format(count=len(found) - len(known), all=len(found)))
    return sentence(parts or [SAID["nothing"][language]])


def say_cutoffs(
    figures: Publishable, *, statistic: str = "H", where: Mapping[str, str] | None = None, period: str | None = None,
    unit: str | None = None, level: float = 0.95, language: Language = "en",
) -> str:  # fmt: skip
    """A statistic at the lowest and at the highest cutoff."""
    from mpi.charts.cutoffs import k_value

    cutoffs = sorted(words(figures, "k"), key=lambda text: (k_value(text), text.startswith(">")))
    ends = [view(figures, where=where, period=period, k=k, unit=unit) for k in (cutoffs[0], cutoffs[-1])]
    points = [one.point(statistic) for one in ends]
    if not all(point.drawn for point in points):
        return sentence([SAID["nothing"][language]])
    return sentence([SAID["cutoffs"][language].format(
        what=the(statistic, ends[0].unit, language), period=ends[0].period, first=cutoffs[0], last=cutoffs[-1],
        value=quoted(points[0], statistic, language, level=level),
        low=quoted(points[1], statistic, language, level=level))])  # fmt: skip


def say_ranks(ranks: RankRobustness, *, language: Language = "en") -> str:
    """The least agreement between two cutoffs, and the share of pairs whose order no cutoff turns round."""
    import numpy as np

    kept, tau = ranks.kept[np.isfinite(ranks.kept)], ranks.tau[np.isfinite(ranks.tau)]
    if not len(kept) or not len(tau):
        return sentence([SAID["nothing"][language]])
    n = len(ranks.codes)
    ordered = float(np.count_nonzero(dominates(ranks.values))) / max(n * (n - 1) // 2, 1)
    shares = [f"{figure(float(value), 'percent', language)}{NO_BREAK}%" for value in (kept.min(), ordered)]
    return sentence(
        [
            SAID["kept"][language].format(
                first=ranks.cutoffs[0],
                last=ranks.cutoffs[-1],
                kept=shares[0],
                tau=figure(float(tau.min()), "index", language, 2),
                ordered=shares[1],
            )
        ]
    )


def say_shapley(
    figures: Publishable, *, periods: tuple[str, str] | None = None, k: str | None = None, unit: str | None = None,
    language: Language = "en",
) -> str:  # fmt: skip
    """What incidence and intensity brought to the change of M0 of the total."""
    known = words(figures, "period")
    pair = periods or (known[0], known[-1])
    parts = shapley_by(figures, periods=pair, k=k, unit=unit)[None]
    if not isinstance(parts, ShapleyParts):
        return sentence([SAID["nothing"][language]])
    total, incidence, intensity = (
        signed(one, "M0", language) for one in (parts.total, parts.incidence, parts.intensity)
    )
    return sentence(
        [
            SAID["shapley"][language].format(
                total=total, incidence=incidence, intensity=intensity, first=pair[0], last=pair[1]
            )
        ]
    )


def say_scores(table: pa.Table, *, language: Language = "en") -> str:
    """The commonest score."""
    shown = [row for row in rows_of(table) if row["share"] is not None]
    if not shown:
        return sentence([SAID["nothing"][language]])
    top = max(shown, key=lambda row: float(str(row["share"])))
    return sentence([SAID["scores"][language].format(score=top["score"], value=percent(top["share"], language))])


def say_bundles(table: pa.Table, measure: Measure, *, language: Language = "en") -> str:
    """The commonest bundle of the poor, and the share that all that are shown hold together."""
    shown = [row for row in rows_of(table) if row["share"] is not None]
    if not shown:
        return sentence([SAID["nothing"][language]])
    names = [quoted_title(indicator_title(measure, name, language), language)
             for name in str(shown[0]["indicators"]).split()]  # fmt: skip
    return sentence([SAID["bundle"][language].format(
        what=listed(names, language), value=percent(shown[0]["share"], language), count=len(shown),
        all=percent(sum(float(str(row["share"])) for row in shown), language))])  # fmt: skip


def say_co_deprivation(table: pa.Table, measure: Measure, *, language: Language = "en") -> str:
    """The pair of indicators that most often go together."""
    shown = [row for row in rows_of(table) if row["share"] is not None and row["first"] != row["second"]]
    if not shown:
        return sentence([SAID["nothing"][language]])
    top = max(shown, key=lambda row: float(str(row["share"])))
    names = [quoted_title(indicator_title(measure, str(top[key]), language), language) for key in ("first", "second")]
    return sentence([SAID["joint"][language].format(
        what=listed(names, language), value=percent(top["share"], language))])  # fmt: skip
