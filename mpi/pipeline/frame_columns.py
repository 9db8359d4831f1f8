"""What measures want of the columns of a frame: truths for 1 and 0, and which columns are of households."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Number, Truth, where_known
from mpi.errors import MOST_NAMES, DataError, Fault, Place, counted, listed, nearest
from mpi.language import phrase
from mpi.rules import Origin, names, parse
from mpi.rules.tokens import RuleSyntaxError
from mpi.specs.measure import Measure, Variable
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import LEVELS

ROOT = "survey"  # what the places of faults begin with
FRAME = phrase("the frame")


def columns_told(table: pa.Table) -> str:
    """The columns of a frame, as remedies name them."""
    return phrase("it has {names}", names=listed(table.column_names, MOST_NAMES))


def asked_of(data: Microdata, measure: Measure) -> list[tuple[Variable, object]]:
    """Every variable of a measure and of those beside it, with what is said of it; None of a column."""
    return [
        (variable, {**data.variables, **data.variables_for.get(one.name, {})}.get(name))
        for one in (measure, *measure.beside)
        for name, variable in one.variables.items()
    ]


def with_truths(data: Microdata, measure: Measure) -> pa.Table:
    """The table with true and false for 1 and 0, where the measure wants truths.

    Raises
    ------
    DataError
        If a variable has no column, or another number.
    """
    table, faults = data.table, []
    for variable, said in asked_of(data, measure):
        name = variable.name
        if said is not None:
            continue
        if name not in table.column_names:
            text = phrase("the frame has no column {name!r}, which the measure reads", name=name)
            otherwise = phrase(
                "say what it is: variables={{'{name}': 'COLUMN'}}; {there}", name=name, there=columns_told(table)
            )
            faults.append(Fault("MPI-D010", Place(FRAME), text, nearest(name, table.column_names) or otherwise))
        elif variable.kind.type == "truth":
            values = arrow.values_of(table.column(name))
            if not isinstance(values, Number):
                continue
            known = where_known(values)
            other = int(np.count_nonzero(known & (values.values != 0) & (values.values != 1)))
            if other:
                text = phrase(
                    "column {name!r} is true or false for the measure, and holds other numbers than 0 and 1 in {rows}",
                    name=name,
                    rows=counted(other, "row"),
                )
                remedy = phrase("say when it is true: variables={{'{name}': '{name} = 1'}}", name=name)
                faults.append(Fault("MPI-D015", Place(FRAME), text, remedy))
            place = table.column_names.index(name)
            table = table.set_column(place, name, arrow.array_of(Truth(values.values == 1, known)))
    if faults:
        raise DataError(*faults)
    return table


def of_households(data: Microdata, measure: Measure, table: pa.Table, domains: Mapping[str, object]) -> set[str]:
    """The columns that are of households: what the measure wants of them, the design, and what is the same for all.

    Without households each row is one, and only what the measure wants of persons is theirs.
    """
    there = set(table.column_names)
    wanted = {
        level: set().union(
            *(
                _read({"column": one.name} if said is None else said, there)
                for one, said in asked_of(data, measure)
                if one.kind.level == level
            )
        )
        for level in LEVELS
    }
    others = _read(data.design, there) | _read(list(domains.values()), there)
    if not data.household:
        return (wanted["household"] | others) - wanted["person"]
    placed = _read([data.design.get(key) for key in ("stratum", "psu")], there)
    same = {one for one in others - placed - wanted["person"] if _constant(table, data.household, one)}
    return wanted["household"] | placed | same


def refuse_varying(data: Microdata, measure: Measure, table: pa.Table) -> None:
    """Refuse columns that differ between the members of a household, where the measure wants them of households.

    Raises
    ------
    DataError
    """
    asked = dict.fromkeys(
        one.name for one, said in asked_of(data, measure) if one.kind.level == "household" and not said
    )
    plain = list(asked) if data.household else []
    faults = []
    for name in plain:
        if not _constant(table, data.household, name):
            text = phrase(
                "column {name!r} differs between members of a household, and the measure is of households", name=name
            )
            remedy = phrase(
                "give the measure rules={{'{name}': 'ANY({name})'}} and variables={{'person': {{'{name}': 'truth'}}}}, "
                "or judge each person: identification='person'",
                name=name,
            )
            faults.append(Fault("MPI-D034", Place(FRAME), text, remedy))
    if faults:
        raise DataError(*faults)


def _read(value: object, there: Collection[str]) -> set[str]:
    """The columns that a part of a survey reads."""
    if isinstance(value, str):
        if value in there:
            return {value}
        try:
            return names(parse(value, Origin(ROOT))).keys() & there
        except RuleSyntaxError:
            return set()  # its reader says so
    if isinstance(value, Mapping):
        return set().union(*(_read(one, there) for key, one in value.items() if key not in ("codes", "title", "note")))
    return set().union(*(_read(one, there) for one in value)) if isinstance(value, list | tuple) else set()


def _constant(table: pa.Table, household: Sequence[str], column: str) -> bool:
    """Whether a column is the same for all members of each household."""
    if column in household:
        return True
    some = table.select([*household, column]).combine_chunks()
    whole = some.group_by([*household, column], use_threads=False).aggregate([])
    return bool(whole.num_rows == some.group_by(list(household), use_threads=False).aggregate([]).num_rows)
