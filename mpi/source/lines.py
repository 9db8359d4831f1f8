"""Files that give a number for each code: poverty lines by area and month.

Comes in: what a survey says of such a file. Goes out: the number of each code, which stands once in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mpi.columns.values import Number, where_known
from mpi.errors import DataError, Fault, Place, counted, listed, nearest
from mpi.language import phrase
from mpi.source.crosswalks import codes_of
from mpi.source.tables import Opened
from mpi.specs.crosswalks import Lines
from mpi.specs.survey import Derivation, Survey

LINES = "lines_"  # before the variable, in the names of tables


def with_lines(survey: Survey, tables: Mapping[str, Opened]) -> Survey:
    """The survey with what the opened files of its lines say; raises DataError with every fault."""
    variables, faults = dict(survey.variables), list[Fault]()
    for name, spec in survey.lines.items():
        try:
            found = _read(spec, tables[LINES + name], survey.variables[name])
        except DataError as error:
            faults += error.faults
            continue
        variables[name] = replace(survey.variables[name], lines=found)
    if faults:
        raise DataError(*faults)
    return replace(survey, variables=variables) if survey.lines else survey


def _read(spec: Lines, table: Opened, variable: Derivation) -> Lines:
    faults: list[Fault] = []
    place = Place(table.label)
    for column in dict.fromkeys([*(part.column for part in spec.source), spec.value]):
        if column not in table.columns:
            text = phrase("the file of lines has no column {column!r}", column=column)
            remedy = nearest(column, table.columns) or phrase("it has {names}", names=listed(list(table.columns)))
            faults.append(Fault("MPI-D010", place, text, remedy))
        elif (fault := table.refused.get(column)) is not None:
            faults.append(fault)
    if faults:
        raise DataError(*faults)
    width = variable.width or sum(part.width for part in variable.columns)
    codes, values = codes_of(table, spec.source, width, faults), table.whole([spec.value])[spec.value]
    if not isinstance(values, Number):
        text = phrase("the column {column!r} of the file of lines is no number", column=spec.value)
        remedy = phrase("store it as numbers, with a point for decimals")
        raise DataError(*faults, Fault("MPI-D012", place, text, remedy))
    holes = int(np.count_nonzero(~(where_known(codes) & where_known(values))))
    if holes:
        text = phrase("{rows} of the file of lines lack a code or a number", rows=counted(holes, "row"))
        faults.append(Fault("MPI-D146", place, text, phrase("fill in both, or remove the rows")))
    labels = [codes.labels[code] for code in codes.codes.tolist()]
    if twice := sorted(code for code, number in Counter(labels).items() if number > 1):
        text = phrase("codes that the file of lines has twice: {names}", names=listed(twice))
        remedy = phrase("give each code one row; name under `from:` all columns that tell rows apart")
        faults.append(Fault("MPI-D146", place, text, remedy))
    if faults:
        raise DataError(*faults)
    numbers = values.values.astype(np.float64).tolist()
    return replace(spec, numbers=dict(zip(labels, numbers, strict=True)))
