"""What a change of M0 is made of: incidence and intensity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mpi.charts.changes import CHANGE
from mpi.charts.domains import check_rows
from mpi.charts.marks import (
    Mark,
    draw_point,
    height_of,
    mark_key,
    named,
    need_figures,
    number_axis,
    put_legend,
    rows_axis,
    standings_key,
)
from mpi.charts.reading import two_periods, view
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import GREY, INK, SERIES, drawn, new_axes
from mpi.language import translated
from mpi.vocabulary.wording import NOTHING, Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = {
    "incidence": translated("from incidence (H)"),
    "intensity": translated("from intensity (A)"),
    "total": translated("change in M0"),
}


@dataclass(frozen=True, slots=True)
class ShapleyParts:
    """A change of M0 as the sum of what incidence and intensity brought."""

    incidence: float
    intensity: float

    @property
    def total(self) -> float:
        """The change of M0."""
        return self.incidence + self.intensity


def shapley_parts(h: tuple[float, float], a: tuple[float, float]) -> ShapleyParts:
    """What incidence and intensity brought to the change of M0 = H A, each averaged over the order of the changes.

    References
    ----------
    Shapley (1953); Roche (2013), Child Indicators Research 6(1); Alkire et al. (2015), chapter 9.2.

    Examples
    --------
    >>> shapley_parts((0.5, 0.4), (0.5, 0.5))
    ShapleyParts(incidence=-0.05, intensity=0.0)
    """
    return ShapleyParts((h[1] - h[0]) * (a[0] + a[1]) / 2, (a[1] - a[0]) * (h[0] + h[1]) / 2)


def shapley_by(
    figures: Publishable,
    *,
    domain: str | None = None,
    periods: tuple[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
) -> dict[str | None, ShapleyParts | Figure]:
    """The parts by code, the total first; a point without number where one of the four figures is not shown."""
    pair = periods or two_periods(figures)
    found: dict[str | None, ShapleyParts | Figure] = {}
    for own in [None, domain] if domain else [None]:
        views = [view(figures, domain=own, period=period, k=k, unit=unit) for period in pair]
        h, a = ([one.points(statistic) for one in views] for statistic in ("H", "A"))
        for code in dict.fromkeys([*h[0], *h[1]]):
            four = [one.get(code, NO_FIGURE) for one in (*h, *a)]
            values = [point.value for point in four if point.value is not None]
            if len(values) < len(four):
                standing = "hidden" if any(point.standing == "hidden" for point in four) else "undefined"
                found[code] = Figure(standing=standing)
            else:
                found[code] = shapley_parts((values[0], values[1]), (values[2], values[3]))
    return found


@drawn
def shapley(
    figures: Publishable,
    *,
    domain: str | None = None,
    names: Mapping[str, str] | None = None,
    periods: tuple[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """What incidence and intensity brought to the change of M0: two signed bars a domain, and their sum."""
    found = shapley_by(figures, domain=domain, periods=periods, k=k, unit=unit)
    rows = sorted(
        found.items(),
        key=lambda one: (
            one[0] is not None,
            isinstance(one[1], Figure),
            one[1].total if isinstance(one[1], ShapleyParts) else 0,
        ),
    )
    check_rows(len(rows))
    need_figures(
        [
            Figure(value=parts.total) if isinstance(parts, ShapleyParts) else parts
            for code, parts in found.items()
            if code or not domain
        ]
    )
    labels = [named(names, code, language) for code, _ in rows]
    axes = ax or new_axes(height_of(labels, row=0.24))
    rows_axis(axes, labels)
    axes.axvline(0, color=INK, linewidth=0.8)
    looks = {"incidence": (SERIES[5], ""), "intensity": (SERIES[4], "////")}
    for place, (_, parts) in enumerate(rows):
        if isinstance(parts, Figure):
            draw_point(axes, place, parts, Mark(GREY))
            continue
        for i, (name, (colour, hatch)) in enumerate(looks.items()):
            axes.barh(
                place - 0.17 + 0.34 * i,
                getattr(parts, name),
                height=0.32,
                facecolor=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.5,
                gid=name,
            )
        axes.plot([parts.total], [place], marker="D", markersize=4, color=INK, linestyle="none", gid="total")
    number_axis(axes, "x", "index", language, signed=True)
    pair = periods or two_periods(figures)
    own = view(figures, period=pair[1], k=k, unit=unit)
    axes.set_xlabel(f"{CHANGE[language].format(title='M0')}, {pair[0]}{NOTHING}{pair[1]}, k = {own.k}")
    from matplotlib.patches import Patch

    key: list[Any] = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5, label=PARTS[name][language])
        for name, (colour, hatch) in looks.items()
    ]
    key.append(mark_key(Mark(INK, "D", 4), PARTS["total"][language]))
    lost = [parts for parts in found.values() if isinstance(parts, Figure)]
    put_legend(axes, [*key, *standings_key(lost, language)], own=ax is None)
    return axes
