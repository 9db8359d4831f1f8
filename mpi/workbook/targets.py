"""A sheet of the targets of the study: state, target, verdict, path, change and projection of each."""

from __future__ import annotations

from typing import Any

from mpi.claims.targets import label_text, verdict_signs
from mpi.disclosure.figures import read
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.targets import rows_of, subject_title
from mpi.vocabulary.result_columns import TARGET_MEANINGS
from mpi.vocabulary.wording import UNITS, Language, form_of, title_in
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import BRIEF, column_titles, domain_cells, figure_cells, scaled
from mpi.workbook.sheets import Cell, Kind, Row, Sheet, sheet_name, text
from mpi.workbook.words import TITLES, say

TEXTS = ("verdict", "target_direction", "target_path")
NUMBERS = ("yearly", "needed", "projection", "projection_low", "projection_high")


def targets(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet, with a row for each target and group; none where the study has no targets."""
    goals = rows_of(publication)
    if not goals or publication.progress is None:
        return []
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    told = publication.progress.rows()
    rows: list[Row] = []
    for goal, row in zip(goals, told, strict=True):
        kind: Kind = form_of(goal.aim.statistic)
        own = {goal.aim.statistic: goal.aim.figure}
        numbers = [_number(row, name, kind) for name in NUMBERS]
        rows.append([
            *domain_cells(publication, tuple(goal.codes), tuple(goal.codes.values()), language),
            text(subject_title(edition, goal)),
            text(UNITS[goal.unit][language]),
            *figure_cells(own, goal.aim.statistic, BRIEF),
            scaled(row["target"], kind),
            Cell("plain", row["target_year"]),
            text(f"{verdict_signs(goal.aim.verdict)} {edition.say(label_text(goal.aim))}"),
            *(text(row[name]) for name in TEXTS[1:]),
            scaled(row["baseline"], kind),
            None if row["baseline_year"] is None else Cell("plain", row["baseline_year"]),
            *numbers,
            None if row["reached"] is None else Cell("plain", round(row["reached"], 1)),
            text(title_in(goal.target.source, language, "")),
        ])  # fmt: skip
    title = TITLES["targets"][language]
    heads = ("target", "target_year", *TEXTS, "baseline", "baseline_year", *NUMBERS, "reached", "target_source")
    return [
        Sheet(
            name=sheet_name(title, taken),
            title=f"{title}, {edition.period}",
            notes=(say("verdicts", language), *interval_notes(publication, language, cutoff=False)),
            columns=(
                *(say(name, language) for name in ("domain", "code", "name", "statistic", "unit")),
                *column_titles(publication, language, BRIEF),
                *(TARGET_MEANINGS[name].title[language] for name in heads),
            ),
            rows=rows,
        )
    ]


def _number(row: dict[str, Any], name: str, kind: Kind) -> Cell | None:
    """A change a year, or a projection: changes of a constant rate are percentages, log odds stay as they are."""
    if name in ("yearly", "needed") and row["target_path"] != "linear":
        return scaled(row[name], "percent" if row["target_path"] == "constant_rate" else "index")
    return scaled(row[name], kind)
