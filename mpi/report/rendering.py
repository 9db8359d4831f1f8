"""The page: sections put in order, tables and figures numbered, the template filled, styles allowed by their hash."""

from __future__ import annotations

import pyarrow as pa

from mpi.drawing.office import page_parts
from mpi.errors.omissions import Omission
from mpi.files.digests import content_hash
from mpi.language import catalogue
from mpi.publication.explaining import Explainer, glossary_style
from mpi.publication.model import Publication
from mpi.publication.pages import page_style, page_template
from mpi.publication.sourcing import source_lines
from mpi.report.assembling import WITHOUT_SOURCE, assembled
from mpi.report.issue import Provenance, issue_of
from mpi.vocabulary.wording import Language, legible


def report_html(
    publication: Publication,
    language: Language,
    *,
    provenance: Provenance | None = None,
    scores: pa.Table | None = None,
    bundles: pa.Table | None = None,
    left_out: list[Omission] | None = None,
) -> str:
    """The report of a publication as one HTML page; the same publication gives the same text.

    A picture, table or section that cannot be made is left out, with a note that says why.

    Parameters
    ----------
    publication : Publication
    language : one of `mpi.language.LANGUAGES`
    provenance : Provenance, optional
        Versions, inputs and the files beside the report.
    scores, bundles : pyarrow.Table, optional
        From `mpi.analysis.score_distribution.score_distribution` and `bundles` of the published round at the official
        cutoff, after `hide_small`; left out, so are their charts.
    left_out : list of Omission, optional
        What could not be made is added to it.

    Raises
    ------
    UsageError
        If jinja2 is not installed.
    """
    return page_text(publication, language, provenance=provenance, scores=scores, bundles=bundles, left_out=left_out)


def page_text(
    publication: Publication,
    language: Language,
    *,
    provenance: Provenance | None = None,
    scores: pa.Table | None = None,
    bundles: pa.Table | None = None,
    left_out: list[Omission] | None = None,
    paper: bool = False,
) -> str:
    """The page of `report_html`; with `paper` what is printed of it alone, without the drawings for telephones."""
    issue = issue_of(publication, language, provenance=provenance, scores=scores, bundles=bundles, left_out=left_out)
    report = assembled(issue)
    office = page_parts(publication.study.template, [language])
    style = f"{page_style('mpi.report', 'report.css')}\n{glossary_style()}{office.style}"
    rendered: str = page_template("mpi.report", "report.html").render(
        language=language,
        paper=paper,
        labels=issue.labels,
        semicolon=catalogue(issue.language).punctuated("; "),
        explain=Explainer(language),
        style=style,
        style_hash=content_hash(style),
        office=office,
        title=publication.title(language),
        opening=report.opening,
        provisional=publication.study.status == "provisional",
        sources=source_lines(publication, language),
        sections=report.sections,
        without_source=WITHOUT_SOURCE,
        captions=report.captions,
        publisher=issue.titled(publication.study.publisher),
        period=publication.period,
        released=publication.study.released.isoformat(),
    )
    return legible(rendered)
