"""Charts say what the table says: what is drawn is read back and compared with the figures."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path as File
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi.disclosure.figures
from mpi import charts
from mpi.analysis.score_distribution import hide_small, score_distribution
from mpi.charts.breadth import SMALLEST
from mpi.charts.cutoffs import pieces_of, steps_of
from mpi.charts.domains import ranking
from mpi.charts.marks import CAUTION
from mpi.charts.reading import view
from mpi.charts.shapley import ShapleyParts, shapley_by, shapley_parts
from mpi.drawing.canvas import picture
from mpi.drawing.palette import PAPER, tinted
from mpi.drawing.scene import Box, Group, Marker, Path, Rect, Scene, Text
from mpi.errors import UnmadeError, UsageError
from mpi.specs.measure import Cutoff
from mpi.vocabulary.wording import LANGUAGES, MARK_MEANINGS, Language, mark_meanings
from tests.support.drawings import (
    CHARTS,
    CUTOFFS,
    HIDDEN,
    NASTY,
    ZONES,
    across,
    at,
    by_id,
    changes,
    figures,
    hidden_everywhere,
    measure,
    profile,
    tables,
    texts,
    up,
    without_errors,
)
from tests.support.loops import at_least_one
from tests.support.strategies import measure_of

ATOL = 1e-12  # the same numbers, by way of a drawing
RTOL_PRODUCT = 1e-9  # M0 and H A are rounded apart
ROUNDING = 0.5  # points: a label may reach that far over the edge by rounding


def rows(statistic: str, **where: str | None) -> dict[str | None, dict[str, Any]]:
    asked: dict[str, str | None] = {"period": "2025", "zona": None, "indicator": None, "dimension": None, **where}
    if asked["indicator"]:
        del asked["dimension"]
    if asked.get("k", "1/3") is not None:
        asked.setdefault("k", "1/3")
    return {row["departamento"]: row for row in figures().only(statistic, **asked).rows()}


def departments(statistic: str, **where: str | None) -> dict[str, dict[str, Any]]:
    return {code: row for code, row in rows(statistic, **where).items() if code is not None}


def test_ranked_dots_stand_at_the_estimates_from_the_highest_to_the_lowest() -> None:
    found = charts.ranked(figures(), domain="departamento")
    table = departments("H")
    shown = sorted((row for row in table.values() if row["estimate"] is not None), key=lambda row: -row["estimate"])
    points = by_id(found, "point")
    assert len(points) == len(shown) == len(table) - len(HIDDEN)
    assert [at(one)[0] for one in points] == pytest.approx([row["estimate"] for row in shown], abs=ATOL)
    assert [at(one)[1] for one in points] == list(range(len(shown)))
    assert texts(found, "y-label") == [*(row["departamento"] for row in shown), *sorted(HIDDEN)]
    ends = [across(one) for one in by_id(found, "interval")]
    assert ends == [pytest.approx((row["ci_low"], row["ci_high"]), abs=ATOL) for row in shown]
    assert limits(found)[0] == 0
    (total,) = figures().only("H", period="2025", k="1/3", departamento=None, zona=None).rows()
    assert across(by_id(found, "reference")[0])[0] == pytest.approx(total["estimate"], abs=ATOL)
    (band,) = by_id(found, "reference-interval")
    assert across(band)[0] == pytest.approx(total["ci_low"]) and band.data[1, 0] == pytest.approx(total["ci_high"])


def test_everything_stands_on_paper_where_its_figures_are_on_the_axes() -> None:
    for name in at_least_one(CHARTS):
        drawing = CHARTS[name]("en")
        for plot in at_least_one([one for one in drawing.elements if isinstance(one, Group)]):
            (frame,) = [one for one in plot.elements if one.gid == "frame"]
            check_places(plot, frame)  # type: ignore[arg-type]


def check_places(plot: Group, frame: Rect) -> None:
    """Points, ends of lines and corners of bars are where the limits of the axes put their figures."""
    (left, low), (right, high) = frame.data.tolist()  # type: ignore[union-attr]
    ratios = any(one.gid == "log-x" for one in plot.elements)
    for one in Scene(0, 0, plot.elements).walk():
        if one.data is None or one is frame or isinstance(one, Text):
            continue
        data = one.data[np.isfinite(one.data).all(axis=1)]
        share = np.log(data[:, 0] / left) / np.log(right / left) if ratios else (data[:, 0] - left) / (right - left)
        x = frame.x + share * frame.width
        y = frame.y + frame.height * (1 - (data[:, 1] - low) / (high - low))
        if isinstance(one, Rect):
            assert (one.x, one.y) == pytest.approx((x.min(), y.min())) and one.width >= 0 and one.height >= 0
            assert (one.x + one.width, one.y + one.height) == pytest.approx((x.max(), y.max()))
        elif isinstance(one, Marker):
            assert (one.x, one.y) == pytest.approx((x[0], y[0]))
        elif isinstance(one, Path) and len(data) == len(one.points):
            assert one.points == pytest.approx(np.column_stack([x, y]))


def limits(drawing: Scene) -> tuple[float, float, float, float]:
    """The ends of both axes of a drawing's first plot: left, right, low, high."""
    (left, low), (right, high) = by_id(drawing, "frame")[0].data.tolist()
    return left, right, low, high


def test_marks_are_pale_or_hollow_exactly_where_figures_are_doubtful() -> None:
    found = charts.ranked(figures(), domain="departamento")
    table = departments("H")
    standing = {row["estimate"]: row["standing"] for row in table.values() if row["estimate"] is not None}
    assert {"shown", "caution", "review"} <= set(standing.values())
    for point in at_least_one(by_id(found, "point")):
        own, doubt = point.look, standing[at(point)[0]]
        assert own.fill == {"caution": tinted(own.stroke, CAUTION), "review": PAPER}.get(doubt, own.stroke)
    for word, sign in (("caution", "*"), ("review", "[†]")):
        assert texts(found, f"mark-{word}") == [sign] * list(standing.values()).count(word)


def test_a_hidden_domain_has_a_sign_and_neither_point_nor_interval() -> None:
    found = charts.ranked(figures(), domain="departamento")
    assert texts(found, "mark-hidden") == ["not shown", "not shown"]
    assert not by_id(found, "key-hidden"), "words need no legend"
    places = {at(text)[1] for text in by_id(found, "mark-hidden")}
    assert len(places) == 2 and not places & {at(point)[1] for point in by_id(found, "point")}
    sheet = charts.sheet(figures(), measure(), domain="departamento", code="97")
    assert not by_id(sheet, "point") and not by_id(sheet, "interval")
    assert set(texts(sheet, "figure")) == {"x", ""}
    heat = charts.indicator_heatmap(figures(), measure(), domain="departamento")
    assert len(by_id(heat, "empty")) == len(HIDDEN) * len(measure().indicators)
    assert all(one.look.hatch for one in by_id(heat, "empty")) and texts(heat, "key-hidden") == ["not shown"]


def test_absolute_bars_add_up_to_M0_and_start_at_zero() -> None:
    found = charts.contributions(figures(), measure(), domain="departamento")
    table = rows("M0")
    count = len(measure().dimensions)
    shown = ranking({code: mpi.disclosure.figures.Figure(value=row["estimate"]) for code, row in table.items() if code})
    ordered = [None, *(code for code, point in shown if point.known)]
    bars = bars_by_row(found)
    assert list(bars) == list(range(len(ordered)))
    for place, code in enumerate(ordered):
        own = bars[place]
        assert across(own[0])[0] == 0 and len(own) == count
        for bar, dimension in zip(own, measure().dimensions, strict=True):
            part = rows("absolute_contribution", dimension=dimension.name)[code]["estimate"]
            assert across(bar)[1] - across(bar)[0] == pytest.approx(part, abs=ATOL)
        assert [across(bar)[1] for bar in own[:-1]] == [across(bar)[0] for bar in own[1:]]
        assert across(own[-1])[1] == pytest.approx(table[code]["estimate"], rel=RTOL_PRODUCT)
    assert limits(found)[0] == 0
    looks = [bar.look for bar in bars[0]]
    assert len({look.hatch for look in looks}) == len({look.fill for look in looks}) == count
    assert [one.look for one in by_id(found, "key-patch")] == looks


def bars_by_row(drawing: Scene) -> dict[int, list[Any]]:
    """The bars of each row, in the order of drawing."""
    found: dict[int, list[Any]] = {}
    for bar in at_least_one(by_id(drawing, "bar")):
        found.setdefault(round(sum(up(bar)) / 2), []).append(bar)
    return dict(sorted(found.items()))


def test_shares_of_M0_fill_the_axis_and_M0_stands_in_the_label() -> None:
    found = charts.contributions(figures(), measure(), kind="percent", domain="zona", names=ZONES, language="es")
    bars = bars_by_row(found)
    assert {place: len(own) for place, own in bars.items()} == dict.fromkeys(range(3), len(measure().dimensions))
    for own in bars.values():
        assert across(own[-1])[1] == pytest.approx(1, rel=RTOL_PRODUCT)
    assert texts(found, "y-label")[0] == "Total (M0\u00a00,041)"


def test_censored_headcounts_are_grouped_by_dimension_and_sorted_inside() -> None:
    found = charts.censored_headcounts(figures(), measure(), periods=["2025"], language="es")
    points = by_id(found, "point")
    assert len(points) == len(measure().indicators)
    labels = dict(enumerate(texts(found, "y-label")))
    bold = [one.text for one in found.texts() if one.gid == "y-label" and one.bold]
    assert len(bold) == len(measure().dimensions)
    titles = {one.title["es"]: one.name for one in measure().indicators}
    for point in points:
        name = titles[labels[round(at(point)[1])]]
        value = figures().value("censored_headcount", indicator=name, period="2025", k="1/3")
        assert at(point)[0] == pytest.approx(value, abs=ATOL)
    bars = by_id(found, "uncensored")
    assert len(bars) == len(points)
    # Nobody who is deprived and poor is not deprived: the bar is never shorter.
    assert all(across(bar)[1] >= at(point)[0] for bar, point in zip(bars, points, strict=True))
    # Each panel has a scale of its own, so that the long bars do not squeeze the points.
    frames = by_id(found, "frame")
    ends = [max(at(point)[0] for point in points), max(across(bar)[1] for bar in bars)]
    assert all(0.8 < end / frame.data[1, 0] < 1 for end, frame in zip(ends, frames, strict=True))
    told = [one.text for one in by_id(found, "figure") if "(" in one.text]
    assert len(told) == len(points)
    first = [at(point)[0] for point in points[: len(measure().dimensions[0].indicators)]]
    assert first == sorted(first, reverse=True)


def test_no_line_goes_over_a_break_or_a_hidden_period() -> None:
    assert len(by_id(charts.series(figures()), "line")) == 1
    broken = charts.series(figures(), breaks={"2025": "another frame"})
    assert not by_id(broken, "line") and len(by_id(broken, "break")) == 1
    assert "another frame" in texts(broken, "x-title")[0]
    assert len(by_id(charts.series(figures(), breaks={"2019": "before all"}), "line")) == 1
    with pytest.raises(UnmadeError, match="may be shown"):
        charts.series(figures(), where={"departamento": "97"})


def test_panels_have_one_size_and_all_begin_at_zero() -> None:
    sheet = charts.series_panels(figures())
    frames = by_id(sheet, "frame")
    assert len(frames) == 3
    assert len({(round(one.y, 6), round(one.width, 6), round(one.height, 6)) for one in frames}) == 1
    assert [one.x + one.width <= other.x for one, other in pairwise(frames)] == [True, True]
    assert {one.data[0, 1] for one in frames} == {0}


def test_a_triangle_says_that_the_interval_of_a_change_leaves_out_zero() -> None:
    found = charts.changes_forest(changes(), statistic="censored_headcount", measure=measure())
    points, intervals = by_id(found, "point"), by_id(found, "interval")
    assert len(points) == len(intervals) == len(measure().indicators)
    kinds = set()
    for point, line in zip(points, intervals, strict=True):
        low, high = across(line)
        assert low < at(point)[0] < high
        kinds.add(point.kind)
        assert point.kind == ("<" if high < 0 else ">" if low > 0 else "o")
    assert len(kinds) > 1
    values = [at(point)[0] for point in points]
    assert values == sorted(values)


def test_incidence_and_intensity_lie_on_the_curve_of_their_M0() -> None:
    found = charts.incidence_intensity(figures(), domain="departamento")
    table, index = departments("H"), departments("M0")
    marks = by_id(found, "point")
    assert len(marks) == len(table) - len(HIDDEN)
    products = sorted(h * a for h, a in map(at, marks))
    # The area of a mark beyond the smallest one is the number of the poor.
    poor = {
        row["estimate"]: float(departments("poor")[code]["estimate"]) for code, row in table.items() if row["estimate"]
    }
    areas = np.array([(one.size - SMALLEST) ** 2 for one in marks])
    assert areas / areas.max() == pytest.approx(np.array([poor[at(one)[0]] for one in marks]) / max(poor.values()))
    expected = sorted(row["estimate"] for row in index.values() if row["estimate"] is not None)
    assert products == pytest.approx(expected, rel=RTOL_PRODUCT)
    for curve in at_least_one(by_id(found, "equal-M0")):
        assert np.ptp(curve.data[:, 0] * curve.data[:, 1]) < RTOL_PRODUCT
    assert f"Not shown: {' and '.join(sorted(HIDDEN))}" in texts(found, "x-title")[0]


def test_what_incidence_and_intensity_bring_adds_up_to_the_change_of_M0() -> None:
    found = shapley_by(figures(), domain="departamento")
    assert len(found) == 34
    for code, parts in found.items():
        if code in HIDDEN:
            assert isinstance(parts, mpi.disclosure.figures.Figure) and parts.standing == "hidden"
            continue
        assert isinstance(parts, ShapleyParts)
        where = {"departamento": code, "k": "1/3"}
        moved = (figures().value("M0", period="2025", **where) or 0) - (
            figures().value("M0", period="2024", **where) or 0
        )
        assert parts.total == pytest.approx(moved, abs=ATOL)
    drawing = charts.shapley(figures(), domain="departamento")
    bars = {name: by_id(drawing, name) for name in ("incidence", "intensity", "total")}
    assert len(bars["incidence"]) == len(bars["intensity"]) == len(bars["total"]) == 34 - len(HIDDEN)
    for one, other, total in zip(*bars.values(), strict=True):
        assert across(one)[0] == across(other)[0] == 0
        assert across(one)[1] + across(other)[1] == pytest.approx(at(total)[0], abs=ATOL)
        assert max(up(one)) <= at(total)[1] + 0.02 and min(up(other)) >= at(total)[1] - 0.02


def test_the_parts_of_a_change_turn_round_with_the_rounds_and_vanish_with_their_cause() -> None:
    forth, back = shapley_parts((0.5, 0.3), (0.4, 0.6)), shapley_parts((0.3, 0.5), (0.6, 0.4))
    assert (forth.incidence, forth.intensity) == pytest.approx((-back.incidence, -back.intensity))
    assert shapley_parts((0.5, 0.5), (0.4, 0.6)).incidence == 0
    assert shapley_parts((0.5, 0.3), (0.4, 0.4)).intensity == 0


def test_k_curves_say_no_more_than_that_a_figure_lies_between_its_neighbours() -> None:
    found = charts.k_curves(figures(), statistic="H", official="1/3")
    expected = [figures().value("H", period="2025", k=k) for k in ("1/4", "1/3", "2/5", "1/2")]
    boxes = by_id(found, "between")
    assert len(boxes) == 3
    for box, ends, (high, low) in zip(boxes, pairwise([1 / 4, 1 / 3, 2 / 5, 1 / 2]), pairwise(expected), strict=True):
        assert across(box) == pytest.approx(ends)
        assert up(box) == pytest.approx((low, high), abs=ATOL)
    assert across(by_id(found, "official")[0])[0] == pytest.approx(1 / 3)


def test_the_steps_of_a_k_curve_go_through_the_figures_of_every_cutoff() -> None:
    scores = score_distribution(profile("2025"), measure())
    scores = hide_small(scores, persons=0, households=0)
    for statistic in ("H", "A", "M0"):
        found = charts.k_curves(figures(), statistic=statistic, scores=scores)
        (line,) = by_id(found, "steps")
        assert not by_id(found, "between")
        x, y = line.data.T
        assert (np.diff(x) >= 0).all() and x[0] == 0
        for k in CUTOFFS:
            expected = figures().value(statistic, period="2025", k=k)
            step = int(np.flatnonzero(x >= float(Fraction(k)) - ATOL)[0])
            assert y[step] == pytest.approx(expected, rel=RTOL_PRODUCT)


def test_the_steps_of_a_k_curve_stop_where_hidden_scores_leave_them_unknown() -> None:
    whole = hide_small(score_distribution(profile("2025"), measure()), persons=0, households=0)
    some = tables()["scores"]
    gone = np.array([one is None for one in some["share"].to_pylist()])
    assert 0 < gone.sum() < len(gone)
    for statistic in ("H", "A", "M0"):
        drawn = [charts.k_curves(figures(), statistic=statistic, scores=one) for one in (whole, some)]
        exact, found = ([step.data for step in by_id(one, "steps")] for one in drawn)
        assert len(exact) == 1 and found and sum(map(len, found)) < len(exact[0])
        height = dict(zip(map(tuple, np.round(exact[0].reshape(-1, 4)[:, ::2], 9)), exact[0][::2, 1], strict=True))
        for piece in found:
            for left, y, right, again in piece.reshape(-1, 4):
                assert y == again == pytest.approx(height[round(left, 9), round(right, 9)], abs=ATOL)


def test_a_step_beside_a_hidden_score_rests_on_figures_that_are_shown() -> None:
    scores = pa.table({"score": ["0", "1/4", "1/2", "3/4"], "value": [0.0, 0.25, 0.5, 0.75],
                       "share": [0.4, None, None, 0.1]})  # fmt: skip
    steps = steps_of(scores, "H", ["1/4", "1/2", ">1/2"], {"H": [0.6, None, None], "M0": [None] * 3})
    assert steps[::2, 1].tolist() == pytest.approx([1.0, 0.6, np.nan, 0.1], nan_ok=True)
    steps = steps_of(scores, "H", ["1/2", ">1/4"], {"H": [0.3, 0.3], "M0": [None] * 2})
    assert steps[::2, 1].tolist() == pytest.approx([1.0, 0.6, 0.3, 0.1], nan_ok=True)
    steps = steps_of(scores, "M0", ["1/2"], {"H": [None], "M0": [0.2]})
    assert steps[::2, 1].tolist() == pytest.approx([np.nan, np.nan, 0.2, 0.075], nan_ok=True)
    assert [len(piece) for piece in pieces_of(steps)] == [4]


def test_names_of_a_cloud_cover_no_mark_and_no_other_name_and_lines_lead_to_their_marks() -> None:
    names = {code: f"Depto. {code}" for code in departments("H")}
    found = charts.incidence_intensity(figures(), domain="departamento", names=names)
    told, marks = by_id(found, "name"), by_id(found, "point")
    assert len(told) >= 0.85 * len(marks)
    below = " ".join(one.text for one in by_id(found, "x-title")).replace("\n", " ")
    lacking = set(names.values()) - {one.text for one in told}
    assert ("On the chart without their name: " in below) == bool(lacking)
    assert all(name in below for name in sorted(lacking)[:1])
    boxes = [one.box() for one in told]
    circles = [
        Box(one.x - one.size / 2, one.y - one.size / 2, one.x + one.size / 2, one.y + one.size / 2) for one in marks
    ]
    for i, box in at_least_one(list(enumerate(boxes))):
        assert not [other for other in [*boxes[:i], *circles] if meet(box, other)], told[i].text
    centres = {(round(one.x, 1), round(one.y, 1)) for one in marks}
    lines = by_id(found, "leader")
    assert lines and {tuple(np.round(one.points[0], 1).tolist()) for one in lines} <= centres


def meet(one: Box, other: Box) -> bool:
    """Whether boxes cover each other by more than the rounding of their places."""
    slack = 2 * ROUNDING
    return (
        one.left + slack < other.right
        and other.left + slack < one.right
        and one.top + slack < other.bottom
        and other.top + slack < one.bottom
    )


def test_the_heatmap_puts_a_value_on_a_break_into_the_class_below() -> None:
    values = sorted(
        row["estimate"]
        for row in departments("censored_headcount", indicator="empleo_formal").values()
        if row["estimate"] is not None
    )
    middle = values[len(values) // 2]
    found = charts.indicator_heatmap(figures(), measure(), domain="departamento", breaks=(0, middle, 1))
    column = measure().names.index("empleo_formal")
    low, high = (
        [cell for cell in by_id(found, name) if at(cell)[0] == column - 0.5] for name in ("class-0", "class-1")
    )
    assert len(low) == sum(value <= middle for value in values)
    assert len(low) + len(high) == len(values)
    # The highest M0 first; each number stands in its cell.
    index = departments("M0")
    ranks = sorted((code for code in index if index[code]["estimate"] is not None), key=lambda c: -index[c]["estimate"])
    assert texts(found, "y-label") == [*ranks, *sorted(HIDDEN)]
    own = departments("censored_headcount", indicator="empleo_formal")
    said = {round(at(one)[1]): one.text for one in by_id(found, "figure") if at(one)[0] == column}
    assert {place: text.strip("[]*") for place, text in said.items()} == {
        place: f"{100 * own[code]['estimate']:.1f}" for place, code in enumerate(ranks)
    }


def test_scores_bundles_and_pairs_are_drawn_as_their_tables_say() -> None:
    table = tables()["scores"].to_pylist()
    found = charts.score_bars(tables()["scores"], k="1/3")
    bars = [*by_id(found, "not poor"), *by_id(found, "poor")]
    shown = [row for row in table if row["share"] is not None]
    assert 0 < len(shown) < len(table)
    assert [up(bar) for bar in bars] == [(0, pytest.approx(row["share"], abs=ATOL)) for row in shown]
    assert [sum(across(bar)) / 2 for bar in bars] == pytest.approx([row["value"] for row in shown])
    gaps = by_id(found, "mark-hidden")
    assert len(gaps) == len(table) - len(shown) == len([one for one in gaps if one.look.hatch])
    assert {up(gap) for gap in gaps} == {up(gaps[0])} and up(gaps[0])[1] > max(row["share"] for row in shown), (
        "no bar is so high"
    )
    assert texts(found, "key-hidden") == ["not shown"]
    assert all(sum(across(bar)) / 2 >= 1 / 3 - ATOL for bar in at_least_one(by_id(found, "poor")))
    assert {bool(bar.look.hatch) for bar in by_id(found, "poor")} == {True}
    both = charts.bundle_matrix(tables()["bundles"], measure())
    rows_of = tables()["bundles"].to_pylist()
    assert [up(bar)[1] for bar in by_id(both, "bar")] == pytest.approx(
        [row["share"] for row in rows_of if row["share"] is not None], abs=ATOL
    )
    labels = [one for one in by_id(both, "y-label") if one.text[0].isalpha()]
    named = {one.title["en"]: one.name for one in measure().indicators}
    lines = {at(one)[1]: named[one.text.replace("\n", " ")] for one in labels}
    dots = {(round(x), lines[y]) for x, y in map(at, by_id(both, "in"))}
    assert dots == {(i, name) for i, row in enumerate(rows_of) for name in (row["indicators"] or "").split()}
    triangle = charts.co_deprivation_triangle(tables()["pairs"], measure())
    d = len(measure().indicators)
    assert len([one for one in triangle.walk() if one.gid.startswith("cell-")]) == d * (d + 1) // 2


SAID = [("caution", {"es": "CV mayor de 15 y hasta 30 %", "en": "CV above 15 and up to 30 %"}),
        ("review", {"es": "una regla de muchas palabras, " * 9, "en": "a rule of many words, " * 9})]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["ranked", "heatmap", "panels", "sheet", "k curves"])
def test_a_chart_says_what_its_marks_mean_in_the_words_of_the_rules(name: str, language: Language) -> None:
    told = mark_meanings(SAID, language)
    plain, found = CHARTS[name](language), charts.explained(CHARTS[name](language), told, language=language)
    legend = [one.text for one in plain.texts() if one.gid.startswith("key")]
    met = [mark for mark in ("caution", "review") if any(MARK_MEANINGS[mark][language] in text for text in legend)]
    note = " ".join(texts(found, "note")).replace("  ", " ")
    assert [mark for mark in ("caution", "review") if told[mark].strip()[:60] in note] == met
    assert (found.height > plain.height) == bool(met)
    assert charts.explained(plain, mark_meanings(None, language), language=language) is plain


def test_charts_with_and_without_marks_of_doubt_are_among_those_that_are_explained() -> None:
    notes = {
        name: "".join(texts(charts.explained(CHARTS[name]("en"), mark_meanings(SAID, "en")), "note"))
        for name in ("ranked", "bundles")
    }
    assert notes["ranked"].startswith("* use with caution: CV above 15") and not notes["bundles"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_of_a_chart_leaves_the_paper_and_no_labels_of_rows_collide(name: str, language: Language) -> None:
    found = charts.explained(CHARTS[name](language), mark_meanings(SAID, language), language=language)
    drawn = [one for one in found.texts() if one.text.strip()]
    assert len(drawn) > 5
    for text in drawn:
        box = text.box()
        assert box.left >= -ROUNDING and box.right <= found.width + ROUNDING, text.text
        assert box.top >= -ROUNDING and box.bottom <= found.height + ROUNDING, text.text
    around = ("y-label", "x-label", "x-title", "y-title", "title", "note", "head", "name", "column")
    kept = [one for one in drawn if one.gid in around or one.gid.startswith("key")]
    for one, other in at_least_one(combinations(kept, 2)):
        assert not overlap(one.box(), other.box()), (one.text, other.text)
    frames = [Box(one.x, one.y, one.x + one.width, one.y + one.height) for one in by_id(found, "frame")]
    for text in at_least_one([one for one in kept if one.gid not in ("name", "column")]):
        assert not any(overlap(text.box(), frame) for frame in frames), text.text


def overlap(one: Box, other: Box) -> bool:
    """Whether two texts cover each other by more than rounding."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > ROUNDING and down > ROUNDING


OF_FIGURES: list[Any] = [
    charts.series, charts.series_panels, lambda own: charts.slopes(own, domain="zona"),
    lambda own: charts.censored_headcounts(own, measure()),
    lambda own: charts.contributions(own, measure(), domain="departamento"),
    lambda own: charts.contributions(own, measure(), domain="zona", kind="percent"),
    lambda own: charts.ranked(own, domain="departamento"),
    lambda own: charts.incidence_intensity(own, domain="departamento"),
    lambda own: charts.k_curves(own, domain="zona"),
    lambda own: charts.indicator_heatmap(own, measure(), domain="zona"),
    lambda own: charts.sheet(own, measure(), domain="departamento", code="05"),
    lambda own: charts.shapley(own, domain="departamento"),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(OF_FIGURES)))
def test_charts_without_a_figure_say_why_they_are_not_made_and_those_without_errors_stand(place: int) -> None:
    for standing, why in (("hidden", "may be shown"), ("undefined", "is defined")):
        with pytest.raises(UnmadeError, match=why) as refused:
            OF_FIGURES[place](hidden_everywhere(standing))
        assert set(refused.value.why) == set(LANGUAGES)
    census = OF_FIGURES[place](without_errors())
    assert picture(census, ".svg")
    assert not by_id(census, "interval") and not by_id(census, "band")


def test_the_legend_of_a_census_has_no_interval_and_a_long_label_few_lines() -> None:
    sheet = charts.ranked(without_errors(), domain="departamento", names={"05": "ñ" + "a" * 300})
    assert texts(sheet, "key") and not by_id(sheet, "key-interval")
    assert texts(charts.ranked(figures(), domain="zona"), "key-interval") == ["95% CI"]
    (label,) = [one.text for one in sheet.texts() if one.gid == "y-label" and one.text.startswith("ñ")]
    assert label.count("\n") == 3 and label.endswith("…")


def test_what_would_have_more_columns_than_can_be_read_is_refused() -> None:
    many = measure_of({"d": {f"i{j}": Fraction(1, 50) for j in range(50)}}, [Cutoff(Fraction(1, 2))])
    with pytest.raises(UnmadeError, match="50 rows or lines, more than the 40"):
        charts.indicator_heatmap(figures(), many, domain="zona")
    with pytest.raises(UnmadeError, match="50 rows or lines, more than the 30"):
        charts.co_deprivation_triangle(tables()["pairs"], many)


def test_changes_that_are_hidden_have_signs_only() -> None:
    found = charts.changes_forest(changes(), domain="departamento")
    assert len(by_id(found, "mark-hidden")) == len(HIDDEN)
    with pytest.raises(UnmadeError, match="may be shown"):
        charts.changes_forest(hidden_everywhere("hidden", changes()), domain="zona")


def test_a_notebook_shows_a_chart_and_it_can_be_saved(tmp_path: File) -> None:
    found = charts.ranked(figures(), domain="zona")
    assert "<svg" in found._repr_svg_()
    for ending in (".svg", ".png", ".pdf"):
        found.save(tmp_path / f"x{ending}")
        assert (tmp_path / f"x{ending}").read_bytes() == picture(found, ending)
    with pytest.raises(UsageError, match="MPI-P003"):
        found.save(tmp_path / "x.gif")


def test_names_are_never_formulas() -> None:
    found = charts.ranked(figures(), domain="departamento", names=NASTY)
    assert set(NASTY.values()) <= set(texts(found, "y-label"))


@pytest.mark.parametrize(("code", "ask"), [
    ("MPI-P001", lambda: charts.ranked(figures(), domain="municipio")),
    ("MPI-P001", lambda: charts.ranked(figures(), domain="zona", period="1999")),
    ("MPI-P001", lambda: view(figures(), k="2/3")),
    ("MPI-P001", lambda: view(figures(), unit="households")),
    ("MPI-P001", lambda: view(figures(), where={"zona": "luna"})),
    ("MPI-P003", lambda: picture(charts.series(figures()), ".gif")),
    ("MPI-P004", lambda: charts.series(figures(), domain="departamento")),
    ("MPI-P004", lambda: charts.censored_headcounts(figures(), measure(), periods=["1", "2", "3", "4"])),
    ("MPI-P005", lambda: charts.score_bars(tables()["scores"].drop_columns(["standing"]), k="1/3")),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_a_remedy(code: str, ask: Any) -> None:
    with pytest.raises(UsageError) as caught:
        ask()
    assert caught.value.faults[0].code == code
    assert caught.value.faults[0].remedy


def test_charts_are_made_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    for draw in CHARTS.values():
        assert b"<svg" in picture(draw("en"), ".svg")


def test_a_table_without_changes_is_no_chart() -> None:
    empty = dataclasses.replace(changes(), table=changes().table.slice(0, 0))
    with pytest.raises(UnmadeError, match="MPI-P170"):
        charts.changes_forest(empty, statistic="H")
