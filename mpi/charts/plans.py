"""Charts of plans: incidence before and after, what each action brings, costs against households lifted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mpi.charts.changes import CHANGE, ZERO
from mpi.charts.marks import (
    Mark,
    around_zero,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    keys_of,
    mark_key,
    need_figures,
    of_rows,
    standings_key,
    with_ends,
    written,
)
from mpi.claims.numbers import Capital
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.naming import SIZE, named_marks
from mpi.drawing.palette import INK
from mpi.drawing.plot import EDGE, Plot
from mpi.drawing.scene import Box, Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import wrapped
from mpi.language import translated
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED, PART
from mpi.publication.plans import PlanShown
from mpi.vocabulary.wording import statistic_title

ROOM = 200.0  # points, of a label of a row
FIGURE_ROOM = 84.0  # points, of a figure with its interval
ROW = 24.0  # points, of two points of a plan
BAR = 0.6  # of a row
HEIGHT = 260.0  # points, of a chart of costs
BESIDE = 60.0  # points, about what labels take beside it
BEFORE, AFTER = translated("before the plan"), translated("after the plan")
LIFTED_TITLE = translated("Households lifted out of a deprivation, each counted once for each action")
COST_TITLE = translated("Cost, {currency}")
MOST_BARS = 24


@checked
def plan_effects(plans: Sequence[PlanShown], *, style: Style = HOUSE) -> Drawing:
    """The headcount ratio before and after each plan, with intervals.

    Parameters
    ----------
    plans : sequence of PlanShown
        Of one edition.

    Raises
    ------
    UnmadeError
        If nothing is shown.
    """
    edition = plans[0].edition
    language = edition.language
    marks = {"before": Mark(style.series[1], "s"), "after": Mark(style.series[0], "o")}
    plot = of_rows([one.title for one in plans], room=style.room(ROOM), row=ROW)
    points = []
    for place, one in enumerate(plans):
        for moment, away in (("before", -0.2), ("after", 0.2)):
            point = one.figure("H", moment)
            points.append(point)
            draw_point(plot, place + away, point, marks[moment], marked=False, language=language)
            told = (written if style.narrow else with_ends)(point, "H", language)
            across = style.room(FIGURE_ROOM, 0.13)
            plot.text(EDGE, place + away, told, size=7, across=across, anchor="end", gid="figure")
    need_figures(points)
    from_zero(plot.x, points)
    plot.x.numbers("percent", language)
    title = axis_title(statistic_title("H", edition.unit, language), "percent", language)
    plot.x.title = f"{title}, {edition.period}, k = {edition.k}"
    keys = [mark_key(marks["before"], BEFORE[language]), mark_key(marks["after"], AFTER[language])]
    keys += [interval_key(edition.level, language), *standings_key(points, language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


def parts_shown(plans: Sequence[PlanShown]) -> list[tuple[PlanShown, str, Figure]]:
    """The parts of the plans that have some: the plan, the action in words, its part of the change of H."""
    return [
        (one, one.edition.say(Capital(one.said(action))), figure)
        for one in plans
        for name, action in one.steps()
        if (figure := one.figure("H", PART, action=name)).value is not None or figure.standing == "hidden"
    ]


@checked
def plan_parts_chart(plans: Sequence[PlanShown], *, style: Style = HOUSE) -> Drawing:
    """What each action adds to the change of the headcount ratio: bars from 0 with intervals, plan by plan.

    Parameters
    ----------
    plans : sequence of PlanShown
        Of one edition.

    Raises
    ------
    UnmadeError
        If nothing is shown.
    """
    edition = plans[0].edition
    language = edition.language
    found = parts_shown(plans)[:MOST_BARS]
    need_figures([figure for _, _, figure in found], zeros=False)
    plot = of_rows([text for _, text, _ in found], room=style.room(ROOM))
    plot.rule(0, ZERO)
    own = [one for one in plans if any(plan is one for plan, _, _ in found)]
    looks = {one.spec.name: _look(place, style) for place, one in enumerate(own)}
    for place, (one, _, figure) in enumerate(found):
        if figure.value is not None:
            plot.rect(0, place - BAR / 2, figure.value, BAR, looks[one.spec.name], gid="part")
        draw_point(plot, place, figure, Mark(INK, "|", 4), marked=False, language=language)
    around_zero(plot.x, [figure for _, _, figure in found])
    plot.x.numbers("percent", language, signed=True)
    plot.x.title = f"{CHANGE[language].format(title='H')}, {edition.period}, k = {edition.k}"
    keys = [Key(label=one.title, patch=looks[one.spec.name]) for one in own]
    keys += [interval_key(edition.level, language), *standings_key([figure for _, _, figure in found], language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


def _look(place: int, style: Style) -> Look:
    hatches = ("", "////", "....", "\\\\\\\\", "xxxx")
    return Look(fill=style.light[place % len(style.light)], stroke=INK, width=0.5, hatch=hatches[place % len(hatches)])


def priced(plans: Sequence[PlanShown]) -> list[PlanShown]:
    """The plans with a cost that is shown, in the currency of the first of them."""
    own = [one for one in plans if one.figure(COST, action=WHOLE).value is not None]
    return [one for one in own if one.spec.currency == own[0].spec.currency]


@checked
def plan_costs_chart(plans: Sequence[PlanShown], *, style: Style = HOUSE) -> Drawing:
    """What plans cost against the households that they lift, with intervals of both.

    Parameters
    ----------
    plans : sequence of PlanShown
        Of one edition.

    Raises
    ------
    UnmadeError
        If nothing is shown.
    """
    edition, own = plans[0].edition, priced(plans)
    language = edition.language
    pairs = [(one.figure(LIFTED, action=WHOLE), one.figure(COST, action=WHOLE)) for one in own]
    need_figures([cost for _, cost in pairs])
    plot = Plot(HEIGHT)
    from_zero(plot.x, [lifted for lifted, _ in pairs])
    from_zero(plot.y, [cost for _, cost in pairs])
    plot.x.high *= 1.1
    mark = Mark(style.series[0])
    line = Look(stroke=mark.colour, width=1.1)
    for lifted, cost in pairs:
        x, y = lifted.value or 0.0, cost.value or 0.0
        if cost.low is not None and cost.high is not None:
            plot.line([x, x], [cost.low, cost.high], line, gid="interval")
        if lifted.low is not None and lifted.high is not None:
            plot.line([lifted.low, lifted.high], [y, y], line, gid="interval")
        plot.marker(x, y, mark.marker, mark.size, mark.look(cost.standing), gid="point")
    _name(plot, own, pairs, style)
    plot.x.numbers("number", language)
    plot.y.numbers("number", language)
    plot.x.title = f"{LIFTED_TITLE[language]}, {edition.period}"
    plot.y.title = COST_TITLE[language].format(currency=edition.titled(own[0].spec.currency))
    keys = [interval_key(edition.level, language), *standings_key([cost for _, cost in pairs], language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


def _name(plot: Plot, own: Sequence[PlanShown], pairs: Sequence[tuple[Figure, Figure]], style: Style) -> None:
    """The titles of plans beside their points."""
    wide = style.width - BESIDE
    at = np.array([
        (plot.x.share(lifted.value or 0.0) * wide, (1 - plot.y.share(cost.value or 0.0)) * plot.height)
        for lifted, cost in pairs
    ])  # fmt: skip
    names = [wrapped(one.title, 28) for one in own]
    reach = [
        max(7.0, 2 * wide * (plot.x.share(lifted.high or 0.0) - plot.x.share(lifted.value or 0.0)))
        for lifted, _ in pairs
    ]  # names stand beside the intervals
    found = named_marks(at, np.array(reach), names, Box(0, 0, wide, plot.height))
    for name, (lifted, cost) in zip(found, pairs, strict=True):
        if name is None:
            continue
        if name.line is not None:
            x, y = plot.x.value(name.line[0] / wide), plot.y.value(1 - name.line[1] / plot.height)
            plot.line([lifted.value or 0.0, x], [cost.value or 0.0, y], Look(stroke=INK, width=0.4), gid="leader")
        x = plot.x.value(name.box.left / wide)
        y = plot.y.value(1 - (name.box.top + name.box.bottom) / 2 / plot.height)
        plot.text(x, y, name.text, size=SIZE, gid="name")
