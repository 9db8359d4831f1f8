"""What a list is asked for, looked at before any file is read: with every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from mpi.errors import Fault, UsageError, listed, nearest
from mpi.language import LANGUAGES, phrase
from mpi.listing.units import OWN
from mpi.rules import Origin, Rule, names, parse
from mpi.rules.tokens import RuleSyntaxError
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from mpi.vocabulary.options import LIST_ROWS, TIES

AGE, CHILDREN = "age", "COUNT_IF(age < 18)"
MOST_UNITS = 10**12  # more than there are people
CHILD = "CASE WHEN age < 18 THEN 1 ELSE 0 END"  # of a person


def check_asked(survey: Survey, measure: Measure, *, area: str, quotas: object, quasi: Sequence[str]) -> None:
    """Refuse areas, quotas and columns that there are not.

    Raises
    ------
    UsageError
        With every such fault.
    """
    faults = [*_of_area(survey, area, quotas), *_of_quotas(quotas), *_of_quasi(quasi, _columns(survey, measure))]
    if faults:
        raise UsageError(*faults)


def check_words(*, ties: str, rows: str, language: str, anonymity: int, most_sets: int) -> None:
    """Refuse options that are none.

    Raises
    ------
    UsageError
        With every such fault.
    """
    faults = []
    words = (("ties", ties, TIES), ("rows", rows, LIST_ROWS), ("language", language, LANGUAGES))
    for name, word, known in words:
        if word not in known:
            text = phrase("{name}: {word!r} is not known", name=name, word=word)
            faults.append(Fault("MPI-E255", None, text, phrase("give one of {names}", names=", ".join(known))))
    for name, number in (("anonymity", anonymity), ("most_sets", most_sets)):
        if number < 1:
            text = phrase("{name}: {number} is below 1", name=name, number=number)
            faults.append(Fault("MPI-E255", None, text, phrase("give a whole number from 1")))
    if faults:
        raise UsageError(*faults)


def check_columns(table: pa.Table, *, area: str, quasi: Sequence[str]) -> None:
    """Refuse what the files turn out not to have.

    Raises
    ------
    UsageError
    """
    faults = []
    if area and area not in table.column_names:
        text = phrase("the list has no column {name}: the domain differs between members, or is missing", name=area)
        faults.append(Fault("MPI-E255", None, text, phrase("name a domain of households")))
    faults += _of_quasi(quasi, table.column_names)
    if faults:
        raise UsageError(*faults)


def _of_area(survey: Survey, area: str, quotas: object) -> list[Fault]:
    if area and area not in survey.domains:
        text = phrase("the survey {name} has no domain {name2!r}", name=survey.name, name2=area)
        remedy = nearest(area, survey.domains) or phrase("declare it under `domains:`")
        return [Fault("MPI-E002", None, text, remedy)]
    if isinstance(quotas, Mapping) and not area:
        text = phrase("there are quotas by area, and no area is named")
        return [Fault("MPI-E255", None, text, phrase("name the domain of the areas, or give one number for all"))]
    return []


def _of_quotas(quotas: object) -> list[Fault]:
    given = quotas.items() if isinstance(quotas, Mapping) else () if quotas is None else [("", quotas)]
    faults = []
    for name, number in given:
        whole = isinstance(number, int | np.integer) and not isinstance(number, bool) and 0 <= number <= MOST_UNITS
        if not whole or not isinstance(name, str):
            text = phrase("the quota of {name} is no whole number from 0", name=name or phrase("all"))
            faults.append(
                Fault("MPI-E255", None, text, phrase("give whole numbers, by the code of the area as a text"))
            )
    return faults


def _of_quasi(quasi: Sequence[str], known: Sequence[str]) -> list[Fault]:
    faults = []
    for name in quasi:
        if name not in known:
            text = phrase("the list has no column {name!r}", name=name)
            remedy = nearest(name, known) or phrase("it has {names}", names=listed(known, 40))
            faults.append(Fault("MPI-E255", None, text, remedy))
    return faults


def _columns(survey: Survey, measure: Measure) -> list[str]:
    """Every column that a list can have."""
    keys = [column for table in survey.tables.values() for column in table.key]
    counted = ("persons", "weight", "person_weight", "score", "score_value", "poor", "censored_score")
    return list(dict.fromkeys([*keys, *survey.domains, *measure.names, *counted, *OWN]))


def tie_break_of(survey: Survey, measure: Measure, text: str | None) -> Rule | None:
    """The rule that breaks ties; by default the number of children, if ages are known."""
    if text is None:
        own = measure.variables.get(AGE)
        known = survey.has_persons and AGE in survey.variables
        if own is None or not known or own.kind.type != "number" or own.kind.level != "person":
            return None
        text = CHILDREN if measure.level == "household" else CHILD
    if not text.strip():
        return None
    origin = Origin(phrase("tie-break"))
    try:
        rule = Rule(text, parse(text, origin), origin)
    except RuleSyntaxError as error:
        raise UsageError(error.fault) from None
    there = [*measure.variables, *measure.derived]
    faults = [
        origin.fault("MPI-R006", at, phrase("the measure has no variable {name!r}", name=name), nearest(name, there))
        for name, at in names(rule.expression).items()
        if name not in there
    ]
    if faults:
        raise UsageError(*faults)
    return rule
