"""A report put together: sections in order, tables and figures numbered; what every form of it holds.

Comes in: a publication in one language. Goes out: blocks, which `rendering` makes a page of and `document` a text file.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mpi.errors.omissions import Omission, attempted, reason
from mpi.report.blocks import Block, Graphic, Opening, Section, Table
from mpi.report.issue import Issue
from mpi.report.opening import opening, parted
from mpi.report.sections.analyses import analyses
from mpi.report.sections.changes import changes
from mpi.report.sections.countries import countries
from mpi.report.sections.definition import definition
from mpi.report.sections.domains import domains
from mpi.report.sections.headline import key_figures
from mpi.report.sections.indicators import indicators
from mpi.report.sections.maps import maps
from mpi.report.sections.measures import measures
from mpi.report.sections.panel import panel
from mpi.report.sections.plans import plans
from mpi.report.sections.published import published
from mpi.report.sections.quality import quality
from mpi.report.sections.reproduction import reproduction
from mpi.report.sections.robustness import robustness
from mpi.report.sections.targets import targets
from mpi.report.thinning import empty_standing, thinned
from mpi.vocabulary.wording import THIN_SPACE

# Each with its id, and the name of its title among the texts.
SECTIONS: tuple[tuple[str, str, Callable[[Issue], Section | None]], ...] = (
    ("key", "s_key", key_figures), ("maps", "s_map", maps), ("indicators", "s_indicators", indicators),
    ("domains", "s_domains", domains), ("analyses", "s_analyses", analyses), ("changes", "s_changes", changes),
    ("panel", "s_panel", panel), ("targets", "s_targets", targets), ("plans", "s_plans", plans),
    ("published", "s_published", published),
    ("measures", "s_measures", measures), ("countries", "s_countries", countries),
    ("robustness", "s_robustness", robustness), ("quality", "s_quality", quality),
    ("definition", "s_definition", definition), ("reproduction", "s_reproduction", reproduction),
)  # fmt: skip


# Their tables hold no figures, so that no source stands below them.
WITHOUT_SOURCE = ("definition", "reproduction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The parts of a report, in the order of reading.

    Attributes
    ----------
    opening : Opening
        The first screen.
    sections : list of Section
    captions : mapping of str to str
        What each table is called, by its id.
    """

    opening: Opening
    sections: list[Section]
    captions: Mapping[str, str]


def assembled(issue: Issue) -> Report:
    """The report of an issue; what cannot be made is added to its `left_out`."""
    picture, sections = parted(_made(issue))
    picture, sections = _numbered(picture, sections)
    captions = {
        block.id: f"{issue.labels['table']}{THIN_SPACE}{block.number}"
        for one in sections
        for block in one.blocks
        if isinstance(block, Table)
    }
    return Report(opening=opening(issue, picture), sections=sections, captions=captions)


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
        made.append(replace(one, blocks=tuple(blocks)))
    return first, made
