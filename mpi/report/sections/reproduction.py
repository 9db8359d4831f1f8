"""Reproducibility: what made the figures, from which files, how to cite them and under which licence."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.claims.dates import date_text
from mpi.language import joined, phrase
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, Terms, section
from mpi.report.issue import Issue
from mpi.specs.standing import shown_title


def reproduction(issue: Issue) -> Section:
    """What made the figures: command, versions, inputs with their hashes, citation."""
    labels, made, study = issue.labels, issue.provenance, issue.publication.study
    blocks: list[Block | None] = [
        Heading(labels["r_about"], "about"),
        Terms(_facts(issue)),
        Heading(labels["r_cite"], "cite"),
        Paragraph(issue.titled(study.citation) or citation(issue)),
    ]
    if study.licence:
        blocks += [Heading(labels["r_licence"], "licence"), Paragraph(study.licence)]
    blocks.append(Heading(labels["r_run"], "run"))
    first = issue.say(phrase("The same files, the same configuration and the same versions give the same figures."))
    blocks.append(Paragraph(first))
    if made.command:
        blocks.append(Terms(((labels["r_command"], made.command),), code=True))
    if made.versions:
        blocks.append(
            _pairs("t-versions", labels["r_versions"], (labels["software"], labels["version"]), made.versions)
        )
    if made.inputs:
        blocks.append(_pairs("t-inputs", labels["r_inputs"], (labels["file"], "SHA-256"), made.inputs, code=True))
    files = [(labels[word], name) for word, name in (("workbook", made.workbook), ("results", made.results)) if name]
    files += [
        (issue.say(joined([labels["interactive"], issue.domain(domain)], ": ")), name)
        for domain, name in sorted(made.maps.items())
    ]
    if files:
        blocks += [Heading(labels["r_files"], "files"), Terms(tuple(files), code=True)]
    return section("reproduction", labels["s_reproduction"], blocks)


def _facts(issue: Issue) -> tuple[tuple[str, str], ...]:
    """Who publishes what, of whom and when."""
    study, labels = issue.publication.study, issue.labels
    survey = issue.publication.rounds[-1].survey
    facts = [
        (labels["period"], issue.publication.period),
        (labels["universe"], issue.titled(study.universe)),
        (labels["survey"], issue.titled(survey.title, survey.name)),
        (labels["measure"], issue.titled(shown_title(issue.publication.measure), issue.publication.measure.name)),
        (labels["publisher"], issue.titled(study.publisher)),
        (labels["edition"], study.edition),
        (labels["released"], issue.say(date_text(study.released))),
        (labels["status"], labels[study.status]),
        (labels["licence"], study.licence),
    ]
    return tuple((name, text) for name, text in facts if text)


def citation(issue: Issue) -> str:
    """How to cite the publication, if the study does not say."""
    study, publication = issue.publication.study, issue.publication
    title = publication.title(issue.language)
    edition = issue.say(phrase("edition {edition}", edition=study.edition)) if study.edition else ""
    status = issue.labels[study.status].lower()
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
