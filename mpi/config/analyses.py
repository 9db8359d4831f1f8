"""The analyses of a study: names, or mappings with domains and cutoffs."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.config.keys.studies import ANALYSIS
from mpi.config.nodes import Node
from mpi.errors import UsageError, listed
from mpi.language import phrase
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.study import AnalysisSpec
from mpi.specs.survey import Survey
from mpi.vocabulary.options import ANALYSES, AnalysisName

CROSS = ":"
BY, K = (phrase("{what}: {name}", what="analyses", name=name) for name in ("by", "k"))


def read_analyses(
    node: Node | None, measure: Measure | None, tables: Sequence[tuple[str, ...]]
) -> tuple[AnalysisSpec, ...]:
    """The analyses of a list, each once.

    Parameters
    ----------
    node : Node or None
    measure : Measure or None
        None if it could not be read.
    tables : sequence of tuple of str
        Domains and crossings of the study: what an analysis shows of others could tell what these hide.
    """
    found: dict[str, AnalysisSpec] = {}
    for item in [] if node is None else node.items("analyses"):
        one = _analysis(item, measure, tables)
        if one is not None and one.name in found:
            text = phrase("analyses: {name} is there twice", name=one.name)
            item.wrong("MPI-C171", text, phrase("keep one of them, with all its domains"))
        if one is not None:
            found.setdefault(one.name, one)
    return tuple(found.values())


def _analysis(node: Node, measure: Measure | None, tables: Sequence[tuple[str, ...]]) -> AnalysisSpec | None:
    if not node.is_mapping:
        plain: AnalysisName | None = node.choice("analyses", ANALYSES)
        return None if plain is None else AnalysisSpec(name=plain)
    section = node.section("analyses", ANALYSIS)
    name: AnalysisName | None = section.choice("analysis", ANALYSES)
    by = _domains(section.get("by"), tables)
    k = _cutoffs(section.get("k"), measure)
    return None if name is None else AnalysisSpec(name=name, by=by, k=k)


def _domains(node: Node | None, tables: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The tables of the study that a list names, whatever the order of a crossing."""
    known = {frozenset(names): names for names in tables}
    found = []
    for item in [] if node is None else node.items(BY):
        text = item.text(BY)
        names = None if text is None else known.get(frozenset(text.split(CROSS)))
        if names is not None:
            found.append(names)
        elif text is not None:
            remedy = phrase("add it to `by` of the study, or remove it")
            if known:
                shown = listed([CROSS.join(one) for one in tables], 20)
                remedy = phrase("add it to `by` of the study, or name one of {names}", names=shown)
            item.wrong("MPI-C171", phrase("analyses: the study has no table by {name!r}", name=text), remedy)
    return tuple(dict.fromkeys(found))


def _cutoffs(node: Node | None, measure: Measure | None) -> tuple[Cutoff, ...]:
    found: dict[str, Cutoff] = {}
    if node is None or measure is None:
        return ()
    for item in node.items(K):
        text = item.text(K)
        try:
            cutoff = measure.cutoff(text or "")
        except UsageError as error:
            item.wrong("MPI-C041", error.faults[0].text, error.faults[0].remedy)
            continue
        found[cutoff.text] = cutoff
    return tuple(found.values())


def check_programmes(node: Node | None, analyses: Sequence[AnalysisSpec], surveys: Sequence[Survey]) -> None:
    """Refuse an analysis of programmes where no survey of the study has any."""
    if node is None or not surveys or not {"coverage", "programmes"} & {one.name for one in analyses}:
        return
    if not any(survey.programmes for survey in surveys):
        text = phrase("analyses: no survey of the study says who receives a programme")
        node.wrong("MPI-C171", text, phrase("declare `programmes:` in the survey, or remove coverage and programmes"))
