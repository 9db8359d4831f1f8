"""A sheet of the plans of the study, with all their rows."""

from __future__ import annotations

from mpi.claims.numbers import Capital
from mpi.claims.plans import accounting_text
from mpi.disclosure.figures import read
from mpi.language import phrase, template
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED
from mpi.publication.analyses import named
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.plans import Entry, PlanShown, plans_shown
from mpi.vocabulary.result_columns import MEANINGS
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import UNITS, Language, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import cases_cell, column_titles, domain_cells, figure_cells, part_titles
from mpi.workbook.sheets import Row, Sheet, sheet_name, text
from mpi.workbook.words import TITLES, say

MOMENTS = {
    "before": template("Before"),
    "after": template("After"),
    "change": template("Change"),
    "part": template("Part"),
}


def plans(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet, with a row for each figure of each plan and group; none where the study has no plans."""
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    found = plans_shown(edition)
    if not found:
        return []
    rows = [row for one in found for row in _rows(one)]
    title = TITLES["plans"][language]
    heads = ("plan", "figure", "moment", "action", "indicator", "unit")
    return [
        Sheet(
            name=sheet_name(title, taken),
            title=f"{title}, {edition.period}",
            notes=(edition.say(accounting_text()), *interval_notes(publication, language, cutoff=True)),
            columns=(
                *(say(name, language) for name in ("domain", "code", "name")),
                *(MEANINGS[name].title[language] for name in heads),
                *column_titles(publication, language),
                say("n", language),
            ),
            rows=rows,
        )
    ]


def _rows(one: PlanShown) -> list[Row]:
    edition, publication = one.edition, one.edition.publication
    language = edition.language
    actions = {name: edition.say(Capital(one.said(action))) for name, action in one.steps()}
    actions[WHOLE] = edition.say(phrase("All together"))
    parts = part_titles(publication.measure, language)
    made: list[Row] = []
    for entry in one.entries:
        keys, name = entry.keys, entry.keys["figure"]
        written = name if name in DEFINITIONS else "poor"
        action = keys.get("action", "")
        own = {written: entry.figure}
        domain = domain_cells(publication, tuple(entry.codes), tuple(entry.codes.values()), language)
        made.append([
            *domain,
            text(one.title),
            text(_figure(one, entry)),
            text(edition.say(phrase(MOMENTS[keys["moment"]])) if "moment" in keys else ""),
            text(actions.get(action, action)),
            text(parts.get(keys.get("indicator", ""), "")),
            text(UNITS[keys["unit"]][language]),
            *figure_cells(own, written),
            cases_cell(own),
        ])  # fmt: skip
    return made


def _figure(one: PlanShown, entry: Entry) -> str:
    """What a figure is called: a statistic, households lifted, or the cost in its currency."""
    edition, name = one.edition, entry.keys["figure"]
    if name == LIFTED:
        return edition.say(phrase("Households lifted"))
    if name == COST:
        return edition.say(phrase("Cost, {currency}", currency=edition.titled(one.spec.currency)))
    if name in DEFINITIONS:
        return statistic_title(name, entry.keys["unit"], edition.language)
    return named(name, edition.language)
