"""A survey's file as its author would want to proofread it, without any data: what it names, what a measure misses."""

from __future__ import annotations

from mpi.errors import Fault, nearest
from mpi.language import in_language, joined, listed, phrase
from mpi.specs.measure import Measure, variables_of
from mpi.specs.survey import Derivation, Survey, Table
from mpi.vocabulary.wording import title_in

MOST = 20  # names that a line lists


def survey_file_lines(survey: Survey, language: str = "en") -> list[str]:
    """What a survey's file says of its tables, design, variables and domains."""
    title = title_in(survey.title, language, survey.name)
    lines: list[str] = [phrase("{name}: {title}, period {period}", name=survey.name, title=title, period=survey.period)]
    for name, table in survey.every_table.items():
        lines.append(
            phrase("  {table}: {path}, key {columns}", table=name, path=_origin(table), columns=", ".join(table.key))
        )
    design = survey.design
    parts = {
        "weight": () if design.weight is None else (design.weight,), "stratum": design.stratum, "psu": design.psu,
    }  # fmt: skip
    said = [f"{key} {', '.join(_written(one) for one in own) or '-'}" for key, own in parts.items()]
    lines.append(joined((phrase("  design: "), "; ".join(said))))
    for what, names in (("variables", survey.variables), ("domains", survey.domains)):
        lines.append(joined((f"  {what}: {len(names)}: ", listed(list(names), MOST))))
    lines.append(phrase("  the data were not read: add --data DIR to check columns, codes, keys and weights"))
    return [in_language(line, language) for line in lines]


def _origin(table: Table) -> str:
    if table.query is not None:
        return phrase("a query of the database {name}", name=table.query.database)
    return table.path or phrase("in the persons' file")


def _written(derivation: Derivation) -> str:
    return derivation.column or (derivation.rule.text if derivation.rule is not None else "+".join(
        part.column for part in derivation.columns
    ))  # fmt: skip


def survey_file_faults(survey: Survey, measure: Measure) -> list[Fault]:
    """What a survey's file lacks for a measure, as far as it can be known without data."""
    needed = [name for name in measure.variables if name in variables_of(measure)]
    faults = []
    for name in needed:
        derivation = survey.variables.get(name)
        if derivation is None:
            text = phrase(
                "the survey {name} does not supply {name2!r}, which {of} reads",
                name=survey.name,
                name2=name,
                of=measure.name,
            )
            remedy = nearest(name, survey.variables) or phrase("add it under `variables:`")
            faults.append(Fault("MPI-S010", survey.place, text, remedy))
        else:
            faults += _strange_labels(name, derivation, measure)
    return faults


def _strange_labels(name: str, derivation: Derivation, measure: Measure) -> list[Fault]:
    """Labels of a variable's codes that the measure does not declare."""
    declared = measure.variables[name].kind.labels
    if declared is None or not (strange := sorted(set((derivation.codes or {}).values()) - declared)):
        return []
    text = phrase(
        "{name!r} can be {names} here; {of} declares {names2}",
        name=name,
        names=listed(strange),
        of=measure.name,
        names2=listed(sorted(declared)),
    )
    remedy = nearest(strange[0], declared) or phrase("write labels that the measure declares, or declare it there")
    return [Fault("MPI-S013", derivation.place, text, remedy)]
