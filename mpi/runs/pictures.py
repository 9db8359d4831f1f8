"""Charts and static maps of a publication as pictures for print, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mpi import charts
from mpi.charts import findings
from mpi.charts.chart import Chart, Subject, codes_of, of_office
from mpi.charts.countries import caption, country_map, subtitle
from mpi.charts.marks import with_ends
from mpi.claims import Ranking, say
from mpi.claims.findings import ranking_finding
from mpi.claims.ranking import Member, sorted_members
from mpi.claims.targets import SIGNS, label_text, tally_of_verdicts
from mpi.drawing.canvas import Drawing, picture
from mpi.drawing.frame import Frame, framed
from mpi.errors.omissions import Omission, attempted
from mpi.language import phrase, translated
from mpi.maps.layers import Layer
from mpi.maps.static import draw_map
from mpi.maps.verdicts import draw_verdicts
from mpi.publication.edition import Edition
from mpi.publication.gathering import Gathered
from mpi.publication.model import DrawnMap
from mpi.publication.sourcing import source_lines
from mpi.publication.targets import Row, subject_title
from mpi.runs.verdicts import verdict_maps
from mpi.vocabulary.options import VERDICTS
from mpi.vocabulary.statistics import DEFINITIONS, HEADLINE
from mpi.vocabulary.wording import Language

# Of each picture: on a page of the web, in a printed document, and drawn in lines.
FILES: Mapping[str, Callable[[Drawing], bytes]] = {
    "png": partial(picture, form=".png", dpi=180),
    "print.png": partial(picture, form=".png", dpi=300),
    "svg": partial(picture, form=".svg"),
    "pdf": partial(picture, form=".pdf"),
}
LISTED = 5  # areas at each end of a ranking
HIGHEST, LOWEST = (
    translated("The {count} highest that can be ranked"),
    translated("The {count} lowest that can be ranked"),
)
Draw = Callable[[], Drawing]


def chart_names(gathered: Gathered) -> list[str]:
    """The names of the files of every chart, without language and ending."""
    return [name for name, _ in charts_of(gathered, gathered.publication.study.languages[0])]


def draw_chart(gathered: Gathered, name: str, folder: Path) -> None:
    """A chart in each language, if the figures allow it; else it is noted among what is left out."""
    for language in gathered.publication.study.languages:
        chart, subject = dict(charts_of(gathered, language))[name]
        _save(
            partial(_filed, chart, subject),
            folder,
            f"{name}.{language}",
            part=f"charts/{name}",
            left_out=gathered.left_out,
        )


def draw_maps(gathered: Gathered, drawn: DrawnMap, layers: Sequence[Layer], folder: Path) -> None:
    """The main layers of a map at the official cutoff, in each language."""
    publication = gathered.publication
    domain = drawn.spec.domain
    for layer in layers:
        if layer.statistic not in HEADLINE:
            continue
        for language in publication.study.languages:
            draw = partial(_filed_map, gathered.edition(language), drawn, layer)
            name = f"{domain}.{layer.name}"
            _save(draw, folder, f"{name}.{language}", part=f"maps/{name}", left_out=gathered.left_out)


def draw_country_map(gathered: Gathered, drawn: DrawnMap, folder: Path) -> None:
    """The map of H by country, in each language."""
    for language in gathered.publication.study.languages:
        draw = partial(_country_map, gathered.edition(language), drawn)
        _save(draw, folder, f"country.H.{language}", part="maps/country", left_out=gathered.left_out)


def _country_map(edition: Edition, drawn: DrawnMap) -> Drawing:
    """The map of countries that stands alone."""
    publication, told = edition.publication, caption(edition)
    surveys = [survey for one in publication.study.countries for survey in one.surveys]
    frame = Frame(
        title=told.title,
        subtitle=subtitle(edition),
        source=source_lines(publication, edition.language, surveys),
        description=told.sentence,
        publisher=edition.titled(publication.study.publisher),
        language=edition.language,
        **of_office(edition),
    )
    return framed(country_map(edition, drawn, publication.style), frame)


def draw_verdict_maps(gathered: Gathered, drawn: DrawnMap, folder: Path) -> None:
    """A map of the verdicts on each target of a map's areas, in each language."""
    domain = drawn.spec.domain
    for name, rows in verdict_maps(gathered.publication, domain).items():
        for language in gathered.publication.study.languages:
            draw = partial(_verdict_map, gathered.edition(language), drawn, rows)
            part = f"{domain}.target.{name}"
            _save(draw, folder, f"{part}.{language}", part=f"maps/{part}", left_out=gathered.left_out)


def _verdict_map(edition: Edition, drawn: DrawnMap, rows: Sequence[Row]) -> Drawing:
    """A map of verdicts that stands alone."""
    publication, language, domain = edition.publication, edition.language, drawn.spec.domain
    verdicts = {row.codes[domain]: row.aim.verdict or "none" for row in rows}
    words: dict[str, str] = {row.aim.verdict or "none": edition.say(label_text(row.aim)) for row in rows}
    words.setdefault("none", edition.say(phrase("no target")))
    counts = [row.aim.verdict for row in rows]
    drawing = draw_verdicts(
        drawn.areas,
        [verdicts.get(code, "none") for code in drawn.areas.codes],
        words,
        SIGNS,
        language=language,
        style=publication.style,
    )
    subtitle = edition.say(
        phrase(
            "{title}, {period}, against the targets for {by}",
            title=subject_title(edition, rows[0]),
            period=edition.period,
            by=rows[0].target.by,
        )
    )
    title = edition.say(tally_of_verdicts({one: counts.count(one) for one in VERDICTS}, counts.count(None)))
    frame = Frame(
        title=title.rstrip("."),
        subtitle=subtitle,
        source=source_lines(publication, language),
        description=f"{subtitle}. {title}",
        publisher=edition.titled(publication.study.publisher),
        language=language,
        **of_office(edition),
    )
    return framed(drawing, frame)


def _filed_map(edition: Edition, drawn: DrawnMap, layer: Layer) -> Drawing:
    """A map that stands alone."""
    publication, language, domain = edition.publication, edition.language, drawn.spec.domain
    own = {codes[0]: one[layer.statistic] for codes, one in edition.groups((domain,), layer.statistic).items()}
    subject = Subject(edition, domain)
    subtitle = findings.subtitle(subject, findings.measured(edition, layer.statistic))
    tests = publication.tests.get(domain) if layer.statistic == "H" else None
    claim = Ranking(edition.basis, layer.statistic, edition.members(domain, own), tests, of="area")
    found = ranking_finding(claim)
    lists = _ends(claim, language)
    drawing = draw_map(
        drawn.areas, layer, language=language, meanings=edition.meanings, beside=lists, style=publication.style
    )
    frame = Frame(
        title=subtitle if found is None else found.to(language),
        subtitle="" if found is None else subtitle,
        source=source_lines(publication, language),
        description=say(claim, language) if DEFINITIONS[layer.statistic].noun else subtitle,
        publisher=edition.titled(publication.study.publisher),
        language=language,
        **of_office(edition),
    )
    return framed(drawing, frame)


def _ends(claim: Ranking, language: Language) -> list[tuple[str, list[str]]]:
    """The highest and the lowest areas of those that can be ranked, with their figures and intervals."""
    ranked = sorted_members(claim.members, census=claim.basis.census).ranked
    if len(ranked) < 2 * LISTED:
        return []
    ends = ((HIGHEST, ranked[:LISTED]), (LOWEST, ranked[: -LISTED - 1 : -1]))
    return [(head[language].format(count=LISTED), [_line(one, claim, language) for one in some]) for head, some in ends]


def _line(one: Member, claim: Ranking, language: Language) -> str:
    return f"{one.name}  {with_ends(one.estimate, claim.statistic, language)}"


def _save(draw: Draw, folder: Path, name: str, *, part: str, left_out: list[Omission]) -> None:
    """Draw and write a picture in all formats, all of them or none."""

    def make() -> dict[str, bytes]:
        drawing = draw()
        return {ending: made(drawing) for ending, made in FILES.items()}

    for ending, content in (attempted(part, make, left_out) or {}).items():
        (folder / f"{name}.{ending}").write_bytes(content)  # the folder of a task is hidden until its files are whole


def _filed(chart: Chart, subject: Subject) -> Drawing:
    """A chart that stands alone: it says what it shows, what its marks mean, and where its figures come from."""
    edition = subject.edition
    drawn = charts.explained(chart.drawn(subject), edition.meanings, language=edition.language)
    return framed(drawn, chart.filed_as(subject))


def charts_of(gathered: Gathered, language: Language) -> Iterator[tuple[str, tuple[Chart, Subject]]]:
    """Every chart of a study: a name for its file, the chart, and what it is about."""
    study, own = gathered.publication.study, gathered.edition(language)
    analyses = ("", *gathered.publication.analyses)
    filed = [chart for chart in charts.CHARTS if chart.filed and chart.analysis in analyses]
    filed = [chart for chart in filed if chart.exists is None or chart.exists(Subject(own))]
    for chart in filed:
        if chart.of == "total":
            yield chart.name, (chart, Subject(own))
    for domain in [names[0] for names in study.sets if len(names) == 1]:
        compared = gathered.publication.changes is None or (domain,) in study.changes_by
        for chart in filed:
            if chart.of == "domain" or (chart.of == "changes" and compared):
                yield f"{chart.name}.{domain}", (chart, Subject(own, domain))


def sheets_of(gathered: Gathered, drawn: DrawnMap, language: Language) -> Iterator[Drawing]:
    """The sheet of each area of a map, with its name above, beside the area that holds it and the total."""
    publication = gathered.publication
    figures, areas, domain = publication.figures, drawn.areas, drawn.spec.domain
    study, above = publication.study, drawn.spec.upper.domain if drawn.spec.upper is not None else None
    with_figures = set(codes_of(Subject(gathered.edition(language), domain)))
    told = publication.mark_meanings(language)
    for i, code in enumerate(areas.codes):
        if code not in with_figures:
            continue
        upper = areas.upper[i]
        held: tuple[str, str] | None = None
        if above in figures.domains and upper >= 0:
            held = (str(above), areas.upper_codes[upper])
        name = publication.name_of(domain, code, language)
        make = partial(
            charts.sheet,
            figures,
            publication.measure,
            domain=domain,
            code=code,
            name=name,
            upper=held,
            upper_name=areas.upper_names[upper] if held else "",
            period=publication.period,
            unit=study.units[0],
            level=study.level,
            language=language,
            title=f"{code}  {name}",
            style=publication.style,
        )
        page = attempted(f"sheets/{domain}#{code}", make, gathered.left_out)
        if page is not None:
            yield replace(charts.explained(page, told, language=language), face=publication.style.face)
