"""Every remedy of a message about the analyses, the panel and the measures of a study, followed as it says."""

# ruff: noqa: E501  a row a line

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

import mpi
from mpi.config.studies import load_study
from mpi.disclosure import protect_analyses
from tests.config.test_studies import BASE, study_of
from tests.disclosure.test_protecting import MEASURE, RULES, profile_of, town
from tests.support import hamlet, village
from tests.support.remedies import Doing, Row, follow

REGISTER = "surveys: [colombia_register_demo_2024, colombia_register_demo_2025]"
ONE = "[colombia_demo_2025]"


def demo(more: str = "", *, less: str = "", measure: str = "colombia_ipm", surveys: str = "") -> Doing:
    """A study of the sample data."""

    def done(folder: Path) -> object:
        (folder / "m.yaml").write_text("measure: own\nlike: colombia_ipm\nidentification: person\n", encoding="utf-8")
        text = BASE.replace(less, "") if less else BASE
        text = text.replace("measure: colombia_ipm", f"measure: {measure}")
        text = text.replace("[colombia_demo_2024, colombia_demo_2025]", surveys) if surveys else text
        return study_of(text + more, folder)

    return done


def panel(text: str, **how: str) -> Doing:
    """The same with a panel."""
    return demo(f"panel: {{{text}}}\n", **how)


def called(domain: str, analyses: str) -> Doing:
    """A study of the hamlet whose valleys have another name."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        survey = folder / "village_2026.yaml"
        survey.write_text(
            survey.read_text(encoding="utf-8").replace("{valley: valley,", f"{{{domain}: valley,"), "utf-8"
        )
        text = hamlet.study_of("results").replace("by: [valley]", f"by: [{domain}]") + f"analyses: [{analyses}]\n"
        (folder / "study.yaml").write_text(text, encoding="utf-8")
        return load_study(folder / "study.yaml")

    return done


def protected(*by: str) -> Doing:
    """An analysis by town after disclosure control, with the tables by some domains."""

    def done(folder: Path) -> object:
        profile = profile_of([*town("A", 8, 9), *town("B", 1, 15)])
        tables = [mpi.estimate(profile, MEASURE, by=list(by))]
        return protect_analyses(tables, [mpi.analyse(profile, MEASURE, "bands", by="town")], RULES)

    return done


def bundles(k: str, name: str = "bundles") -> Doing:
    """Of a hundred units, each deprived in the first indicator alone."""
    measure = village.measure()
    flags = {one.name: [int(not i)] * 100 for i, one in enumerate(measure.indicators)}
    profile = mpi.DeprivationProfile.from_flags(pa.table({**flags, "w": [1.0] * 100}), measure, weight="w")
    return lambda folder: mpi.analyse(profile, measure, name, k=k)  # type: ignore[arg-type]  # one of two


ROWS: Sequence[Row] = [
    Row("MPI-C009", "add `measure:`", demo(less="measure: colombia_ipm\n"), [demo()]),
    Row("MPI-C176", "leave out one of them", demo("measures: [colombia_ipm]\n"), [demo(), demo("measures: [colombia_ipm]\n", less="measure: colombia_ipm\n")]),
    Row("MPI-C171", "add it to `cutoffs` of the study, or remove it", demo("analyses: [{analysis: decomposition, k: [1/2]}]\n"), [demo("analyses: [{analysis: decomposition, k: [1/2]}]\ncutoffs: [1/2]\n"), demo("analyses: [decomposition]\n")]),
    Row("MPI-C171", "add the survey of another round to `surveys`, or remove decomposition", demo("analyses: [decomposition]\n", surveys=ONE), [demo("analyses: [decomposition]\n"), demo(surveys=ONE)]),
    Row("MPI-C171", "give the domain another name in the survey, or leave it out here", called("band", "{analysis: bands, by: [band]}"), [called("valley", "{analysis: bands, by: [valley]}"), called("band", "bands")]),
    Row("MPI-C171", "name one domain, not a crossing", demo("by: [zona, 'zona:region']\nanalyses: [{analysis: dominance, by: ['zona:region']}]\n"), [demo("by: [zona]\nanalyses: [{analysis: dominance, by: [zona]}]\n")]),
    Row("MPI-C171", "write `places: {INDICATOR: TABLE.csv}`", demo("by: [departamento]\nanalyses: [{analysis: supply, by: [departamento]}]\n"), [demo("by: [departamento]\nanalyses: [{analysis: supply, by: [departamento], places: {atencion_integral: p.csv}}]\n")]),
    Row("MPI-C171", "write {analysis: supply, by: [DOMAIN]}", demo("by: [departamento]\nanalyses: [{analysis: supply, places: {atencion_integral: p.csv}}]\n"), [demo("by: [departamento]\nanalyses: [{analysis: supply, by: [departamento], places: {atencion_integral: p.csv}}]\n")]),
    Row("MPI-C009", "give it a table, or leave the key out", demo("by: [zona]\nanalyses: [{analysis: supply, by: [zona], places: {}}]\n"), [demo("by: [zona]\nanalyses: [{analysis: supply, by: [zona], places: {atencion_integral: p.csv}}]\n"), demo("by: [zona]\nanalyses: [{analysis: numbers, by: [zona]}]\n")]),
    Row("MPI-C171", "write one of logro_educativo", demo("by: [zona]\nanalyses: [{analysis: supply, by: [zona], places: {nothing: p.csv}}]\n"), [demo("by: [zona]\nanalyses: [{analysis: supply, by: [zona], places: {logro_educativo: p.csv}}]\n")]),
    Row("MPI-C171", "name one domain, not a crossing", demo("by: [zona, 'zona:region']\nanalyses: [{analysis: supply, by: ['zona:region'], places: {atencion_integral: p.csv}}]\n"), [demo("by: [zona]\nanalyses: [{analysis: supply, by: [zona], places: {atencion_integral: p.csv}}]\n")]),
    Row("MPI-C171", "name other cutoffs (`k`), `weights`, indicators left out (`without`) or rules (`missing`)", demo("by: [zona]\ncutoffs: [1/3]\nanalyses: [{analysis: robustness, by: [zona]}]\n"), [demo(f"by: [zona]\nanalyses: [{{analysis: robustness, by: [zona], {one}}}]\n") for one in ("k: [1/2]", "weights: {a: {educacion: 3/5}}", "without: [analfabetismo]", "missing: [deprived]")]),
    Row("MPI-C171", "write a number from 0, such as 1/2 or 3", demo("analyses: [{analysis: inequality, powers: [200]}]\n"), [demo(f"analyses: [{{analysis: inequality, powers: [{one}]}}]\n") for one in ("1/2", "3")]),
    Row("MPI-C171", "write {analysis: dominance, by: [DOMAIN]}", demo("analyses: [dominance]\n"), [demo("by: [zona]\nanalyses: [{analysis: dominance, by: [zona]}]\n")]),
    Row("MPI-C173", "add it to `by` of the study, or remove it", demo("plans: [{plan: p, actions: [close pisos], by: [zona]}]\n"), [demo("by: [zona]\nplans: [{plan: p, actions: [close pisos], by: [zona]}]\n"), demo("plans: [{plan: p, actions: [close pisos]}]\n")]),
    Row("MPI-C174", "add `head:` with a column and its code, as relation=1", panel(f"{REGISTER}, link: same_head"), [panel(f"{REGISTER}, link: same_head, head: relation=1")]),
    Row("MPI-C174", "add it to `by` of the study, or remove it", panel("by: [zona]"), [demo("by: [zona]\npanel: {by: [zona]}\n"), panel("link: persons")]),
    Row("MPI-C174", "did you mean 'programa'?", panel(f"{REGISTER}, by: [programme]"), [panel(f"{REGISTER}, by: [programa]")]),
    Row("MPI-C174", "there are ", panel(f"{REGISTER}, by: [zzzzzz]"), [panel(f"{REGISTER}, by: [programa]")]),
    Row("MPI-C174", "give each survey its own `period:`", panel("surveys: [colombia_demo_2024, colombia_demo_2024]"), [panel("surveys: [colombia_demo_2024, colombia_demo_2025]")]),
    Row("MPI-C174", "name two surveys or more in `surveys:`, the earliest first", panel("surveys: [colombia_demo_2024]"), [panel("surveys: [colombia_demo_2024, colombia_demo_2025]")]),
    Row("MPI-C174", "remove it", panel(f"{REGISTER}, head: P6051=1"), [panel(REGISTER)]),
    Row("MPI-C174", "remove it", panel(f"{REGISTER}, member: [ID_PERSONA]"), [panel(REGISTER)]),
    Row("MPI-C174", "write a fraction above 0 and up to 1, such as 1/2", panel(f"{REGISTER}, tau: [2]"), [panel(f"{REGISTER}, tau: [1/2]")]),
    Row("MPI-C174", "write it as relation=1", panel(f"{REGISTER}, link: same_head, head: P6051"), [panel(f"{REGISTER}, link: same_head, head: P6051=1")]),
    Row("MPI-C174", "write link: persons", panel(f"{REGISTER}, link: same_key", measure="m.yaml"), [panel(f"{REGISTER}, link: persons", measure="m.yaml")]),
    Row("MPI-E030", "give tables by it, too: mpi.estimate(..., by=...)", protected(), [protected("town")]),
    Row("MPI-E213", "ask for a lower cutoff first, or leave bundles out", bundles("1"), [bundles("1/100"), bundles("1", "numbers")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_that_is_followed_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
