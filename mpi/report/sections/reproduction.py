"""Reproducibility: what made the figures, from which files, how to cite them and under which licence."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import phrase
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, Terms, section
from mpi.report.issue import Issue


def reproduction(issue: Issue) -> Section:
    """What made the figures: command, versions, inputs with their hashes, citation."""
    said, made, study = issue.said, issue.provenance, issue.publication.study
    blocks: list[Block | None] = [
        Heading(said["r_cite"], "cite"),
        Paragraph(issue.titled(study.citation) or citation(issue)),
    ]
    if study.licence:
        blocks += [Heading(said["r_licence"], "licence"), Paragraph(study.licence)]
    blocks.append(Heading(said["r_run"], "run"))
    first = phrase("The same files, the same configuration and the same versions give the same figures.").to(
        issue.language
    )
    blocks.append(Paragraph(first))
    if made.command:
        blocks.append(Terms(((said["r_command"], made.command),), code=True))
    if made.versions:
        blocks.append(_pairs("t-versions", said["r_versions"], (said["software"], said["version"]), made.versions))
    if made.inputs:
        blocks.append(_pairs("t-inputs", said["r_inputs"], (said["file"], "SHA-256"), made.inputs, code=True))
    files = [(said[word], name) for word, name in (("workbook", made.workbook), ("results", made.results)) if name]
    files += [(f"{said['interactive']}: {issue.domain(domain)}", name) for domain, name in sorted(made.maps.items())]
    if files:
        blocks += [Heading(said["r_files"], "files"), Terms(tuple(files), code=True)]
    return section("reproduction", said["s_reproduction"], blocks)


def citation(issue: Issue) -> str:
    """How to cite the publication, if the study does not say."""
    study, publication = issue.publication.study, issue.publication
    title = publication.title(issue.language)
    edition = phrase("edition {edition}", edition=study.edition).to(issue.language) if study.edition else ""
    status = issue.said[study.status].lower()
    parts = [
        issue.titled(study.publisher),
        f"({study.released.year}).",
        f"{title}, {publication.period}",
        f"({', '.join(part for part in (edition, status) if part)}).",
    ]
    return " ".join(part for part in parts if part)


def _pairs(name: str, caption: str, titles: tuple[str, str], pairs: Mapping[str, str], *, code: bool = False) -> Table:
    cells = [(Cell(first, header=True, code=code), Cell(second, code=code)) for first, second in sorted(pairs.items())]
    rows = tuple(Row(pair) for pair in cells)
    return Table(id=name, caption=caption, columns=(Column(titles[0], "text"), Column(titles[1], "text")), rows=rows)
