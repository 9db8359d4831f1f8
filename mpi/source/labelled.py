"""Lists of codes that are those of the files: `codes: from labels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mpi.errors import Fault
from mpi.language import phrase
from mpi.source.labels import Labels
from mpi.source.tables import Opened
from mpi.specs.survey import Derivation, Survey


def with_labels(
    survey: Survey, tables: Mapping[str, Opened], physical: Mapping[tuple[str, str], str]
) -> tuple[Survey, list[Fault]]:
    """The survey with the lists of codes that its files bring, and a fault for each column without labels.

    Parameters
    ----------
    survey : Survey
    tables : mapping of str to Opened
    physical : mapping of (str, str) to str
        The name of a column in the files, where it differs.
    """
    faults: list[Fault] = []
    variables = {name: labelled(one, tables, physical, faults) for name, one in survey.variables.items()}
    domains = {name: labelled(one, tables, physical, faults) for name, one in survey.domains.items()}
    others = {
        measure: {name: labelled(one, tables, physical, faults) for name, one in own.items()}
        for measure, own in survey.variables_for.items()
    }
    return replace(survey, variables=variables, domains=domains, variables_for=others), faults


def labelled(
    derivation: Derivation, tables: Mapping[str, Opened], physical: Mapping[tuple[str, str], str], faults: list[Fault]
) -> Derivation:
    """A derivation with its list of codes, if that is the file's; a fault is added if there is none."""
    if not derivation.labelled or derivation.codes is not None:
        return derivation
    codes = _labels(derivation, tables, physical).known
    if not codes:
        text = phrase(
            "{name}: `codes: from labels`, and no file labels the codes of the column {column!r}",
            name=derivation.name,
            column=derivation.column,
        )
        faults.append(Fault("MPI-D014", derivation.place, text, phrase("write the codes: {{1: first, 2: second}}")))
    return replace(derivation, codes=codes or None)


def _labels(derivation: Derivation, tables: Mapping[str, Opened], physical: Mapping[tuple[str, str], str]) -> Labels:
    """What the files say of a derivation's column; households may lie inside the file of persons."""
    column = derivation.column or ""
    for name in [derivation.table, *tables] if derivation.table in tables else tables:
        found = tables[name or ""].labels.get(physical.get((name or "", column), column))
        if found is not None and found.known:
            return found
    return Labels()
