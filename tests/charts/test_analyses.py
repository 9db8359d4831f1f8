"""Pictures of analyses: what is drawn is what the table has, and nothing of what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest

from mpi import charts
from mpi.charts.chart import Chart, Subject
from mpi.claims.findings import analysis_finding
from mpi.claims.ranking import Member
from mpi.columns.values import not_none
from mpi.disclosure.figures import Figure
from mpi.drawing.scene import Box, Scene
from mpi.drawing.style import HOUSE, NARROW
from mpi.errors import UnmadeError
from mpi.language import Language
from mpi.publication.analyses import Line, Shown
from mpi.publication.analysis_views import View
from mpi.vocabulary.wording import LANGUAGES
from tests.support.analyses import shown, whole
from tests.support.drawings import at, by_id, measure, texts, up

ATOL, ROUNDING = 1e-12, 0.35
SLIM = replace(HOUSE, width=NARROW)


def chart(name: str) -> Chart:
    return next(one for one in charts.CHARTS if one.name == name)


def boxes(found: Scene) -> list[tuple[str, Box]]:
    return [(one.text, one.box()) for one in found.texts() if one.text.strip()]


def cover(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > ROUNDING and min(one.bottom, other.bottom) - max(one.top, other.top) > ROUNDING


def inside(box: Box, found: Scene) -> bool:
    across = box.left >= -ROUNDING and box.right <= found.width + ROUNDING
    return across and box.top >= -ROUNDING and box.bottom <= found.height + ROUNDING


def some_sets(row: dict[str, Any]) -> bool:
    return row["figure"] == "exactly_these" and row["sets"] in ("trabajo", "salud")


class Falling(Shown):
    """An analysis of two changes, of which one is below 0."""

    views = (View(title={"en": "Changes"}, figures=("shapley_M0",), row=("indicator",)),)

    def lines(self, view: View, codes: Mapping[str, str] | None = None) -> list[Line]:
        return [
            Line((str(one),), {"shapley_M0": Figure(value=one, low=one - 4e-4, high=one + 4e-4, standing="shown")})
            for one in (-0.0012, 0.0003)
        ]


def test_figures_below_0_lie_on_the_plot_and_their_ends_are_told_apart() -> None:
    found = charts.analysis_chart(Falling(shown("numbers").edition, "numbers"))
    (frame,) = by_id(found, "frame")
    points = by_id(found, "point")
    assert len(points) == 2
    assert all(frame.x <= one.x <= frame.x + frame.width for one in points)
    assert "\u22120.0012 (\u22120.0016 to \u22120.0008)" in texts(found, "figure")


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_tell_the_parts_of_a_whole_or_the_highest_figure(language: Language) -> None:
    bands, numbers = shown("bands", language), shown("numbers", language)
    parts = not_none(bands.finding(bands.views[0])).to(language)
    assert len(parts.split("; ")) == len(bands.lines(bands.views[0])) == 4
    highest = not_none(numbers.finding(numbers.views[0])).to(language)
    rows = numbers.lines(numbers.views[0])
    top = max(rows, key=lambda line: line.figures["poor_and_deprived"].value or 0)
    assert top.names[0] in highest
    hidden = [Member("", "a", Figure(value=0.5)), Member("", "b", Figure(standing="hidden"))]
    assert analysis_finding("x", "H", hidden, parts=True) is analysis_finding("x", "H", hidden, parts=False) is None
    tied = [Member("", name, Figure(value=0.5)) for name in "ab"]
    assert analysis_finding("x", "H", tied, parts=False) is None


def test_bars_of_sets_are_the_exact_combinations_from_the_largest_on_with_their_dimensions_below() -> None:
    rows = sorted(whole("overlap", "exactly_these"), key=lambda row: -row["estimate"])
    found = charts.overlap_sets(shown("overlap"))
    bars, intervals = by_id(found, "bar"), by_id(found, "interval")
    assert len(bars) == len(intervals) == 15 < len(rows)
    assert [up(one)[1] for one in bars] == pytest.approx([row["estimate"] for row in rows[:15]], abs=ATOL)
    assert [up(one) for one in intervals] == [(row["ci_low"], row["ci_high"]) for row in rows[:15]]
    assert [one.strip("[]*†") for one in texts(found, "figure")] == [
        f"{100 * row['estimate']:.1f}" for row in rows[:15]
    ]
    names = [one.name for one in measure().dimensions]
    assert {(x, names[int(y)]) for x, y in map(at, by_id(found, "in"))} == {
        (i, name) for i, row in enumerate(rows[:15]) for name in row["sets"].split(" + ")
    }
    assert texts(found, "note") == [
        f"{len(rows) - 15} further combinations, with smaller shares, are in the table of results."
    ]


def test_hidden_sets_are_named_in_words_and_have_no_bar() -> None:
    own = shown("overlap", hidden=some_sets)
    found, (note,) = charts.overlap_sets(own), texts(charts.overlap_sets(own), "note")
    assert note.endswith("Not shown: Work; Health")
    gone = next(row["estimate"] for row in whole("overlap", "exactly_these") if row["sets"] == "trabajo")
    assert gone not in [up(one)[1] for one in by_id(found, "bar")]
    assert f"{100 * gone:.1f}" not in texts(found, "figure")
    told = chart("analysis.overlap.sets").filed_as(Subject(own.edition))
    assert told.title.startswith("Of the exact combinations of dimensions that are shown, ")
    with pytest.raises(UnmadeError, match="none of its figures may be shown"):
        charts.overlap_sets(shown("overlap", hidden=lambda row: True))


def test_the_title_tells_the_commonest_set() -> None:
    top = max(whole("overlap", "exactly_these"), key=lambda row: row["estimate"])
    assert top["sets"] == "trabajo"
    told = chart("analysis.overlap.sets").filed_as(Subject(shown("overlap").edition))
    share = f"{100 * top['estimate']:.1f}%"
    assert told.title == f"The commonest exact combination of dimensions is “Work” alone: {share}"
    assert share in told.description


def some_pairs(row: dict[str, Any]) -> bool:
    return row["figure"] == "R0" and row["first"] == measure().names[0]


def test_cells_are_the_redundancy_of_each_pair_twice_and_the_diagonal_is_empty() -> None:
    rows = [row for row in whole("redundancy", "R0") if (row["level"], row["censored"]) == ("indicator", "no")]
    names = list(measure().names)
    d = len(names)
    assert len(rows) == d * (d - 1) // 2
    found = charts.redundancy_table(shown("redundancy"))
    said = {at(one): one.text.strip("[]*†") for one in by_id(found, "figure")}
    wanted = {}
    for row in rows:
        i, j = names.index(row["first"]), names.index(row["second"])
        wanted[i, j] = wanted[j, i] = f"{100 * row['estimate']:.0f}"
    assert said == wanted
    cells = [one for place in range(5) for one in by_id(found, f"class-{place}")]
    assert len(cells) == d * (d - 1)
    for place in range(5):
        for one in by_id(found, f"class-{place}"):
            x, y = at(one)
            assert place <= float(wanted[x + 0.5, y + 0.5]) / 20 + 0.025
    groups = [one.dimension for one in measure().indicators]
    assert len(by_id(found, "border")) == 2 * sum(one != other for one, other in pairwise(groups))


def test_hidden_pairs_are_hatched_and_the_title_says_that_not_all_are_shown() -> None:
    own = shown("redundancy", hidden=some_pairs)
    found = charts.redundancy_table(own)
    gone = [row for row in whole("redundancy", "R0") if row["censored"] == "no" and some_pairs(row)]
    assert len(by_id(found, "empty")) == 2 * len(gone) > 0
    assert all(one.look.hatch for one in by_id(found, "empty"))
    assert texts(found, "key-hidden") == ["not shown"]
    told = chart("analysis.redundancy.table").filed_as(Subject(own.edition))
    assert told.title.startswith("Of the pairs shown, ")
    with pytest.raises(UnmadeError, match="none of its figures may be shown"):
        charts.redundancy_table(shown("redundancy", hidden=lambda row: True))


PICTURES = ("overlap_sets", "redundancy_table")
OF = {"overlap_sets": "overlap", "redundancy_table": "redundancy"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("style", [HOUSE, SLIM], ids=["paper", "telephone"])
def test_no_text_covers_another_or_leaves_the_paper(name: str, language: Language, style: Any) -> None:
    draw: Any = getattr(charts, name)
    for hidden in (lambda row: some_sets(row) or some_pairs(row), lambda row: False):
        found = draw(shown(OF[name], language, hidden=hidden), style=style)  # type: ignore[arg-type]
        assert len(found.texts()) > 5
        placed = boxes(found)
        assert not [(text, other) for (text, one), (other, two) in combinations(placed, 2) if cover(one, two)]
        assert not [text for text, box in placed if not inside(box, found)]
