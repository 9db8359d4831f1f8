"""The households outside a survey's universe, in its design alone: their sampling units were drawn, and count as zeros.

So errors are those of a domain of the sample (in R, of a subset of the design), not of a sample that never had them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Text, Truth, Values, take, where_known
from mpi.pipeline.binding import DesignColumns, Plan, Step
from mpi.pipeline.design.sample_columns import drawn_of
from mpi.profile import Units
from mpi.rules import Frame, names
from mpi.source import OpenedSurvey, column_name, lookup

Columns = dict[str, Values]


def units_outside(
    opened: OpenedSurvey, plan: Plan, compute: Callable[[Plan, Frame], None], *, household_is_psu: bool
) -> tuple[Units | None, int]:
    """The households outside, as units of no weight and nobody, and how many have no known place in the design.

    None if there are none, or nothing is drawn.

    Parameters
    ----------
    opened : OpenedSurvey
        Of which `outside` is set.
    plan : Plan
    compute : callable
        Adds the columns of a plan to a block.
    household_is_psu : bool
        Whether PSUs are named by the households' keys.

    Raises
    ------
    DataError
        If a column of the design cannot be read, or differs inside a household.
    """
    outside, survey = opened.outside, opened.survey
    if outside is None or survey.design.census or plan.design.replicates is not None:
        return None, 0
    wanted = _columns(plan.design)
    steps = _leading_to(plan, wanted)
    frame = _frame(outside, _needs(steps))
    if frame is None:
        return None, sum(table.rows for name, table in outside.tables.items() if name == "households")
    compute(replace(plan, steps=steps, doubled=()), frame)
    keys = [column_name("households", name) for name in survey.tables["households"].key] if household_is_psu else []
    everyone = len(frame.sizes)
    frame = _placed(frame, [*wanted, *keys])
    n = len(frame.sizes)
    drawn = drawn_of(survey, plan.design, frame, household_is_psu=household_is_psu)
    nobody, word = np.zeros(n, np.int64), np.zeros(n, np.uint64)
    units = Units(
        domains=(),
        stratum=drawn.stratum,
        psu=drawn.psu,
        pattern=word,
        unknown=word,
        persons=nobody,
        households=nobody,
        person_weight=np.zeros(n),
        household_weight=np.zeros(n),
        ssu=drawn.ssu,
        fpc=drawn.fpc,
        ssu_fpc=drawn.ssu_fpc,
        order=drawn.order,
        within=drawn.within,
    )
    return units, everyone - n


def _columns(design: DesignColumns) -> list[str]:
    """The block's columns that place a household in the design."""
    single = [name for name in (design.fpc, design.ssu_fpc) if name is not None]
    return [*design.stratum, *design.psu, *design.ssu, *design.order, *design.within, *single]


def _read_by(step: Step) -> list[str]:
    return [*names(step.expression), *(part.name for part, _ in step.parts)]


def _leading_to(plan: Plan, wanted: list[str]) -> tuple[Step, ...]:
    """The steps of a plan that some columns need, in their order."""
    needed = set(wanted)
    for step in reversed(plan.steps):
        if step.name in needed:
            needed |= set(_read_by(step))
    return tuple(step for step in plan.steps if step.name in needed)


def _needs(steps: tuple[Step, ...]) -> dict[str, list[str]]:
    """For each table the raw columns that the steps read."""
    found: dict[str, dict[str, None]] = {}
    for step in steps:
        for name in _read_by(step):
            table, dot, column = name.partition(".")
            if dot:
                found.setdefault(table, {})[column] = None
    return {table: list(columns) for table, columns in found.items()}


def _frame(outside: OpenedSurvey, needs: Mapping[str, list[str]]) -> Frame | None:
    """The households outside, each with its persons; one of nobody where it has none."""
    survey = outside.survey
    own = survey.tables["households"]
    reference = survey.tables["persons"].household or own.key if survey.has_persons else ()
    if not own.apart:
        return _inside_persons(outside, needs, reference)
    dwelling = survey.tables.get("dwellings")
    refer = () if dwelling is None or not needs.get("dwellings") else own.dwelling or dwelling.key
    households = _whole(outside, "households", [*own.key, *needs.get("households", ()), *refer])
    n = len(next(iter(households.values())))
    if dwelling is not None and refer:
        whole = _whole(outside, "dwellings", [*dwelling.key, *needs["dwellings"]])
        own_key = [whole[column_name("dwellings", name)] for name in dwelling.key]
        rows = lookup(dwelling.key, own_key).find(refer, [households[column_name("households", c)] for c in refer])
        households |= {name: _taken(values, rows) for name, values in whole.items()}
    if not needs.get("persons"):
        return Frame(np.ones(n, np.int64), {}, households)
    if not outside.tables["persons"].parts:
        return None
    persons = _whole(outside, "persons", [*reference, *needs["persons"]])
    own_key = [households[column_name("households", name)] for name in own.key]
    rows = lookup(own.key, own_key).find(reference, [persons[column_name("persons", name)] for name in reference])
    order = np.argsort(np.where(rows < 0, n, rows), kind="stable")[: int(np.count_nonzero(rows >= 0))]
    sizes = np.bincount(rows[order], minlength=n)
    at = np.full(int(np.maximum(sizes, 1).sum()), -1, np.int64)
    at[np.repeat(sizes > 0, np.maximum(sizes, 1))] = order
    return Frame(np.maximum(sizes, 1), {name: _taken(values, at) for name, values in persons.items()}, households)


def _inside_persons(outside: OpenedSurvey, needs: Mapping[str, list[str]], reference: tuple[str, ...]) -> Frame | None:
    """The same where households lie inside the persons' file: their columns are those of their first person."""
    own = outside.survey.tables["households"]
    lifted = needs.get("households", [])
    whole = _whole(outside, "persons", [*reference, *needs.get("persons", ()), *lifted])
    key = [whole[column_name("persons", name)] for name in reference]
    known = np.flatnonzero(np.logical_and.reduce([where_known(values) for values in key]))
    if not len(known):
        return None
    key = [take(values, known) for values in key]
    first = lookup(reference, key).find(reference, key)  # the first row of each key stands for it
    order = np.argsort(first, kind="stable")
    heads, sizes = np.unique(first, return_counts=True)
    persons = {name: take(values, known[order]) for name, values in whole.items()}
    households = {
        column_name("households", theirs): take(values, heads) for theirs, values in zip(own.key, key, strict=True)
    }
    households |= {
        column_name("households", name): take(whole[column_name("persons", name)], known[heads]) for name in lifted
    }
    return Frame(sizes, persons, households)


def _whole(outside: OpenedSurvey, table: str, columns: list[str]) -> Columns:
    """Columns of all rows of a table, under their names in a block."""
    stored = {column: outside.read_name(table, column) for column in dict.fromkeys(columns)}
    whole = outside.tables[outside.stored(table)].whole(list(stored.values()))
    return {column_name(table, column): outside.cleaned(column, whole[name]) for column, name in stored.items()}


def _taken(values: Values, rows: NDArray[np.int64]) -> Values:
    """Some rows of a column; unknown where the row is -1."""
    found = take(values, np.maximum(rows, 0))
    known = where_known(found) & (rows >= 0)
    match found:
        case Number():
            return Number(found.values, known)
        case Text():
            return Text(found.codes, found.labels, known)
        case Truth():
            return Truth(found.true & known, known)


def _placed(frame: Frame, wanted: list[str]) -> Frame:
    """The households whose place in the design is known."""
    known = np.ones(len(frame.sizes), np.bool_)
    for name in wanted:
        values = frame.households[name] if name in frame.households else take(frame.persons[name], frame.starts)
        known &= where_known(values)
    if known.all():
        return frame
    rows = np.flatnonzero(np.repeat(known, frame.sizes))
    return Frame(
        frame.sizes[known],
        {name: take(values, rows) for name, values in frame.persons.items()},
        {name: take(values, np.flatnonzero(known)) for name, values in frame.households.items()},
    )
