"""What a change of M0 is made of: incidence and intensity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mpi.charts.changes import CHANGE, ZERO
from mpi.charts.domains import check_rows
from mpi.charts.marks import Mark, around_zero, draw_point, mark_key, named, need_figures, of_rows, standings_key
from mpi.charts.reading import two_periods, view
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, INK
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.language import translated
from mpi.vocabulary.wording import NOTHING, Language

PARTS = {
    "incidence": translated("from incidence (H)"),
    "intensity": translated("from intensity (A)"),
    "total": translated("change in M0"),
}
ROW = 17.3  # points, of two bars


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


@checked
def shapley(
    figures: Publishable,
    *,
    domain: str | None = None,
    names: Mapping[str, str] | None = None,
    periods: tuple[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
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
    plot = of_rows([named(names, code, language) for code, _ in rows], row=ROW)
    looks = {
        "incidence": Look(fill=style.light[0], stroke=INK, width=0.5),
        "intensity": Look(fill=style.light[1], stroke=INK, width=0.5, hatch="////"),
    }
    plot.rule(0, ZERO)
    for i, (name, look) in enumerate(looks.items()):
        for place, (_, parts) in enumerate(rows):
            if isinstance(parts, ShapleyParts):
                plot.rect(0, place - 0.33 + 0.34 * i, getattr(parts, name), 0.32, look, gid=name, order=1 + i / 10)
    whole = Mark(INK, "D", 4)
    for place, (_, parts) in enumerate(rows):
        if isinstance(parts, Figure):
            draw_point(plot, place, parts, Mark(GREY), language=language)
        else:
            plot.marker(parts.total, place, whole.marker, whole.size, whole.look(), gid="total")
    known = [parts for _, parts in rows if isinstance(parts, ShapleyParts)]
    around_zero(plot.x, [Figure(value=value) for one in known for value in (one.incidence, one.intensity, one.total)])
    plot.x.numbers("index", language, signed=True)
    pair = periods or two_periods(figures)
    own = view(figures, period=pair[1], k=k, unit=unit)
    plot.x.title = f"{CHANGE[language].format(title='M0')}, {pair[0]}{NOTHING}{pair[1]}, k = {own.k}"
    keys = [Key(label=PARTS[name][language], patch=look) for name, look in looks.items()]
    keys.append(mark_key(whole, PARTS["total"][language]))
    lost = [parts for parts in found.values() if isinstance(parts, Figure)]
    return laid_out([[plot]], width=style.width, keys=[*keys, *standings_key(lost, language)])
