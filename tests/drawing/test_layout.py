"""Plots on paper: ticks at round values, labels that have room, panels in line, legends as wide as the page."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mpi.charts.marks import of_rows
from mpi.drawing.layout import MARGIN, laid_out, noted
from mpi.drawing.legend import Key, legend
from mpi.drawing.palette import INK
from mpi.drawing.plot import EDGE, Plot
from mpi.drawing.scene import WIDTH, Box, Group, Look, Path, Rect, Text
from mpi.drawing.ticks import MOST, labels_of, round_values
from mpi.drawing.widths import fitted, text_width
from tests.support.drawings import by_id, texts
from tests.support.loops import at_least_one

LINE = Look(stroke=INK, width=1)
ENDS = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


def overlap(one: Box, other: Box) -> bool:
    return min(one.right, other.right) > max(one.left, other.left) and min(one.bottom, other.bottom) > max(
        one.top, other.top
    )


@given(ENDS, ENDS)
def test_ticks_are_few_equally_far_apart_and_inside(one: float, other: float) -> None:
    low, high = sorted([one, other])
    assume(high - low > 1e-6 * max(abs(low), abs(high), 1e-3))
    found = round_values(low, high)
    assert 1 <= len(found) <= MOST + 1
    room = 1e-6 * (high - low)
    assert low - room <= found[0] and found[-1] <= high + room
    steps = np.diff(found)
    assert steps == pytest.approx(np.full(len(steps), steps[0] if len(steps) else 0), rel=1e-6)
    # The next tick at either side would be outside.
    if len(steps):
        assert found[0] - steps[0] < low + room and found[-1] + steps[0] > high - room
        scaled = steps[0] / 10.0 ** np.floor(np.log10(steps[0]) + 1e-9)
        assert min(abs(scaled - each) for each in (1, 2, 2.5, 5, 10)) < 1e-6


def test_a_sign_at_the_edge_keeps_off_the_labels_of_rows() -> None:
    plot = of_rows(["Child labour", "Illiteracy"])
    plot.x.limit(0, 1)
    plot.marker(0, 0, "o", 4.5, LINE, gid="sign")
    found = laid_out([[plot]])
    (sign,) = by_id(found, "sign")
    label = max(one.box().right for one in by_id(found, "y-label"))
    assert sign.x - sign.size / 2 - label > 1


def test_labels_tell_ticks_apart_with_as_few_digits_as_that_takes() -> None:
    assert labels_of([0, 0.05, 0.1], "percent", "en") == ["0", "5", "10"]
    assert labels_of([0, 0.025], "percent", "es") == ["0,0", "2,5"]
    assert labels_of([-0.1, 0.0, 0.1], "index", "en", signed=True) == ["\u22120.1", "0.0", "+0.1"]
    assert labels_of([0, 250000], "number", "es") == ["0", "250\u202f000"]


@pytest.mark.parametrize("count", [2, 7, 12, 40])
def test_labels_below_a_plot_never_cover_each_other(count: int) -> None:
    plot = Plot(50)
    plot.x.limit(0, count)
    plot.x.ticks = [(i + 0.5, f"period {i}") for i in range(count)]
    labels = by_id(laid_out([[plot]]), "x-label")
    assert labels[0].text == "period 0" and (len(labels) == count) == (count < 20)
    for one, other in at_least_one(combinations(labels, 2)):
        assert not overlap(one.box(), other.box())


@pytest.mark.parametrize("low", [0.0, -0.3])
@pytest.mark.parametrize("width", [60.0, 90.0, 200.0, 400.0])
def test_labels_of_a_scale_are_on_one_line_equally_far_apart(width: float, low: float) -> None:
    plot = Plot(80)
    plot.x.limit(low, 1.02)
    plot.x.numbers("percent", "en")
    labels = by_id(laid_out([[plot]], width=width), "x-label")
    assert len({one.y for one in labels}) == 1 and "0" in [one.text for one in labels]
    assert len(labels) == len(plot.x.ticks) if width >= 200 else len(labels) <= len(plot.x.ticks)
    assert len(labels) < len(plot.x.ticks) or width > 60
    assert len({round(b.x - a.x, 6) for a, b in pairwise(labels)}) <= 1
    assert not any(overlap(one.box(), other.box()) for one, other in combinations(labels, 2))


def test_what_is_beside_a_plot_makes_room_for_itself() -> None:
    plot = Plot(60)
    plot.y.ticks = [(0.5, "a label of a row that is long")]
    plot.text(EDGE, 0.5, "a text at the right edge", across=4)
    plot.text(0.5, EDGE, "above", down=-3, anchor="middle", level="bottom")
    plot.x.title, plot.y.title, plot.title = "an axis " * 20, "upwards", "a title"
    found = laid_out([[plot]], keys=[Key(label="key", line=LINE)], head="Head", note="note " * 60)
    for text in at_least_one(found.texts()):
        box = text.box()
        assert box.left >= MARGIN - 0.5 and box.right <= found.width - MARGIN + 0.5, text.text
        assert box.top >= MARGIN - 0.5 and box.bottom <= found.height - MARGIN + 0.5, text.text
    for one, other in at_least_one(combinations([text for text in found.texts() if text.gid != "title"], 2)):
        assert not overlap(one.box(), other.box()), (one.text, other.text)
    order = [by_id(found, gid)[0].box().top for gid in ("head", "key", "y-label", "x-title", "note")]
    assert order == sorted(order)


def test_plots_of_a_row_have_one_size_and_those_of_a_column_one_edge() -> None:
    plots = [[Plot(40), Plot(40)], [Plot(60), Plot(60)]]
    plots[0][0].y.ticks = [(0.5, "a long label")]
    plots[1][1].y.ticks = [(0.5, "x")]
    frames = by_id(laid_out(plots), "frame")
    assert len({round(one.width, 6) for one in frames}) == 1
    assert [one.height for one in frames] == [40, 40, 60, 60]
    assert frames[0].x == frames[2].x and frames[1].x == frames[3].x
    assert frames[0].y == frames[1].y and frames[2].y >= frames[0].y + 40


def test_elements_reach_the_edges_and_are_cut_there() -> None:
    plot = Plot(50)
    plot.x.limit(0, 10)
    plot.y.limit(5, -5)  # downwards
    plot.rule(4, LINE, gid="rule")
    plot.band([2, 3], [-EDGE] * 2, [EDGE] * 2, Look(fill=INK), gid="band")
    plot.rect(5, 1, 3, -2, Look(fill=INK), gid="bar")
    plot.line([-5, 20], [0, 0], LINE, gid="long")
    found = laid_out([[plot]])
    (frame,), (rule,), (band,), (bar,) = (by_id(found, gid) for gid in ("frame", "rule", "band", "bar"))
    bottom = frame.y + frame.height
    assert isinstance(rule, Path) and sorted(rule.points[:, 1]) == pytest.approx([frame.y, bottom])
    assert rule.points[0, 0] == pytest.approx(frame.x + 0.4 * frame.width)
    assert (band.points[:, 1].min(), band.points[:, 1].max()) == pytest.approx((frame.y, bottom))
    assert isinstance(bar, Rect)
    assert (bar.x, bar.width) == pytest.approx((frame.x + 0.5 * frame.width, 0.3 * frame.width))
    assert (bar.y, bar.height) == pytest.approx((frame.y + 0.4 * frame.height, 0.2 * frame.height))
    clips = [one for one in found.walk() if isinstance(one, Group) and one.clip is not None]
    assert [one.clip for one in clips] == [Box(frame.x, frame.y, frame.x + frame.width, bottom)]
    assert by_id(found, "long")[0] in clips[0].elements


@pytest.mark.parametrize("count", [1, 3, 6, 9])
def test_a_legend_is_as_wide_as_the_page_and_no_entry_covers_another(count: int) -> None:
    keys = [Key(label="two\nlines" if i == 1 else f"entry {'x' * 3 * i}", patch=LINE) for i in range(count)]
    found, height = legend(keys, 10, 20, 300)
    labels = [one for one in found if isinstance(one, Text)]
    assert [one.text for one in labels] == [key.label for key in keys]
    for text in labels:
        assert text.box().left >= 10 and text.box().right <= 310 and text.box().top >= 19
        assert text.box().bottom <= 20 + height + 1
    assert not any(overlap(one.box(), other.box()) for one, other in combinations(labels, 2))
    assert legend([], 0, 0, 100) == ((), 0.0)


def test_a_note_makes_a_drawing_longer_and_leaves_the_rest() -> None:
    plain = laid_out([[Plot(30)]])
    longer = noted(plain, "one line\n" + "many words " * 40)
    assert longer.elements[:-1] == plain.elements and longer.width == plain.width == WIDTH
    (note,) = by_id(longer, "note")
    assert note.box().bottom < longer.height and note.box().top >= plain.height and note.text.count("\n") > 1
    assert texts(longer, "note")[0].startswith("one line many words")


@given(st.text(st.characters(categories=["L", "Zs"]), max_size=60), st.floats(20, 200))
def test_a_fitted_text_says_the_same_in_lines_that_have_room(text: str, room: float) -> None:
    lines = fitted(text, 8, room).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in at_least_one(lines):
        assert text_width(line, 8) <= room or len(line) == 1
    for one, other in pairwise(lines):  # no line is broken too soon
        assert not one or text_width(f"{one} {other.split(' ')[0]}", 8) > room
