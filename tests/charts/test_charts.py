"""Charts say what the table says: artists are read back and compared with the figures."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import mpi.disclosure.figures
from mpi import charts
from mpi.charts.domains import ranking
from mpi.charts.reading import view
from mpi.charts.shapley import ShapleyParts, shapley_by, shapley_parts
from mpi.drawing.canvas import figure_of, picture
from mpi.errors import UnmadeError, UsageError
from mpi.specs.measure import Cutoff
from mpi.vocabulary.wording import LANGUAGES, MARK_MEANINGS, Language, mark_meanings
from tests.support.drawings import (
    CHARTS,
    HIDDEN,
    NASTY,
    ZONES,
    by_id,
    changes,
    figures,
    hidden_everywhere,
    measure,
    tables,
    without_errors,
)
from tests.support.loops import at_least_one
from tests.support.strategies import measure_of

ATOL = 1e-12  # the same numbers, by way of a drawing
RTOL_PRODUCT = 1e-9  # M0 and H A are rounded apart
INCH_PIXELS = 1.5  # a label may reach that far over the edge by rounding


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
    axes = charts.ranked(figures(), domain="departamento")
    table = departments("H")
    shown = sorted((row for row in table.values() if row["estimate"] is not None), key=lambda row: -row["estimate"])
    points = by_id(axes, "point")
    assert len(points) == len(shown) == len(table) - len(HIDDEN)
    assert [float(p.get_xdata()[0]) for p in points] == pytest.approx([row["estimate"] for row in shown], abs=ATOL)
    assert [p.get_ydata()[0] for p in points] == list(range(len(shown)))
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [*(row["departamento"] for row in shown), *sorted(HIDDEN)]
    ends = [tuple(line.get_xdata()) for line in by_id(axes, "interval")]
    assert ends == [pytest.approx((row["ci_low"], row["ci_high"]), abs=ATOL) for row in shown]
    assert axes.get_xlim()[0] == 0
    total = figures().value("H", period="2025", k="1/3")
    assert by_id(axes, "reference")[0].get_xdata()[0] == pytest.approx(total, abs=ATOL)


def test_marks_are_hollow_exactly_where_figures_are_not_reliable() -> None:
    axes = charts.ranked(figures(), domain="departamento")
    table = departments("H")
    standing = {row["estimate"]: row["standing"] for row in table.values() if row["estimate"] is not None}
    assert {"shown", "caution", "review"} <= set(standing.values())
    for point in at_least_one(by_id(axes, "point")):
        hollow = mpl.colors.to_hex(point.get_markerfacecolor()) == "#ffffff"
        assert hollow == (standing[float(point.get_xdata()[0])] not in ("shown", "unjudged"))
    for word, sign in (("caution", "*"), ("review", "[†]")):
        signs = by_id(axes, f"mark-{word}")
        assert [text.get_text() for text in signs] == [sign] * list(standing.values()).count(word)


def test_a_hidden_domain_has_a_sign_and_neither_point_nor_interval() -> None:
    axes = charts.ranked(figures(), domain="departamento")
    signs = by_id(axes, "mark-hidden")
    assert [text.get_text() for text in signs] == ["x", "x"]
    places = {text.xy[1] for text in signs}
    assert not places & {point.get_ydata()[0] for point in by_id(axes, "point")}
    sheet = charts.sheet(figures(), measure(), domain="departamento", code="97")
    assert not by_id(sheet, "point") and not by_id(sheet, "interval")
    assert {text.get_text() for text in by_id(sheet, "figure")} == {"x", ""}
    heat = charts.indicator_heatmap(figures(), measure(), domain="departamento")
    assert len(by_id(heat, "empty")) == len(HIDDEN) * len(measure().indicators)


def test_absolute_bars_add_up_to_M0_and_start_at_zero() -> None:
    axes = charts.contributions(figures(), measure(), domain="departamento")
    table = rows("M0")
    bars = by_id(axes, "bar")
    count = len(measure().dimensions)
    shown = ranking({code: mpi.disclosure.figures.Figure(value=row["estimate"]) for code, row in table.items() if code})
    ordered = [None, *(code for code, point in shown if point.known)]
    assert len(bars) == count * len(ordered)
    for place, code in enumerate(ordered):
        own = bars[count * place : count * (place + 1)]
        assert own[0].get_x() == 0
        for bar, dimension in zip(own, measure().dimensions, strict=True):
            part = rows("absolute_contribution", dimension=dimension.name)[code]["estimate"]
            assert bar.get_width() == pytest.approx(part, abs=ATOL)
        assert own[-1].get_x() + own[-1].get_width() == pytest.approx(table[code]["estimate"], rel=RTOL_PRODUCT)
    assert axes.get_xlim()[0] == 0
    looks = {(bar.get_hatch(), bar.get_facecolor()) for bar in bars[:count]}
    assert len({hatch for hatch, _ in looks}) == len({colour for _, colour in looks}) == count


def test_shares_of_M0_fill_the_axis_and_M0_stands_in_the_label() -> None:
    axes = charts.contributions(figures(), measure(), kind="percent", domain="zona", names=ZONES, language="es")
    bars = by_id(axes, "bar")
    count = len(measure().dimensions)
    assert len(bars) == 3 * count
    for place in range(3):
        last = bars[count * place + count - 1]
        assert last.get_x() + last.get_width() == pytest.approx(1, rel=RTOL_PRODUCT)
    assert axes.get_yticklabels()[0].get_text() == "Total (M0\u00a00,041)"


def test_censored_headcounts_are_grouped_by_dimension_and_sorted_inside() -> None:
    axes = charts.censored_headcounts(figures(), measure(), periods=["2025"], language="es")
    points = by_id(axes, "point")
    assert len(points) == len(measure().indicators)
    labels = {i: label.get_text().replace("\n", " ") for i, label in enumerate(axes.get_yticklabels())}
    titles = {one.title["es"]: one.name for one in measure().indicators}
    for point in points:
        name = titles[labels[round(float(point.get_ydata()[0]))]]
        value = figures().value("censored_headcount", indicator=name, period="2025", k="1/3")
        assert float(point.get_xdata()[0]) == pytest.approx(value, abs=ATOL)
    ticks = by_id(axes, "uncensored")
    assert len(ticks) == len(points)
    # Nobody who is deprived and poor is not deprived: the tick is never left of the point.
    assert all(t.get_xdata()[0] >= p.get_xdata()[0] for t, p in zip(ticks, points, strict=True))
    first = [float(p.get_xdata()[0]) for p in points[: len(measure().dimensions[0].indicators)]]
    assert first == sorted(first, reverse=True)


def test_no_line_goes_over_a_break_or_a_hidden_period() -> None:
    assert len(by_id(charts.series(figures()), "line")) == 1
    broken = charts.series(figures(), breaks={"2025": "another frame"})
    assert not by_id(broken, "line") and len(by_id(broken, "break")) == 1
    assert "another frame" in broken.get_xlabel()
    assert len(by_id(charts.series(figures(), breaks={"2019": "before all"}), "line")) == 1
    with pytest.raises(UnmadeError, match="may be shown"):
        charts.series(figures(), where={"departamento": "97"})


def test_panels_have_one_size_and_all_begin_at_zero() -> None:
    sheet = charts.series_panels(figures())
    picture(sheet, ".png", dpi=50)
    boxes = [axes.get_position().bounds for axes in sheet.axes]
    assert len(boxes) == 3
    assert len({round(box[1], 6) for box in boxes}) == len({round(box[3], 6) for box in boxes}) == 1
    assert {axes.get_ylim()[0] for axes in sheet.axes} == {0}


def test_a_triangle_says_that_the_interval_of_a_change_leaves_out_zero() -> None:
    axes = charts.changes_forest(changes(), statistic="censored_headcount", measure=measure())
    points, intervals = by_id(axes, "point"), by_id(axes, "interval")
    assert len(points) == len(intervals) == len(measure().indicators)
    kinds = set()
    for point, line in zip(points, intervals, strict=True):
        low, high = line.get_xdata()
        assert low < point.get_xdata()[0] < high
        kinds.add(point.get_marker())
        assert point.get_marker() == ("<" if high < 0 else ">" if low > 0 else "o")
    assert len(kinds) > 1
    values = [float(point.get_xdata()[0]) for point in points]
    assert values == sorted(values)


def test_incidence_and_intensity_lie_on_the_curve_of_their_M0() -> None:
    axes = charts.incidence_intensity(figures(), domain="departamento")
    table, index = departments("H"), departments("M0")
    marks = [artist.get_offsets()[0] for artist in by_id(axes, "point")]
    assert len(marks) == len(table) - len(HIDDEN)
    products = sorted(float(h) * float(a) for h, a in marks)
    expected = sorted(row["estimate"] for row in index.values() if row["estimate"] is not None)
    assert products == pytest.approx(expected, rel=RTOL_PRODUCT)
    for curve in by_id(axes, "equal-M0"):
        h, a = curve.get_data()
        assert np.ptp(h * a) < RTOL_PRODUCT
    assert all(f"{code}: x" in axes.get_xlabel() for code in HIDDEN)


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
    axes = charts.shapley(figures(), domain="departamento")
    bars = {name: by_id(axes, name) for name in ("incidence", "intensity", "total")}
    assert len(bars["incidence"]) == len(bars["intensity"]) == len(bars["total"]) == 34 - len(HIDDEN)
    for one, other, total in zip(*bars.values(), strict=True):
        assert one.get_width() + other.get_width() == pytest.approx(float(total.get_xdata()[0]), abs=ATOL)


def test_the_parts_of_a_change_turn_round_with_the_rounds_and_vanish_with_their_cause() -> None:
    forth, back = shapley_parts((0.5, 0.3), (0.4, 0.6)), shapley_parts((0.3, 0.5), (0.6, 0.4))
    assert (forth.incidence, forth.intensity) == pytest.approx((-back.incidence, -back.intensity))
    assert shapley_parts((0.5, 0.5), (0.4, 0.6)).incidence == 0
    assert shapley_parts((0.5, 0.3), (0.4, 0.4)).intensity == 0


def test_k_curves_say_no_more_than_that_a_figure_lies_between_its_neighbours() -> None:
    axes = charts.k_curves(figures(), statistic="H", official="1/3")
    expected = [figures().value("H", period="2025", k=k) for k in ("1/4", "1/3", "2/5", "1/2")]
    at = [1 / 4, 1 / 3, 2 / 5, 1 / 2]
    boxes = by_id(axes, "between")
    assert len(boxes) == 3
    for box, (x, next_x), (high, low) in zip(boxes, pairwise(at), pairwise(expected), strict=True):
        assert (box.get_x(), box.get_x() + box.get_width()) == pytest.approx((x, next_x))
        assert (box.get_y(), box.get_y() + box.get_height()) == pytest.approx((low, high), abs=ATOL)
    assert by_id(axes, "official")[0].get_xdata()[0] == pytest.approx(1 / 3)


def test_the_heatmap_puts_a_value_on_a_break_into_the_class_below() -> None:
    values = sorted(
        row["estimate"]
        for row in departments("censored_headcount", indicator="empleo_formal").values()
        if row["estimate"] is not None
    )
    middle = values[len(values) // 2]
    axes = charts.indicator_heatmap(figures(), measure(), domain="departamento", breaks=(0, middle, 1))
    column = measure().names.index("empleo_formal")
    low = [patch for patch in by_id(axes, "class-0") if patch.get_x() == column - 0.5]
    assert len(low) == sum(value <= middle for value in values)


def test_scores_bundles_and_pairs_are_drawn_as_their_tables_say() -> None:
    table = tables()["scores"].to_pylist()
    axes = charts.score_bars(tables()["scores"], k="1/3")
    bars = [*by_id(axes, "not poor"), *by_id(axes, "poor")]
    shown = [row for row in table if row["share"] is not None]
    assert 0 < len(shown) < len(table)
    assert [bar.get_height() for bar in bars] == pytest.approx([row["share"] for row in shown], abs=ATOL)
    assert len(by_id(axes, "mark-hidden")) == len(table) - len(shown)
    assert all(bar.get_x() + bar.get_width() / 2 >= 1 / 3 - ATOL for bar in by_id(axes, "poor"))
    top, matrix = charts.bundle_matrix(tables()["bundles"], measure())
    rows_of = tables()["bundles"].to_pylist()
    assert [bar.get_height() for bar in by_id(top, "bar")] == pytest.approx(
        [row["share"] for row in rows_of if row["share"] is not None], abs=ATOL
    )
    dots = by_id(matrix, "in")
    assert len(dots) == sum(len((row["indicators"] or "").split()) for row in rows_of)
    triangle = charts.co_deprivation_triangle(tables()["pairs"], measure())
    d = len(measure().indicators)
    assert len([p for p in triangle.patches if str(p.get_gid()).startswith("cell-")]) == d * (d + 1) // 2


SAID = [("caution", {"es": "CV mayor de 15 y hasta 30 %", "en": "CV above 15 and up to 30 %"}),
        ("review", {"es": "una regla de muchas palabras, " * 9, "en": "a rule of many words, " * 9})]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["ranked", "heatmap", "panels", "sheet", "k curves"])
def test_a_chart_says_what_its_marks_mean_in_the_words_of_the_rules(name: str, language: Language) -> None:
    told = mark_meanings(SAID, language)
    plain, found = CHARTS[name](language), charts.explained(CHARTS[name](language), told, language=language)
    before, after = (figure_of(one) for one in (plain, found))
    legend = [text.get_text() for one in before.legends for text in one.get_texts()]
    met = [mark for mark in ("caution", "review") if any(MARK_MEANINGS[mark][language] in text for text in legend)]
    note = after.get_supxlabel().replace("\n", " ").replace("  ", " ")
    assert [mark for mark in ("caution", "review") if told[mark].strip()[:60] in note] == met
    grown = after.get_size_inches()[1] - before.get_size_inches()[1]
    assert (grown > 0) == bool(met)
    assert charts.explained(plain, mark_meanings(None, language), language=language) is plain
    assert plain is not None and figure_of(plain).get_size_inches()[1] == before.get_size_inches()[1]


def test_charts_with_and_without_marks_of_doubt_are_among_those_that_are_explained() -> None:
    notes = {
        name: figure_of(charts.explained(CHARTS[name]("en"), mark_meanings(SAID, "en"))).get_supxlabel()
        for name in ("ranked", "bundles")
    }
    assert notes["ranked"].startswith("* use with caution: CV above 15") and not notes["bundles"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_of_a_chart_leaves_the_paper_and_no_labels_of_rows_collide(name: str, language: Language) -> None:
    found = charts.explained(CHARTS[name](language), mark_meanings(SAID, language), language=language)
    sheet = figure_of(found)
    picture(sheet, ".png", dpi=100)  # settles the layout
    paper = sheet.bbox
    undrawn = {id(text) for axes in sheet.axes for text in _off_axis(axes)}
    texts = [text for text in sheet.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    drawn = [text for text in texts if id(text) not in undrawn]
    assert len(drawn) > 5
    for text in drawn:
        box = text.get_window_extent()
        assert box.x0 >= paper.x0 - INCH_PIXELS and box.x1 <= paper.x1 + INCH_PIXELS, text.get_text()
        assert box.y0 >= paper.y0 - INCH_PIXELS and box.y1 <= paper.y1 + INCH_PIXELS, text.get_text()
    below = [text.get_window_extent().y1 for text in texts if text.get_text() == sheet.get_supxlabel()]
    lowest = min(axes.get_tightbbox().y0 for axes in sheet.axes)
    assert max(below, default=lowest) <= lowest + INCH_PIXELS
    for axes in sheet.axes:
        off = {id(text) for text in _off_axis(axes)}
        labels = [
            label.get_window_extent() for label in axes.get_yticklabels() if label.get_text() and id(label) not in off
        ]
        for a, b in pairwise(sorted(labels, key=lambda box: float(box.y0))):
            assert a.y1 <= b.y0 + INCH_PIXELS


def _off_axis(axes: Any) -> list[Any]:
    """Labels of ticks outside the limits, which are not drawn."""
    found = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        margin = 1e-9 * (high - low)
        off = [tick for tick in axis.get_major_ticks() if not low - margin <= tick.get_loc() <= high + margin]
        found += [label for tick in off for label in (tick.label1, tick.label2)]
    return found


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
    sheet = census if isinstance(census, Figure) else census.figure
    picture(sheet, ".png", dpi=40)
    assert not any(by_id(axes, "interval") or by_id(axes, "band") for axes in sheet.axes)


def test_the_legend_of_a_census_has_no_interval_and_a_long_label_few_lines() -> None:
    sheet = charts.ranked(without_errors(), domain="departamento", names={"05": "ñ" + "a" * 300}).figure
    legend = [text.get_text() for text in sheet.legends[0].get_texts()]
    assert legend
    assert "95% CI" not in legend
    assert "95% CI" in [
        text.get_text() for text in charts.ranked(figures(), domain="zona").figure.legends[0].get_texts()
    ]
    (label,) = [text.get_text() for text in sheet.axes[0].get_yticklabels() if text.get_text().startswith("ñ")]
    assert label.count("\n") == 3 and label.endswith("…")


def test_what_would_have_more_columns_than_can_be_read_is_refused() -> None:
    many = measure_of({"d": {f"i{j}": Fraction(1, 50) for j in range(50)}}, [Cutoff(Fraction(1, 2))])
    with pytest.raises(UnmadeError, match="50 rows or lines, more than the 40"):
        charts.indicator_heatmap(figures(), many, domain="zona")
    with pytest.raises(UnmadeError, match="50 rows or lines, more than the 30"):
        charts.co_deprivation_triangle(tables()["pairs"], many)


def test_changes_that_are_hidden_have_signs_only() -> None:
    axes = charts.changes_forest(changes(), domain="departamento")
    assert len(by_id(axes, "mark-hidden")) == len(HIDDEN)
    with pytest.raises(UnmadeError, match="may be shown"):
        charts.changes_forest(hidden_everywhere("hidden", changes()), domain="zona")


def test_a_chart_draws_into_given_axes_and_leaves_the_rest_alone() -> None:
    before = dict(mpl.rcParams)
    sheet = Figure()
    axes = sheet.add_subplot()
    assert charts.ranked(figures(), domain="zona", ax=axes) is axes
    assert charts.ranked(figures(), domain="zona").figure is not sheet
    assert dict(mpl.rcParams) == before


def test_names_are_never_formulas() -> None:
    axes = charts.ranked(figures(), domain="departamento", names=NASTY)
    labels = {label.get_text().replace("\n", " ") for label in axes.get_yticklabels()}
    assert set(NASTY.values()) <= labels
    assert not any(text.get_parse_math() for text in axes.figure.findobj(mpl.text.Text))


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


def test_without_matplotlib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"install them: .*'\.\[publish\]'.*\.whl\[publish\]'") as caught:
        charts.series(figures())
    assert caught.value.faults[0].code == "MPI-P002"


def test_a_table_without_changes_is_no_chart() -> None:
    empty = dataclasses.replace(changes(), table=changes().table.slice(0, 0))
    with pytest.raises(UnmadeError, match="MPI-P170"):
        charts.changes_forest(empty, statistic="H")
