"""The charts and maps of a report, each with its title, a sentence about it, and the table that has its figures.

Comes in: an issue. Goes out: figures with `<svg>` texts; a sentence that says why where one cannot be made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from mpi.charts import CHARTS
from mpi.charts.captions import ranking
from mpi.charts.chart import Caption, Chart, Place, Shown, Subject
from mpi.charts.countries import caption, country_map
from mpi.drawing.canvas import Drawing, svg_text
from mpi.drawing.scene import WIDTH
from mpi.drawing.style import NARROW
from mpi.errors.omissions import attempted
from mpi.maps.layers import layers_of
from mpi.maps.static import draw_map
from mpi.publication.model import DrawnMap
from mpi.report.blocks import Graphic, Paragraph, table_id
from mpi.report.issue import Issue
from mpi.vocabulary.wording import statistic_title

Picture: TypeAlias = Graphic | Paragraph


def drawn_at(issue: Issue, place: Place, domain: str = "", table: str = "") -> list[Picture]:
    """The charts of a place of the report that suit the publication, or the domain; or those of one of its tables."""
    subject = Subject(issue, domain)
    return [
        _chart(issue, chart, chart.shown, subject)
        for chart in CHARTS
        if chart.shown is not None
        and chart.shown.place == place
        and table in ("", chart.shown.table)
        and (chart.exists is None or chart.exists(subject))
        and (chart.shown.suits is None or chart.shown.suits(subject))
    ]


def _chart(issue: Issue, chart: Chart, shown: Shown, subject: Subject) -> Picture:
    domain = subject.domain
    return _drawn(
        issue,
        shown.id.format(domain=domain),
        shown.caption(subject),
        shown.table.format(slug=table_id((domain,))[2:]),
        lambda width: chart.drawn(subject, shown.needs, width=width),
        narrow=shown.narrow,
    )


def _drawn(
    issue: Issue, name: str, caption: Caption, table: str, draw: Callable[[float], Drawing], *, narrow: bool = False
) -> Picture:
    """A figure for paper and telephones, whose ids begin with its name; a sentence that says why if there is none."""
    (title, sentence), face = caption, issue.publication.style.face

    def make() -> Graphic:
        drawing, narrow_one = (replace(draw(width), face=face) for width in (WIDTH, NARROW))
        wide, slim = (
            svg_text(own, title=title, description=sentence, ids=f"{name}{mark}")
            for own, mark in ((drawing, ""), (narrow_one, "-n"))
        )
        return Graphic(
            id=name, title=title, svg=wide, slim=slim, drawing=drawing, sentence=sentence, table=table, narrow=narrow
        )

    found = attempted(f"report#{name}", make, issue.left_out)
    return issue.left_out_note(title) if found is None else found


def country_drawn(issue: Issue) -> list[Picture]:
    """The map of H by country under the measure of the study; none without boundaries."""
    drawn = issue.publication.country_map
    if drawn is None:
        return []
    made = _drawn(
        issue,
        "f-map-countries",
        caption(issue),
        "t-countries",
        lambda width: country_map(issue, drawn, replace(issue.publication.style, width=width)),
    )
    return [made]


def static_map(issue: Issue, drawn: DrawnMap, table: str) -> Picture | None:
    """H by area; None where no area of the map has a row."""
    spec, language, style = drawn.spec, issue.language, issue.publication.style
    layers = layers_of(
        issue.publication.figures,
        spec.domain,
        drawn.areas.codes,
        unit=issue.unit,
        period=issue.period,
        scheme=spec.scheme,
        classes=spec.classes,
        breaks=spec.breaks,
        statistics=("H",),
    )
    if not layers or issue.k not in layers[0].cutoffs:
        return None
    title = f"{statistic_title('H', issue.unit, language)}, {issue.domain(spec.domain)}, {issue.period}"
    made = _drawn(
        issue,
        f"f-map-{spec.domain}",
        Caption(title, ranking(issue, spec.domain, "area")),
        table,
        lambda width: draw_map(drawn.areas, layers[0], k=issue.k, language=language, style=replace(style, width=width)),
    )
    if not isinstance(made, Graphic):
        return made
    link = issue.provenance.maps.get(spec.domain, "")
    return replace(made, link=link, link_text=issue.labels["interactive"] if link else "")
