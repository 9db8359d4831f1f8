"""The page: sections put in order, tables and figures numbered, the template filled, styles allowed by their hash."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa

from mpi.drawing.office import page_parts
from mpi.errors.omissions import Omission, attempted, reason
from mpi.files.digests import content_hash
from mpi.publication.explaining import Explainer, glossary_style
from mpi.publication.model import Publication
from mpi.publication.pages import page_style, page_template
from mpi.publication.sourcing import source_lines
from mpi.report.blocks import Block, Graphic, Section, Table
from mpi.report.issue import Issue, Provenance, issue_of
from mpi.report.opening import opening, parted
from mpi.report.sections.changes import changes
from mpi.report.sections.definition import definition
from mpi.report.sections.domains import domains
from mpi.report.sections.headline import key_figures
from mpi.report.sections.indicators import indicators
from mpi.report.sections.maps import maps
from mpi.report.sections.quality import quality
from mpi.report.sections.reproduction import reproduction
from mpi.report.sections.robustness import robustness
from mpi.report.thinning import empty_standing, thinned
from mpi.vocabulary.wording import THIN_SPACE, Language, legible

# Each with its id, and the name of its title among the texts.
SECTIONS: tuple[tuple[str, str, Callable[[Issue], Section | None]], ...] = (
    ("key", "s_key", key_figures), ("maps", "s_map", maps), ("indicators", "s_indicators", indicators),
    ("domains", "s_domains", domains), ("changes", "s_changes", changes),
    ("robustness", "s_robustness", robustness), ("quality", "s_quality", quality),
    ("definition", "s_definition", definition), ("reproduction", "s_reproduction", reproduction),
)  # fmt: skip


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
    issue = issue_of(publication, language, provenance=provenance, scores=scores, bundles=bundles, left_out=left_out)
    picture, sections = parted(_made(issue))
    picture, sections = _numbered(picture, sections)
    captions = {
        block.id: f"{issue.labels['table']}{THIN_SPACE}{block.number}"
        for one in sections
        for block in one.blocks
        if isinstance(block, Table)
    }
    office = page_parts(publication.study.template, [language], dark="never")
    style = f"{page_style('mpi.report', 'report.css')}\n{glossary_style()}{office.style}"
    rendered: str = page_template("mpi.report", "report.html").render(
        language=language,
        labels=issue.labels,
        explain=Explainer(language),
        style=style,
        style_hash=content_hash(style),
        office=office,
        title=publication.title(language),
        opening=opening(issue, picture),
        provisional=publication.study.status == "provisional",
        sources=source_lines(publication, language),
        sections=sections,
        captions=captions,
        publisher=issue.titled(publication.study.publisher),
        period=publication.period,
    )
    return legible(rendered)


def _made(issue: Issue) -> list[Section]:
    """The sections that there are; a note in place of one that fails because of a fault of the program."""
    made = []
    for name, title, make in _chosen(issue):
        part, before = f"report#{name}", len(issue.left_out)
        one = attempted(part, functools.partial(_without_empty, make, issue), issue.left_out)
        if one is None and any(omission.part == part for omission in issue.left_out[before:]):
            one = Section(name, issue.labels[title], (issue.left_out_note(issue.labels[title]),))
        if one is not None:
            made.append(one)
    return made


def _chosen(issue: Issue) -> list[tuple[str, str, Callable[[Issue], Section | None]]]:
    """The sections that the office wants, in its order."""
    own = issue.publication.study.template
    known = {name: (name, title, make) for name, title, make in SECTIONS}
    return list(SECTIONS) if own is None else [known[name] for name in own.sections]


def _without_empty(make: Callable[[Issue], Section | None], issue: Issue) -> Section | None:
    """A section without columns of dashes, and with a note in place of a table that has no figure."""
    one = make(issue)
    if one is None:
        return None
    blocks: list[Block] = []
    for block in one.blocks:
        if isinstance(block, Table) and (standing := empty_standing(block)) is not None:
            issue.left_out.append(Omission(f"report#{block.id}", reason(standing)))
            blocks.append(issue.left_out_note(block.caption))
        else:
            blocks.append(thinned(block) if isinstance(block, Table) else block)
    return replace(one, blocks=tuple(blocks))


def _numbered(picture: Graphic | None, sections: list[Section]) -> tuple[Graphic | None, list[Section]]:
    """The picture of the first screen and the sections, with tables and figures numbered through."""
    tables = figures = 0
    known = {block.id for one in sections for block in one.blocks if isinstance(block, Table)}

    def numbered(block: Graphic) -> Graphic:
        nonlocal figures
        figures += 1
        # The table that has its figures may be left out.
        return replace(block, number=figures, table=block.table if block.table in known else "")

    first = None if picture is None else numbered(picture)
    made = []
    for one in sections:
        blocks: list[Block] = []
        for block in one.blocks:
            if isinstance(block, Table):
                tables += 1
                blocks.append(replace(block, number=tables))
            else:
                blocks.append(numbered(block) if isinstance(block, Graphic) else block)
        made.append(Section(one.id, one.title, tuple(blocks)))
    return first, made
